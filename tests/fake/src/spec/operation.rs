//! Operations: their parameters, request body and responses.

use http::Method;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::schema::{Schema, Shape};

/// An API operation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Operation<'d> {
    /// The `operationId`.
    pub id: &'d str,
    /// The HTTP method.
    pub method: Method,
    /// The path template.
    pub path: &'d str,
    /// The path, query and header parameters.
    pub parameters: Vec<Parameter<'d>>,
    /// The request body, if the operation takes one.
    pub body: Option<Body<'d>>,
    /// The responses, one per status and media type.
    pub responses: Vec<Response<'d>>,
}

/// A parameter, or a part of a multipart body.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Parameter<'d> {
    /// The name on the wire.
    pub name: &'d str,
    /// The location in the request.
    pub location: Location,
    /// Whether it is required.
    pub required: bool,
    /// The schema.
    pub schema: Schema<'d>,
}

/// The location of a parameter in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// A placeholder of the path template.
    Path,
    /// A query parameter. A list repeats the name once per item.
    Query,
    /// A header.
    Header,
    /// A text part of a multipart body.
    Part,
    /// A file part of a multipart body.
    File,
}

impl Location {
    /// Returns the key of this location in the arguments of a request.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Part | Self::File => "part",
        }
    }
}

/// A request body.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Body<'d> {
    /// The media type.
    pub media_type: &'d str,
    /// Whether it is required.
    pub required: bool,
    /// The schema.
    pub schema: Schema<'d>,
}

/// A response of an operation.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Response<'d> {
    /// The status code.
    pub status: u16,
    /// The media type; `None` for a response without a body.
    pub media_type: Option<&'d str>,
    /// The schema of the body.
    pub schema: Schema<'d>,
}

impl<'d> Operation<'d> {
    /// Returns the parameter with this name at this location.
    #[must_use]
    pub fn parameter(&self, location: Location, name: &str) -> Option<&Parameter<'d>> {
        self.parameters.iter().find(|parameter| {
            parameter.location == location
                && match location {
                    Location::Header => parameter.name.eq_ignore_ascii_case(name),
                    _ => parameter.name == name,
                }
        })
    }

    /// Returns the decoded path parameters of a percent-encoded path, or `None` if the path does not match the template.
    #[must_use]
    pub fn path_values(&self, path: &str) -> Option<Vec<(&'d str, String)>> {
        let mut values = Vec::new();
        let mut segments = path.split('/');
        for template in self.path.split('/') {
            let segment = segments.next()?;
            match template
                .strip_prefix('{')
                .and_then(|name| name.strip_suffix('}'))
            {
                Some(_) if segment.is_empty() => return None,
                Some(name) => {
                    let value = percent_decode_str(segment).decode_utf8().ok()?;
                    values.push((name, value.into_owned()));
                }
                None if template == segment => {}
                None => return None,
            }
        }
        segments.next().is_none().then_some(values)
    }

    /// Returns the operation that matches a method and a path. If several match, returns the one with the fewest path
    /// parameters.
    #[must_use]
    pub fn find<'o>(operations: &'o [Self], method: &Method, path: &str) -> Option<&'o Self> {
        operations
            .iter()
            .filter(|operation| operation.method == *method)
            .filter_map(|operation| Some((operation.path_values(path)?.len(), operation)))
            .min_by_key(|(parameters, _)| *parameters)
            .map(|(_, operation)| operation)
    }
}

impl<'d> Parameter<'d> {
    /// Returns the default value.
    #[must_use]
    pub fn default(&self) -> Option<&'d Value> {
        self.schema.node().get("default")
    }
}

impl<'d> Body<'d> {
    /// Returns the parts of a multipart body. Returns an empty list for other media types.
    #[must_use]
    pub fn parts(&self) -> Vec<Parameter<'d>> {
        if self.media_type != "multipart/form-data" {
            return Vec::new();
        }
        let Shape::Object(object) = self.schema.shape() else {
            return Vec::new();
        };
        let part = |property: super::schema::Property<'d>| {
            let node = property.schema.resolved().node();
            let is_file = node["format"] == "binary" || node.get("contentMediaType").is_some();
            Parameter {
                name: property.name,
                location: if is_file {
                    Location::File
                } else {
                    Location::Part
                },
                required: property.required,
                schema: property.schema,
            }
        };
        object.properties.into_iter().map(part).collect()
    }
}

impl Response<'_> {
    /// Returns whether the status code is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Returns whether the body is JSON.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.media_type == Some("application/json")
    }
}
