//! No object is closed, and one without properties is no map.
//!
//! The generator reads `additionalProperties: false` as a refusal of every field that it does not
//! know, so that a field which the service adds would fail the decode of every answer. It reads an
//! object that declares no property as a map, so that a type which has none yet, or of which only
//! the tag was declared, would change its form with the first one: such an object is closed here,
//! which makes it a struct, and the code generation removes the refusal. An object that states that
//! it has more than its properties keeps what it has: the generator overlooks `true` beside
//! properties, and reads a schema that takes anything.

use serde_json::{Value, json};

use crate::document::{Order, for_each_schema_mut};

/// Drops `additionalProperties: false`, except to make structs of objects without properties.
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
    fn closed_objects_are_opened_and_open_ones_and_maps_stay() {
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
