//! Successes with different JSON bodies are one union.
//!
//! The service may answer any of them to the same call, so the caller gets them by one type: an enum where the
//! bodies can be told apart, else any JSON. The union is made by the lowering, which this pass announces.

use serde_json::Value;

use super::Repairs;
use crate::document::for_each_operation;
use crate::lower;

/// Notes the operations that answer with several types.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    let document = &*document;
    for_each_operation(document, |pointer, _, operation| {
        let count = lower::json_successes(document, operation).len();
        if count > 1 {
            repairs.note(
                &pointer.join("responses"),
                format_args!("{count} JSON bodies are successes: they are read as one union"),
            );
        }
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn several_bodies_are_noted() {
        let body =
            |name: &str| json!({"content": {"application/json": {"schema": {"type": name}}}});
        let document = |other: &str| {
            json!({"paths": {"/a": {"get": {"responses": {
                "200": body("string"), "2XX": body(other), "404": body("boolean"),
            }}}}})
        };
        let (_, notes) = super::super::repaired(repair, document("integer"));
        assert_eq!(
            notes,
            ["/paths/~1a/get/responses: 2 JSON bodies are successes: they are read as one union"]
        );
        let (_, notes) = super::super::repaired(repair, document("string"));
        assert!(notes.is_empty());
    }
}
