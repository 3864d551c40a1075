//! Drops keywords that only constrain values.
//!
//! The generator turns some into types that reject values (`NonZeroU64` for `minimum: 1`, a newtype
//! for a `pattern`) and fails on others (a numeric `exclusiveMinimum`). The service validates
//! values, and its rules change. A client must not reject values that the service accepts or sends.
//! Only keywords that define the type stay, and the description.

use serde_json::Value;

use crate::document::{Order, for_each_schema_mut};

/// The preserved keywords.
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

/// Drops every keyword that does not define a type.
///
/// Titles are dropped too: the generator would name types after them and silently merge types of
/// the same name.
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
    fn drops_constraints_and_titles() {
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
