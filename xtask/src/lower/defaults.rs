//! Defaults are the service's to apply.
//!
//! The generator makes a field that has a default one that is always sent, with the default of the
//! day the crate was made, and refuses a default that does not fit its schema. A field that was
//! not set is not sent: so no default stays in the document. What has one can be left out, also where
//! it is listed as required.

use serde_json::{Map, Value};

use crate::document::{Order, for_each_schema_mut};

/// Drops every default, and the requirement of what has one.
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
    fn defaults_leave_but_not_the_property_of_that_name() {
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
    fn what_has_a_default_is_not_required() {
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
