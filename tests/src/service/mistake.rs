//! What does not fit in a request, in the service's list form.

use serde_json::{Value, json};

use crate::answer::Answer;

/// The mistakes found in one request.
#[derive(Default)]
pub(crate) struct Mistakes(Vec<Value>);

impl Mistakes {
    /// Notes one: where it is, what is wrong, and its kind.
    pub(crate) fn add(&mut self, place: &[&str], message: &str, kind: &str) {
        self.0
            .push(json!({"loc": place, "msg": message, "type": kind}));
    }

    /// The refusal, or nothing where there is no mistake.
    pub(crate) fn into_refusal(self) -> Option<Answer> {
        (!self.0.is_empty()).then(|| Answer::json(422, &json!({ "detail": self.0 })))
    }
}
