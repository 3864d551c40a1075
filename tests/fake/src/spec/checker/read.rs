//! From a request as it arrived to the arguments that it was made of.

use serde_json::{Map, Value, json};

use super::Checker;
use crate::received_request::ReceivedRequest;
use crate::spec::description::{Location, Operation};
use crate::spec::form;
use crate::spec::schema::{Schema, Shape};
use crate::spec::violation::{Violation, ViolationKind};

/// What a client sends beside the parameters of an operation.
const HEADERS: [&str; 9] = [
    "accept",
    "accept-encoding",
    "api-key",
    "authorization",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
    "user-agent",
];

impl<'d> Checker<'d> {
    /// Reads a request for an operation into the arguments that it was made from, in the form of
    /// [`Sampler::arguments`](crate::spec::Sampler::arguments), and tells what in it does not fit.
    ///
    /// # Errors
    ///
    /// A schema of the operation is none.
    pub fn read(
        &self,
        operation: &Operation<'d>,
        request: &ReceivedRequest,
    ) -> Result<(Map<String, Value>, Vec<Violation>), Violation> {
        let mut read = Read {
            operation,
            arguments: Map::new(),
            violations: Vec::new(),
        };
        if request.method != operation.method {
            read.refuse("method", "it is another one");
        }
        read.path(request);
        read.query(request);
        read.headers(request);
        match body(operation, request) {
            Ok(Some((name, value))) => drop(read.arguments.insert(name.to_owned(), value)),
            Ok(None) => {}
            Err(violation) => read.violations.push(violation),
        }
        let violations = self.argument_violations(operation, &read.arguments)?;
        read.violations.extend(violations);
        Ok((read.arguments, read.violations))
    }
}

/// What was read of a request so far.
struct Read<'r, 'd> {
    operation: &'r Operation<'d>,
    arguments: Map<String, Value>,
    violations: Vec<Violation>,
}

impl Read<'_, '_> {
    fn path(&mut self, request: &ReceivedRequest) {
        match self.operation.path_values(&request.path) {
            None => self.refuse("path", "it is another one"),
            Some(values) => {
                for (name, text) in values {
                    self.set(Location::Path, name, std::slice::from_ref(&text));
                }
            }
        }
    }

    fn query(&mut self, request: &ReceivedRequest) {
        let mut all: Vec<(String, Vec<String>)> = Vec::new();
        for (name, text) in url::form_urlencoded::parse(request.query.as_bytes()) {
            match all.iter_mut().find(|(known, _)| *known == name) {
                Some((_, texts)) => texts.push(text.into_owned()),
                None => all.push((name.into_owned(), vec![text.into_owned()])),
            }
        }
        for (name, texts) in all {
            self.set(Location::Query, &name, &texts);
        }
    }

    fn headers(&mut self, request: &ReceivedRequest) {
        for name in request.headers.keys().map(http::HeaderName::as_str) {
            let is_declared = self.operation.parameter(Location::Header, name).is_some();
            if is_declared || !HEADERS.contains(&name) {
                let values = request.headers.get_all(name).iter();
                let texts =
                    values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
                self.set(Location::Header, name, &texts.collect::<Vec<_>>());
            }
        }
    }

    /// Sets an argument by its texts, if the operation has a parameter of this name.
    fn set(&mut self, location: Location, name: &str, texts: &[String]) {
        let Some(parameter) = self.operation.parameter(location, name) else {
            let place = format!("{}/{name}", location.as_str());
            self.violations.push(Violation::undeclared(place));
            return;
        };
        let values = self.arguments.entry(location.as_str());
        let values = values.or_insert_with(|| json!({}));
        values[parameter.name] = value_of_all(parameter.schema, texts);
    }

    fn refuse(&mut self, place: impl Into<String>, reason: &str) {
        self.violations.push(Violation::new(place, reason));
    }
}

const MULTIPART: &str = "multipart/form-data";

/// The body of a request, under the name that it has among the arguments.
fn body(
    operation: &Operation<'_>,
    request: &ReceivedRequest,
) -> Result<Option<(&'static str, Value)>, Violation> {
    let content_type = request.header("content-type");
    let Some(body) = &operation.body else {
        return match (content_type, request.body.is_empty()) {
            (None, true) => Ok(None),
            _ => Err(Violation {
                kind: ViolationKind::NoBody,
                ..Violation::new("body", "the operation takes none")
            }),
        };
    };
    let media_type = content_type.map(|text| text.split(';').next().unwrap_or_default().trim());
    match media_type {
        None if request.body.is_empty() => Ok(None),
        // Some clients name a type whether they have a body or not.
        Some(_) if request.body.is_empty() && body.media_type != MULTIPART => Ok(None),
        Some(media_type) if media_type.eq_ignore_ascii_case(body.media_type) => {
            if body.media_type == MULTIPART {
                let parts = form::read(content_type.unwrap_or_default(), &request.body)?;
                return Ok(Some(("part", Value::Object(parts))));
            }
            match serde_json::from_slice(&request.body) {
                Ok(value) => Ok(Some(("body", value))),
                Err(error) => Err(Violation::new("body", error.to_string())),
            }
        }
        _ => Err(Violation::new(
            "body",
            "its media type is not the operation's",
        )),
    }
}

/// The value of a parameter from its texts.
fn value_of_all(schema: Schema<'_>, texts: &[String]) -> Value {
    match (schema.without_null().shape(), texts) {
        (Shape::Array(array), texts) => texts
            .iter()
            .map(|text| match array.items {
                Some(items) => value_of(items, text),
                None => json!(text),
            })
            .collect(),
        (_, [text]) => value_of(schema, text),
        // More than one for a parameter that takes one does not fit its schema, which the check then tells.
        (_, texts) => json!(texts),
    }
}

/// The value of a parameter from its text; the text itself where that is no value of the schema.
fn value_of(schema: Schema<'_>, text: &str) -> Value {
    let read = || serde_json::from_str::<Value>(text).ok();
    let value = match schema.without_null().shape() {
        Shape::Integer | Shape::Number => read().filter(Value::is_number),
        Shape::Boolean => read().filter(Value::is_boolean),
        Shape::Values(values) => read().filter(|value| values.contains(&value)),
        _ => None,
    };
    value.unwrap_or_else(|| json!(text))
}
