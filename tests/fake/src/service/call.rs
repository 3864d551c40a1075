//! One request that fits the document.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::route::Undeclared;
use crate::clock::Pace;
use crate::received_request::ReceivedRequest;

/// One request that has passed credentials, size and the check against the document.
#[allow(
    dead_code,
    reason = "not every kind of argument is asked for by those who keep state"
)]
pub(crate) struct Call<'r> {
    /// The document's `operationId`.
    pub(crate) operation: &'r str,
    /// `path`, `query`, `header` and `part`, each an object by the names of parameters, and `body`. What was not sent is
    /// not there.
    pub(crate) arguments: Map<String, Value>,
    pub(crate) request: &'r ReceivedRequest,
    /// The fake's clock at this request.
    pub(crate) now: DateTime<Utc>,
    /// What moves on that which takes time.
    pub(crate) pace: Pace,
    pub(crate) undeclared: Undeclared,
}

#[allow(
    dead_code,
    reason = "not every kind of argument is asked for by those who keep state"
)]
impl Call<'_> {
    /// A parameter of the path; empty where the path has none of this name.
    pub(crate) fn path(&self, name: &str) -> &str {
        let value = self.argument("path", name);
        value.and_then(Value::as_str).unwrap_or_default()
    }

    /// A parameter of the query.
    pub(crate) fn query(&self, name: &str) -> Option<&Value> {
        self.argument("query", name)
    }

    /// A parameter of the query that is a text.
    pub(crate) fn query_text(&self, name: &str) -> Option<&str> {
        self.query(name)?.as_str()
    }

    /// A header that the operation declares.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.argument("header", name)?.as_str()
    }

    /// A part of a multipart body: a text, or a file with `file_name`, `content_type` and `content`.
    pub(crate) fn part(&self, name: &str) -> Option<&Value> {
        self.argument("part", name)
    }

    /// The body; null where there is none.
    pub(crate) fn body(&self) -> &Value {
        self.arguments.get("body").unwrap_or(&Value::Null)
    }

    fn argument(&self, place: &str, name: &str) -> Option<&Value> {
        self.arguments.get(place)?.get(name)
    }
}

#[cfg(test)]
impl<'r> Call<'r> {
    /// A call of an operation as a test of what answers it needs it, paced by reads.
    pub(crate) fn of(operation: &'r str, arguments: Value, request: &'r ReceivedRequest) -> Self {
        let arguments = match arguments {
            Value::Object(arguments) => arguments,
            _ => Map::new(),
        };
        Self {
            operation,
            arguments,
            request,
            now: crate::clock::START,
            pace: Pace::ByReads,
            undeclared: Undeclared::FirstError,
        }
    }
}
