//! Wraps references with sibling keywords in `allOf`.
//!
//! OpenAPI 3.0 ignores keywords beside a `$ref`, so the generator would lose the description and the
//! `nullable` of a property that refers to a component. An `allOf` with one reference preserves both.

use serde_json::{Value, json};

use crate::document::{Order, for_each_schema_mut};

/// Wraps every reference with siblings and drops discriminators, which earlier passes have read.
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
    fn wraps_references_with_siblings() {
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
