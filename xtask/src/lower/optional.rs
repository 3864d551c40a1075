//! A property that can be left out is an `Option`, also when it is a list or a map.
//!
//! The generator makes an optional list a plain `Vec` that is left out when it is empty, so that
//! "empty" cannot be sent and null, which the service answers for such fields, cannot be read.
//! Marked as nullable, it becomes an `Option` that is left out only when it was not set.
//! A property that is required, but declared nowhere, is dropped from the list.

use serde_json::{Value, json};

use crate::document::{Order, for_each_schema_mut};

/// Marks optional properties as nullable, and drops requirements that name no property.
pub(super) fn lower(document: &mut Value) {
    for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
            return;
        };
        let required: Vec<Value> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|name| {
                name.as_str()
                    .is_some_and(|name| properties.contains_key(name))
            })
            .cloned()
            .collect();
        if let Some(properties) = schema["properties"].as_object_mut() {
            for (name, property) in properties {
                let optional = !required.contains(&json!(name));
                if optional && matches!(property["type"].as_str(), Some("array" | "object")) {
                    property["nullable"] = json!(true);
                }
            }
        }
        if let Some(schema) = schema.as_object_mut() {
            if required.is_empty() {
                schema.remove("required");
            } else {
                schema.insert("required".to_owned(), Value::Array(required));
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn optional_lists_and_maps_are_nullable() {
        let mut document = json!({"components": {"schemas": {"Run": {
            "type": "object",
            "required": ["ids", "gone"],
            "properties": {
                "ids": {"type": "array", "items": {"type": "string"}},
                "tags": {"type": "array", "items": {"type": "string"}},
                "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
                "name": {"type": "string"},
            },
        }}}});
        lower(&mut document);
        assert_eq!(
            document["components"]["schemas"]["Run"],
            json!({
                "type": "object",
                "required": ["ids"],
                "properties": {
                    "ids": {"type": "array", "items": {"type": "string"}},
                    "tags": {"type": "array", "items": {"type": "string"}, "nullable": true},
                    "metadata": {
                        "type": "object", "additionalProperties": {"type": "string"}, "nullable": true,
                    },
                    "name": {"type": "string"},
                },
            })
        );
    }
}
