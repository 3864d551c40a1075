//! Validation errors in the service's list format.

use serde_json::{Value, json};

use crate::response::Response;
use crate::spec::{Violation, ViolationKind};

/// The violations found in one request.
#[derive(Default)]
pub(crate) struct Violations(Vec<Value>);

impl Violations {
    /// Adds a violation with its location, message and type.
    pub(crate) fn add(&mut self, location: &[&str], message: &str, kind: &str) {
        self.0
            .push(json!({"loc": location, "msg": message, "type": kind}));
    }

    /// Adds a violation of the spec.
    pub(crate) fn add_spec_violation(&mut self, violation: &Violation) {
        let location: Vec<Value> = violation.path.split('/').map(segment).collect();
        let (message, kind) = match violation.kind {
            ViolationKind::Missing => ("Field required", "missing"),
            ViolationKind::Undeclared => ("This is not declared in the spec", "extra_forbidden"),
            _ => (violation.reason.as_str(), "value_error"),
        };
        self.0
            .push(json!({"loc": location, "msg": message, "type": kind}));
    }

    /// Returns a 422 response, or `None` if there are no violations.
    pub(crate) fn into_error(self) -> Option<Response> {
        (!self.0.is_empty()).then(|| self.into_response())
    }

    /// Returns a 422 response.
    pub(crate) fn into_response(self) -> Response {
        Response::json(422, &json!({ "detail": self.0 }))
    }
}

/// Converts a segment of a JSON pointer: array indices become numbers, and form parts are located in the body.
fn segment(text: &str) -> Value {
    match text.parse::<u64>() {
        Ok(index) => json!(index),
        Err(_) if text == "part" => json!("body"),
        Err(_) => json!(text.replace("~1", "/").replace("~0", "~")),
    }
}
