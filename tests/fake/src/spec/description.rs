//! The operations of the document, and what each takes and answers.

use http::Method;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::schema::{Schema, Shape};

/// The methods that a path item can have.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An OpenAPI 3.1 document.
#[derive(Clone, Debug)]
pub struct Spec {
    value: Value,
}

/// One operation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Operation<'d> {
    /// The operation's id.
    pub id: &'d str,
    /// The HTTP method.
    pub method: Method,
    /// The template of the path.
    pub path: &'d str,
    /// The parameters of path, query and headers.
    pub parameters: Vec<Parameter<'d>>,
    /// The request body, for an operation that takes one.
    pub body: Option<Body<'d>>,
    /// The answers, one for each status and media type.
    pub answers: Vec<Response<'d>>,
}

/// A parameter, or a part of a multipart body.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Parameter<'d> {
    /// The name on the wire.
    pub name: &'d str,
    /// Where in the request it stands.
    pub location: Location,
    /// Whether a request needs it.
    pub required: bool,
    /// What it may be.
    pub schema: Schema<'d>,
}

/// Where in a request a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// A placeholder of the path template.
    Path,
    /// A pair of the query; a list is several pairs of the same name.
    Query,
    /// A header.
    Header,
    /// A text of a multipart body.
    Part,
    /// A file of a multipart body.
    File,
}

impl Location {
    /// The name of the place among a request's arguments.
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
    /// Whether a request needs it.
    pub required: bool,
    /// What it may be.
    pub schema: Schema<'d>,
}

/// What an operation can answer.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Response<'d> {
    /// The status.
    pub status: u16,
    /// The media type; none for an answer without a body.
    pub media_type: Option<&'d str>,
    /// What the body may be.
    pub schema: Schema<'d>,
}

impl Spec {
    /// A document that was read.
    #[must_use]
    pub fn new(value: Value) -> Self {
        Self { value }
    }

    /// The document as JSON.
    #[must_use]
    pub fn as_value(&self) -> &Value {
        &self.value
    }

    /// The schema of this name.
    #[must_use]
    pub fn component(&self, name: &str) -> Option<Schema<'_>> {
        let node = self.value["components"]["schemas"].get(name)?;
        Some(self.schema(node))
    }

    /// Every operation that has an id, in the document's order.
    #[must_use]
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let items = self.value["paths"].as_object().into_iter().flatten();
        items
            .flat_map(|(path, item)| {
                METHODS.iter().filter_map(move |method| {
                    let operation = item.get(*method)?;
                    self.operation(method, path, &item["parameters"], operation)
                })
            })
            .collect()
    }

    fn operation<'d>(
        &'d self,
        method: &str,
        path: &'d str,
        shared: &'d Value,
        node: &'d Value,
    ) -> Option<Operation<'d>> {
        let own = node["parameters"].as_array().into_iter().flatten();
        let shared = shared.as_array().into_iter().flatten();
        Some(Operation {
            id: node["operationId"].as_str()?,
            method: method.to_ascii_uppercase().parse().ok()?,
            path,
            parameters: own
                .chain(shared)
                .filter_map(|node| self.parameter(node))
                .collect(),
            body: node.get("requestBody").and_then(|node| self.body(node)),
            answers: self.answers(&node["responses"]),
        })
    }

    fn parameter<'d>(&'d self, node: &'d Value) -> Option<Parameter<'d>> {
        let node = self.schema(node).resolved().node();
        Some(Parameter {
            name: node["name"].as_str()?,
            location: match node["in"].as_str()? {
                "path" => Location::Path,
                "query" => Location::Query,
                "header" => Location::Header,
                _ => return None,
            },
            required: node["required"] == true,
            schema: self.schema(&node["schema"]),
        })
    }

    fn body<'d>(&'d self, node: &'d Value) -> Option<Body<'d>> {
        let node = self.schema(node).resolved().node();
        let (media_type, content) = node["content"].as_object()?.iter().next()?;
        Some(Body {
            media_type,
            required: node["required"] == true,
            schema: self.schema(&content["schema"]),
        })
    }

    fn answers<'d>(&'d self, responses: &'d Value) -> Vec<Response<'d>> {
        let mut answers = Vec::new();
        for (status, node) in responses.as_object().into_iter().flatten() {
            let Ok(status) = status.replace("XX", "00").parse() else {
                continue;
            };
            let node = self.schema(node).resolved().node();
            let content = node["content"].as_object();
            for (media_type, content) in content.into_iter().flatten() {
                answers.push(Response {
                    status,
                    media_type: Some(media_type),
                    schema: self.schema(&content["schema"]),
                });
            }
            if content.is_none_or(Map::is_empty) {
                answers.push(Response {
                    status,
                    media_type: None,
                    schema: self.schema(&Value::Null),
                });
            }
        }
        answers
    }

    pub(super) fn schema<'d>(&'d self, node: &'d Value) -> Schema<'d> {
        Schema::new(&self.value, node)
    }
}

impl<'d> Operation<'d> {
    /// Whether the operation takes one of these names in that place.
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

    /// The values of the path's parameters in a path that is still escaped; none where the path is another one.
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

    /// The operation that a request is for: the one with the fewest parameters in its path, where several fit.
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
    /// What the service takes where a request has none.
    #[must_use]
    pub fn default(&self) -> Option<&'d Value> {
        self.schema.node().get("default")
    }
}

impl<'d> Body<'d> {
    /// The parts of a multipart body; none for a body of any other media type.
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
    /// Whether the status is a success.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether the body is one JSON value.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.media_type == Some("application/json")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_without_parameters_comes_first() {
        let operation = |id: &str| json!({"get": {"operationId": id}});
        let spec = Spec::new(json!({"paths": {
            "/runs/{id}": operation("get_run"),
            "/runs/{id}/steps": operation("list_steps"),
            "/runs/metrics": operation("get_metrics"),
        }}));
        let operations = spec.operations();
        let found = |path: &str| {
            Operation::find(&operations, &Method::GET, path).map(|operation| operation.id)
        };
        assert_eq!(found("/runs/metrics"), Some("get_metrics"));
        assert_eq!(found("/runs/metric"), Some("get_run"));
        assert_eq!(found("/runs/metrics/steps"), Some("list_steps"));
        assert_eq!(found("/runs//steps"), None);
        assert_eq!(found("/runs/a/b"), None);
        assert_eq!(found("/runs"), None);
        assert_eq!(
            Operation::find(&operations, &Method::POST, "/runs/metrics").map(|found| found.id),
            None
        );
    }

    #[test]
    fn parts_are_texts_or_files() {
        let spec = Spec::new(json!({"paths": {"/tables": {"post": {
            "operationId": "create_table",
            "requestBody": {"content": {"multipart/form-data": {"schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "name": {"type": "string"},
                    "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                    "image": {"type": "string", "format": "binary"},
                },
            }}}},
        }}}}));
        let parts = spec.operations()[0].body.unwrap().parts();
        let parts: Vec<_> = parts
            .iter()
            .map(|part| (part.name, part.location, part.required))
            .collect();
        assert_eq!(
            parts,
            [
                ("name", Location::Part, false),
                ("file", Location::File, true),
                ("image", Location::File, false)
            ]
        );
    }
}
