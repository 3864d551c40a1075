//! What does not fit in a request, in the service's list form.

use serde_json::{Value, json};

use crate::response::Response;
use crate::spec::{Violation, ViolationKind};

/// The mistakes found in one request.
#[derive(Default)]
pub(crate) struct Violations(Vec<Value>);

impl Violations {
    /// Notes one: where it is, what is wrong, and its kind.
    pub(crate) fn add(&mut self, place: &[&str], message: &str, kind: &str) {
        self.0
            .push(json!({"loc": place, "msg": message, "type": kind}));
    }

    /// Notes one that was found by the document.
    pub(crate) fn add_found(&mut self, violation: &Violation) {
        let place: Vec<Value> = violation.path.split('/').map(segment).collect();
        let (message, kind) = match violation.kind {
            ViolationKind::Missing => ("Field required", "missing"),
            ViolationKind::Undeclared => ("The document does not declare this", "extra_forbidden"),
            _ => (violation.reason.as_str(), "value_error"),
        };
        self.0
            .push(json!({"loc": place, "msg": message, "type": kind}));
    }

    /// The refusal, or nothing where there is no mistake.
    pub(crate) fn into_refusal(self) -> Option<Response> {
        (!self.0.is_empty()).then(|| self.into_answer())
    }

    /// The refusal, where there is a mistake for certain.
    pub(crate) fn into_answer(self) -> Response {
        Response::json(422, &json!({ "detail": self.0 }))
    }
}

/// A step of the way to a mistake: a place in a list is a number, a part of a form stands in the body.
fn segment(text: &str) -> Value {
    match text.parse::<u64>() {
        Ok(index) => json!(index),
        Err(_) if text == "part" => json!("body"),
        Err(_) => json!(text.replace("~1", "/").replace("~0", "~")),
    }
}
