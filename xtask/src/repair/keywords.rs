//! Drops keywords with invalid values.
//!
//! Examples are `required: true` on a property (valid before draft 4), an unknown type, and a list as a description.
//! The constraint that the keyword may have expressed is lost.

use serde_json::{Map, Value, json};

use super::notes::Repairs;
use crate::document::{Kind, Order, Pointer, for_each_mut};

const TYPES: [&str; 7] = [
    "null", "boolean", "object", "array", "number", "string", "integer",
];

/// Drops keywords with invalid values from schemas, operations and parameters.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    for_each_mut(document, Order::ParentsFirst, |pointer, kind, node| {
        let Some(node) = node.as_object_mut() else {
            return;
        };
        match kind {
            Kind::Schema => {
                texts(
                    node,
                    &[
                        "title",
                        "description",
                        "format",
                        "pattern",
                        "contentMediaType",
                    ],
                    pointer,
                    repairs,
                );
                // OpenAPI 3.1 removed `nullable`, but specs still use it with its 3.0 meaning.
                if node
                    .get("nullable")
                    .is_some_and(|value| !value.is_boolean())
                {
                    drop_keyword(node, "nullable", "a boolean", pointer, repairs);
                }
                types(node, pointer, repairs);
                lists(node, pointer, repairs);
                discriminator(node, pointer, repairs);
            }
            Kind::Operation => texts(
                node,
                &["operationId", "summary", "description"],
                pointer,
                repairs,
            ),
            Kind::Parameter => texts(node, &["description"], pointer, repairs),
            _ => {}
        }
    });
}

fn drop_keyword(
    node: &mut Map<String, Value>,
    key: &str,
    expected: &str,
    pointer: &Pointer,
    repairs: &mut Repairs,
) {
    node.shift_remove(key);
    repairs.note(
        &pointer.join(key),
        format_args!("expected {expected}; ignored"),
    );
}

fn texts(node: &mut Map<String, Value>, keys: &[&str], pointer: &Pointer, repairs: &mut Repairs) {
    for key in keys {
        if node.get(*key).is_some_and(|value| !value.is_string()) {
            drop_keyword(node, key, "a string", pointer, repairs);
        }
    }
}

fn types(node: &mut Map<String, Value>, pointer: &Pointer, repairs: &mut Repairs) {
    let is_known = |name: &Value| name.as_str().is_some_and(|name| TYPES.contains(&name));
    let is_fine = match node.get("type") {
        None => true,
        Some(Value::Array(names)) => !names.is_empty() && names.iter().all(is_known),
        Some(name) => is_known(name),
    };
    if !is_fine {
        drop_keyword(node, "type", "a JSON type", pointer, repairs);
    }
}

fn lists(node: &mut Map<String, Value>, pointer: &Pointer, repairs: &mut Repairs) {
    if let Some(required) = node.get("required") {
        let names = required.as_array();
        if !names.is_some_and(|names| names.iter().all(Value::is_string)) {
            drop_keyword(node, "required", "a list of strings", pointer, repairs);
        }
    }
    for key in ["enum", "allOf", "anyOf", "oneOf"] {
        let is_filled = |value: &Value| value.as_array().is_some_and(|all| !all.is_empty());
        if node.get(key).is_some_and(|value| !is_filled(value)) {
            drop_keyword(node, key, "a non-empty list", pointer, repairs);
        }
    }
    // Before draft 2020-12, `items` contained the elements of a tuple.
    if node.get("items").is_some_and(Value::is_array)
        && let Some(elements) = node.shift_remove("items")
    {
        let rest = node.shift_remove("additionalItems");
        node.entry("prefixItems").or_insert(elements);
        node.insert("items".to_owned(), rest.unwrap_or_else(|| json!({})));
    }
}

fn discriminator(node: &mut Map<String, Value>, pointer: &Pointer, repairs: &mut Repairs) {
    let Some(discriminator) = node.get_mut("discriminator") else {
        return;
    };
    let named = discriminator["propertyName"].as_str();
    if named.is_none_or(str::is_empty) {
        drop_keyword(
            node,
            "discriminator",
            "an object with `propertyName`",
            pointer,
            repairs,
        );
        return;
    }
    let is_fine = match &discriminator["mapping"] {
        Value::Null => true,
        Value::Object(mapping) => mapping.values().all(Value::is_string),
        _ => false,
    };
    if !is_fine && let Some(discriminator) = discriminator.as_object_mut() {
        let at = pointer.join("discriminator");
        drop_keyword(discriminator, "mapping", "a map of strings", &at, repairs);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::testing::repaired_schema;

    #[test]
    fn drops_and_notes_invalid_keywords() {
        let (schema, notes) = repaired_schema(
            repair,
            json!({
                "type": ["string", "file"], "required": true, "description": [], "enum": [], "format": 1,
                "nullable": {},
                "properties": {"type": {"type": "integer", "required": ["a"]}},
                "discriminator": {"propertyName": "kind", "mapping": ["a"]},
            }),
        );
        assert_eq!(
            schema,
            json!({
                "properties": {"type": {"type": "integer", "required": ["a"]}},
                "discriminator": {"propertyName": "kind"},
            })
        );
        assert_eq!(
            notes,
            [
                "/components/schemas/X/description: expected a string; ignored",
                "/components/schemas/X/format: expected a string; ignored",
                "/components/schemas/X/nullable: expected a boolean; ignored",
                "/components/schemas/X/type: expected a JSON type; ignored",
                "/components/schemas/X/required: expected a list of strings; ignored",
                "/components/schemas/X/enum: expected a non-empty list; ignored",
                "/components/schemas/X/discriminator/mapping: expected a map of strings; ignored",
            ]
        );
    }

    #[test]
    fn converts_array_items_to_prefix_items() {
        let (schema, notes) = repaired_schema(
            repair,
            json!({"items": [{"type": "string"}], "additionalItems": false}),
        );
        assert_eq!(
            schema,
            json!({"prefixItems": [{"type": "string"}], "items": false})
        );
        assert!(notes.is_empty());
    }
}
