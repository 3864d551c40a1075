//! Keywords that only restrict values are dropped.
//!
//! The generator makes types of them that refuse (a `NonZeroU64` of `minimum: 1`, a newtype of a
//! `pattern`), and cannot read some at all (a numeric `exclusiveMinimum`). The service validates,
//! and its rules change: a client that refuses what the service would take, or send, is wrong. So
//! only the keywords that give a value its type stay; the text of a description stays as well.

use serde_json::Value;

use crate::document::{Order, for_each_schema_mut};

/// The keywords that stay.
const KEPT: &[&str] = &[
    "$ref",
    "type",
    "nullable",
    "format",
    "enum",
    "const",
    "default",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "anyOf",
    "oneOf",
    "allOf",
    "discriminator",
    "description",
];

/// Drops every keyword that does not give a value its type. Titles are dropped too: the generator
/// would name types after them, and silently take the first type of a name for the second.
pub(super) fn lower(document: &mut Value) {
    for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
        if let Some(schema) = schema.as_object_mut() {
            schema
                .retain(|keyword, _| KEPT.contains(&keyword.as_str()) || keyword.starts_with("x-"));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_makes_a_type_stays() {
        let mut document = json!({"components": {"schemas": {"Page": {
            "type": "object",
            "title": "A page",
            "minProperties": 1,
            "properties": {
                "limit": {"type": "integer", "exclusiveMinimum": 0, "maximum": 100, "default": 20},
                "title": {"type": "string", "pattern": "^a", "minLength": 1},
            },
        }}}});
        lower(&mut document);
        assert_eq!(
            document["components"]["schemas"]["Page"],
            json!({
                "type": "object",
                "properties": {
                    "limit": {"type": "integer", "default": 20},
                    "title": {"type": "string"},
                },
            })
        );
    }
}
