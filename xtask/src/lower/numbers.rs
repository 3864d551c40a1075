//! "An integer or a number" is a number that keeps what it is.
//!
//! The generator reads the two as variants of a union, of which the first always wins. They are
//! one JSON number; the format [`FORMAT`] tells the code generation to read it as
//! `serde_json::Number`, which keeps an integer an integer, also beyond 2^53.

use serde_json::{Value, json};

use crate::document::{Order, for_each_schema_mut};

/// Marks a number that may be an integer of any size.
pub(crate) const FORMAT: &str = "integer-or-number";

/// Turns unions of integer and number into one number.
pub(super) fn lower(document: &mut Value) {
    for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
        let is_number = ["anyOf", "oneOf"].iter().any(|keyword| {
            let variants = schema[*keyword].as_array();
            variants.is_some_and(|variants| {
                variants.len() == 2
                    && variants.contains(&json!({"type": "integer"}))
                    && variants.contains(&json!({"type": "number"}))
            })
        });
        if is_number && let Some(schema) = schema.as_object_mut() {
            schema.retain(|keyword, _| matches!(keyword.as_str(), "nullable" | "description"));
            schema.insert("type".to_owned(), json!("number"));
            schema.insert("format".to_owned(), json!(FORMAT));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integer_or_number_is_one_type() {
        let mut document = json!({"components": {"schemas": {
            "Lower": {"anyOf": [{"type": "integer"}, {"type": "number"}], "nullable": true},
            "Key": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
        }}});
        lower(&mut document);
        assert_eq!(
            document["components"]["schemas"],
            json!({
                "Lower": {"nullable": true, "type": "number", "format": "integer-or-number"},
                "Key": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
            })
        );
    }
}
