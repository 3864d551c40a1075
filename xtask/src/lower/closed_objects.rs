//! Removes `additionalProperties: false` and keeps objects without properties structs.
//!
//! The generator turns `additionalProperties: false` into `deny_unknown_fields`, so a new response
//! field would break decoding. It turns an object without properties into a map, whose type would
//! change with the first property. This pass closes such an object to make it a struct, and the code
//! generation removes `deny_unknown_fields`. `additionalProperties: true` becomes an empty
//! schema, because the generator ignores `true` beside properties.

use serde_json::{Value, json};

use crate::document::{Order, for_each_schema_mut};

/// Drops `additionalProperties: false`, except on objects without properties.
pub(super) fn lower(document: &mut Value) {
    for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
        let Some(schema) = schema.as_object_mut() else {
            return;
        };
        let closed = schema.get("additionalProperties") == Some(&json!(false));
        let declared = schema.get("properties").and_then(Value::as_object);
        match declared.map(serde_json::Map::is_empty) {
            Some(false) if schema.get("additionalProperties") == Some(&json!(true)) => {
                schema.insert("additionalProperties".to_owned(), json!({}));
            }
            Some(false) if closed => {
                schema.remove("additionalProperties");
            }
            Some(true) if !schema.contains_key("additionalProperties") => {
                schema.insert("type".to_owned(), json!("object"));
                schema.insert("additionalProperties".to_owned(), json!(false));
            }
            _ => {}
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_closed_objects_and_preserves_maps() {
        let mut document = json!({"components": {"schemas": {
            "Closed": {"type": "object", "properties": {"a": {}}, "additionalProperties": false},
            "Stated": {"type": "object", "properties": {"a": {}}, "additionalProperties": true},
            "Empty": {"properties": {}},
            "Map": {"type": "object", "additionalProperties": {"type": "string"}},
            "Any": {"type": "object"},
        }}});
        lower(&mut document);
        assert_eq!(
            document["components"]["schemas"],
            json!({
                "Closed": {"type": "object", "properties": {"a": {}}},
                "Stated": {"type": "object", "properties": {"a": {}}, "additionalProperties": {}},
                "Empty": {"properties": {}, "type": "object", "additionalProperties": false},
                "Map": {"type": "object", "additionalProperties": {"type": "string"}},
                "Any": {"type": "object"},
            })
        );
    }
}
