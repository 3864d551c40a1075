//! Notes operations with several JSON success bodies.
//!
//! The service may return any of them for the same request, so the caller gets a single type: an enum if the bodies
//! are distinguishable, otherwise any JSON. [`crate::lower`] builds the union.

use serde_json::Value;

use super::notes::Repairs;
use crate::document::for_each_operation;
use crate::lower;

/// Notes the operations that return several types.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    let document = &*document;
    for_each_operation(document, |pointer, _, operation| {
        let count = lower::json_successes(document, operation).len();
        if count > 1 {
            repairs.note(
                &pointer.join("responses"),
                format_args!("{count} JSON success bodies; combined into one union"),
            );
        }
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn notes_several_json_bodies() {
        let body =
            |name: &str| json!({"content": {"application/json": {"schema": {"type": name}}}});
        let document = |other: &str| {
            json!({"paths": {"/a": {"get": {"responses": {
                "200": body("string"), "2XX": body(other), "404": body("boolean"),
            }}}}})
        };
        let (_, notes) = crate::repair::testing::repaired(repair, document("integer"));
        assert_eq!(
            notes,
            ["/paths/~1a/get/responses: 2 JSON success bodies; combined into one union"]
        );
        let (_, notes) = crate::repair::testing::repaired(repair, document("string"));
        assert!(notes.is_empty());
    }
}
