//! Drops defaults, which only the service applies.
//!
//! The generator would always send a field with a default, using the value known when the crate was
//! generated, and rejects a default that does not match its schema. The client does not send unset
//! fields, so the service applies its current default. A property with a default is optional, even
//! if it is listed as required.

use serde_json::{Map, Value};

use crate::document::{Order, for_each_schema_mut};

/// Drops every default and removes properties with a default from `required`.
pub(super) fn lower(document: &mut Value) {
    for_each_schema_mut(document, Order::ParentsFirst, |_, schema| {
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("default");
            require_only_what_has_none(schema);
        }
    });
}

fn require_only_what_has_none(schema: &mut Map<String, Value>) {
    let has_default = |name: &Value| {
        let property = name
            .as_str()
            .and_then(|name| schema.get("properties")?.get(name));
        property.is_some_and(|property| property.get("default").is_some())
    };
    if let Some(required) = schema.get("required").and_then(Value::as_array) {
        let kept: Vec<Value> = required
            .iter()
            .filter(|name| !has_default(name))
            .cloned()
            .collect();
        schema.insert("required".to_owned(), Value::Array(kept));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn drops_defaults_but_not_properties_named_default() {
        let mut document = json!({"components": {"schemas": {"Request": {
            "properties": {"default": {"type": "string", "default": "production"}},
        }}}});
        lower(&mut document);
        assert_eq!(
            document["components"]["schemas"]["Request"],
            json!({"properties": {"default": {"type": "string"}}})
        );
    }

    #[test]
    fn makes_properties_with_default_optional() {
        let mut document = json!({"components": {"schemas": {"Run": {
            "required": ["id", "tags"],
            "properties": {
                "id": {"type": "string"},
                "tags": {"type": "array", "items": {"type": "string"}, "default": []},
            },
        }}}});
        lower(&mut document);
        assert_eq!(
            document["components"]["schemas"]["Run"],
            json!({
                "required": ["id"],
                "properties": {
                    "id": {"type": "string"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
            })
        );
    }
}
