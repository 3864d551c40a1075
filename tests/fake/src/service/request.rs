//! A validated request to the service.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::undeclared::Undeclared;
use crate::clock::Pace;

/// A request that passed the checks for credentials and size and conforms to the spec.
pub(crate) struct Request {
    /// The `operationId`.
    pub(crate) operation: &'static str,
    /// The arguments by location: `path`, `query`, `header` and `part` are objects keyed by parameter name; `body` is any
    /// JSON value. Arguments that were not sent are absent.
    pub(crate) arguments: Map<String, Value>,
    /// The fake's time at which the request is handled.
    pub(crate) now: DateTime<Utc>,
    /// What advances runs and background jobs.
    pub(crate) pace: Pace,
    pub(crate) undeclared: Undeclared,
}

impl Request {
    /// Returns a path parameter, or an empty string if it is absent.
    pub(crate) fn path(&self, name: &str) -> &str {
        let value = self.argument("path", name);
        value.and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns a query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<&Value> {
        self.argument("query", name)
    }

    /// Returns a query parameter if it is a string.
    pub(crate) fn query_text(&self, name: &str) -> Option<&str> {
        self.query(name)?.as_str()
    }

    /// Returns a header that the operation declares.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.argument("header", name)?.as_str()
    }

    /// Returns a part of a multipart body: a string, or a file with `file_name`, `content_type` and `content`.
    pub(crate) fn part(&self, name: &str) -> Option<&Value> {
        self.argument("part", name)
    }

    /// Returns the body, or null if there is none.
    pub(crate) fn body(&self) -> &Value {
        self.arguments.get("body").unwrap_or(&Value::Null)
    }

    fn argument(&self, location: &str, name: &str) -> Option<&Value> {
        self.arguments.get(location)?.get(name)
    }
}

#[cfg(test)]
impl Request {
    /// Creates a request for unit tests, paced by reads.
    pub(crate) fn for_test(operation: &'static str, arguments: Value) -> Self {
        let arguments = match arguments {
            Value::Object(arguments) => arguments,
            _ => Map::new(),
        };
        Self {
            operation,
            arguments,
            now: crate::clock::START,
            pace: Pace::ByReads,
            undeclared: Undeclared::Rejected,
        }
    }
}
