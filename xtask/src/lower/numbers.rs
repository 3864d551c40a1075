//! Merges unions of integer and number into one number.
//!
//! The generator would emit a union whose first variant always wins. With the format [`FORMAT`],
//! the code generation uses `serde_json::Number`, which preserves integers beyond 2^53.

use serde_json::{Value, json};

use crate::document::{Order, for_each_schema_mut};

/// The format of a number that may be an integer of any size.
pub(crate) const FORMAT: &str = "integer-or-number";

/// Replaces unions of integer and number with one number.
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
    fn merges_integer_or_number() {
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
