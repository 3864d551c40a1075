//! Reduces every schema to one of the forms that the generator supports.
//!
//! A schema is a reference, a scalar, a list, an object, a string enum or the placeholder of a union, and contains
//! only the keywords of its form. Any other schema becomes any JSON. The generator panics on some keyword
//! combinations, and this pass removes those that earlier passes do not handle.

use serde_json::{Map, Value, json};

use super::extensions::UNION;
use crate::document::{Order, for_each_schema_mut};

/// Reduces every schema to one form.
pub(super) fn lower(document: &mut Value) {
    for_each_schema_mut(document, Order::ChildrenFirst, |pointer, schema| {
        let is_component = pointer.tokens().count() == 3;
        if let Some(schema) = schema.as_object_mut() {
            reduce(schema, is_component);
        }
    });
}

fn reduce(schema: &mut Map<String, Value>, is_component: bool) {
    if schema.contains_key(UNION) {
        return;
    }
    let of_object = ["properties", "additionalProperties"];
    let named = schema.get("type").and_then(Value::as_str);
    let kept: &[&str] = match named {
        _ if schema.contains_key("$ref") => &["$ref"],
        Some("string") => {
            let is_enum = is_component && schema.get("enum").is_some_and(is_texts);
            if is_enum {
                schema.remove("format");
                &["type", "enum"]
            } else {
                &["type", "format"]
            }
        }
        Some("number") => &["type", "format"],
        Some("integer" | "boolean") => &["type"],
        Some("array") => &["type", "items"],
        Some("object") => &["type", "properties", "required", "additionalProperties"],
        _ if of_object
            .iter()
            .any(|keyword| schema.contains_key(*keyword)) =>
        {
            schema.insert("type".to_owned(), json!("object"));
            &["type", "properties", "required", "additionalProperties"]
        }
        _ if schema.contains_key("items") => {
            schema.insert("type".to_owned(), json!("array"));
            &["type", "items"]
        }
        _ => &[],
    };
    schema.retain(|key, _| {
        kept.contains(&key.as_str())
            || matches!(key.as_str(), "description" | "nullable")
            || key.starts_with("x-")
    });
}

fn is_texts(values: &Value) -> bool {
    let values = values.as_array().map(Vec::as_slice).unwrap_or_default();
    values.len() > 1 && values.iter().all(Value::is_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reduces_mixed_schemas_to_one_form() {
        for (schema, reduced) in [
            (
                json!({"type": "string", "properties": {"a": {}}, "required": ["a"]}),
                json!({"type": "string"}),
            ),
            (
                json!({"properties": {}, "items": {}, "description": "text"}),
                json!({"properties": {}, "type": "object", "description": "text"}),
            ),
            (json!({"items": {}}), json!({"items": {}, "type": "array"})),
            (
                json!({"anyOf": [{}], "nullable": true}),
                json!({"nullable": true}),
            ),
            (
                json!({"type": "string", "enum": ["a", "b"], "format": "date-time"}),
                json!({"type": "string", "enum": ["a", "b"]}),
            ),
            (
                json!({"$ref": "#/a", "type": "string"}),
                json!({"$ref": "#/a"}),
            ),
        ] {
            let mut document = json!({"components": {"schemas": {"X": schema}}});
            lower(&mut document);
            assert_eq!(document["components"]["schemas"]["X"], reduced);
        }
    }
}
