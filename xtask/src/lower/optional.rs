//! Marks optional lists and maps as nullable, so that they become `Option`.
//!
//! The generator would emit a plain `Vec` that is skipped when empty. Such a field cannot send an
//! empty list or decode the null that the service returns. A nullable list becomes an `Option` that
//! is skipped only if it is not set. `required` entries that name no property are dropped.

use serde_json::{Value, json};

use crate::document::{Order, for_each_schema_mut};

/// Marks optional lists and maps as nullable, and drops `required` entries that name no property.
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
    fn marks_optional_lists_and_maps_as_nullable() {
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
