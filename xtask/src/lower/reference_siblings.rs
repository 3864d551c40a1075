//! A reference that has keywords beside it is wrapped.
//!
//! OpenAPI 3.0 ignores everything beside a `$ref`, so that the generator loses the description and
//! the `nullable` of a property that refers to a component. An `allOf` of that one reference keeps
//! both.

use serde_json::{Value, json};

use crate::document::{Order, for_each_schema_mut};

/// Wraps every reference that has siblings, and drops discriminators, which have been read.
pub(super) fn lower(document: &mut Value) {
    for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
        let Some(schema) = schema.as_object_mut() else {
            return;
        };
        schema.remove("discriminator");
        if schema.len() > 1
            && let Some(reference) = schema.remove("$ref")
        {
            schema.retain(|keyword, _| matches!(keyword.as_str(), "nullable" | "description"));
            if schema.is_empty() {
                schema.insert("$ref".to_owned(), reference);
            } else {
                schema.insert("allOf".to_owned(), json!([{"$ref": reference}]));
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn siblings_of_a_reference_are_kept() {
        let mut document = json!({"components": {"schemas": {"Run": {"properties": {
            "a": {"$ref": "#/components/schemas/A"},
            "b": {"$ref": "#/components/schemas/B", "nullable": true, "description": "The b."},
            "$ref": {"$ref": "#/components/schemas/C", "type": "object"},
        }}}}});
        lower(&mut document);
        assert_eq!(
            document["components"]["schemas"]["Run"]["properties"],
            json!({
                "a": {"$ref": "#/components/schemas/A"},
                "b": {"nullable": true, "description": "The b.", "allOf": [{"$ref": "#/components/schemas/B"}]},
                "$ref": {"$ref": "#/components/schemas/C"},
            })
        );
    }
}
