//! Decoding of a request into the arguments of an operation.

use serde_json::{Map, Value, json};

use super::schema_checker::Checker;
use crate::received_request::ReceivedRequest;
use crate::spec::multipart;
use crate::spec::operation::{Location, Operation};
use crate::spec::schema::{Schema, Shape};
use crate::spec::violation::{Violation, ViolationKind};

/// Headers that every client can send, whether the operation declares them or not.
const COMMON_HEADERS: [&str; 9] = [
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
    /// Decodes a request into the arguments of an operation and returns them with all violations.
    ///
    /// The arguments have the format of [`Sampler::arguments`](crate::spec::Sampler::arguments).
    ///
    /// # Errors
    ///
    /// Returns an error if a schema of the operation is invalid.
    pub fn decode_request(
        &self,
        operation: &Operation<'d>,
        request: &ReceivedRequest,
    ) -> Result<(Map<String, Value>, Vec<Violation>), Violation> {
        let mut decoder = RequestDecoder {
            operation,
            arguments: Map::new(),
            violations: Vec::new(),
        };
        if request.method != operation.method {
            decoder.report("method", "does not match the operation");
        }
        decoder.path(request);
        decoder.query(request);
        decoder.headers(request);
        match body(operation, request) {
            Ok(Some((name, value))) => drop(decoder.arguments.insert(name.to_owned(), value)),
            Ok(None) => {}
            Err(violation) => decoder.violations.push(violation),
        }
        let violations = self.argument_violations(operation, &decoder.arguments)?;
        decoder.violations.extend(violations);
        Ok((decoder.arguments, decoder.violations))
    }
}

/// A partially decoded request.
struct RequestDecoder<'r, 'd> {
    operation: &'r Operation<'d>,
    arguments: Map<String, Value>,
    violations: Vec<Violation>,
}

impl RequestDecoder<'_, '_> {
    fn path(&mut self, request: &ReceivedRequest) {
        match self.operation.path_values(&request.path) {
            None => self.report("path", "does not match the operation"),
            Some(values) => {
                for (name, value) in values {
                    self.set(Location::Path, name, std::slice::from_ref(&value));
                }
            }
        }
    }

    fn query(&mut self, request: &ReceivedRequest) {
        let mut all: Vec<(String, Vec<String>)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(request.query.as_bytes()) {
            match all.iter_mut().find(|(known, _)| *known == name) {
                Some((_, values)) => values.push(value.into_owned()),
                None => all.push((name.into_owned(), vec![value.into_owned()])),
            }
        }
        for (name, values) in all {
            self.set(Location::Query, &name, &values);
        }
    }

    fn headers(&mut self, request: &ReceivedRequest) {
        for name in request.headers.keys().map(http::HeaderName::as_str) {
            let is_declared = self.operation.parameter(Location::Header, name).is_some();
            if is_declared || !COMMON_HEADERS.contains(&name) {
                let values = request.headers.get_all(name).iter();
                let values =
                    values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
                self.set(Location::Header, name, &values.collect::<Vec<_>>());
            }
        }
    }

    /// Sets an argument from its raw values. Reports a violation if the operation does not declare the parameter.
    fn set(&mut self, location: Location, name: &str, raw: &[String]) {
        let Some(parameter) = self.operation.parameter(location, name) else {
            let path = format!("{}/{name}", location.as_str());
            self.violations.push(Violation::undeclared(path));
            return;
        };
        let values = self.arguments.entry(location.as_str());
        let values = values.or_insert_with(|| json!({}));
        values[parameter.name] = decode_values(parameter.schema, raw);
    }

    fn report(&mut self, path: impl Into<String>, reason: &str) {
        self.violations.push(Violation::new(path, reason));
    }
}

const MULTIPART: &str = "multipart/form-data";

/// Decodes the body of a request. Returns it with its key in the arguments.
fn body(
    operation: &Operation<'_>,
    request: &ReceivedRequest,
) -> Result<Option<(&'static str, Value)>, Violation> {
    let content_type = request.header("content-type");
    let Some(body) = &operation.body else {
        return match (content_type, request.body.is_empty()) {
            (None, true) => Ok(None),
            _ => Err(Violation {
                kind: ViolationKind::UnexpectedBody,
                ..Violation::new("body", "the operation takes no body")
            }),
        };
    };
    let media_type = content_type.map(|text| text.split(';').next().unwrap_or_default().trim());
    match media_type {
        None if request.body.is_empty() => Ok(None),
        // Some clients send a content type even without a body.
        Some(_) if request.body.is_empty() && body.media_type != MULTIPART => Ok(None),
        Some(media_type) if media_type.eq_ignore_ascii_case(body.media_type) => {
            if body.media_type == MULTIPART {
                let parts = multipart::decode(content_type.unwrap_or_default(), &request.body)?;
                return Ok(Some(("part", Value::Object(parts))));
            }
            match serde_json::from_slice(&request.body) {
                Ok(value) => Ok(Some(("body", value))),
                Err(error) => Err(Violation::new("body", error.to_string())),
            }
        }
        _ => Err(Violation::new(
            "body",
            "the media type does not match the operation",
        )),
    }
}

/// Decodes the raw values of a parameter.
fn decode_values(schema: Schema<'_>, raw: &[String]) -> Value {
    match (schema.without_null().shape(), raw) {
        (Shape::Array(array), raw) => raw
            .iter()
            .map(|value| match array.items {
                Some(items) => decode_value(items, value),
                None => json!(value),
            })
            .collect(),
        (_, [value]) => decode_value(schema, value),
        // A repeated scalar becomes an array, which validation against the schema then rejects.
        (_, raw) => json!(raw),
    }
}

/// Decodes the raw value of a parameter. Returns it as a string if it does not match the schema.
fn decode_value(schema: Schema<'_>, raw: &str) -> Value {
    let parse = || serde_json::from_str::<Value>(raw).ok();
    let value = match schema.without_null().shape() {
        Shape::Integer | Shape::Number => parse().filter(Value::is_number),
        Shape::Boolean => parse().filter(Value::is_boolean),
        Shape::Enum(values) => parse().filter(|value| values.contains(&value)),
        _ => None,
    };
    value.unwrap_or_else(|| json!(raw))
}
