//! A keyword that has another form than the standard gives it says nothing.
//!
//! `required: true` on a property (which drafts before 4 had), a type that JSON does not have, a description that
//! is a list: the keyword is dropped, and with it the rule that it may have meant.

use serde_json::{Map, Value, json};

use super::Repairs;
use crate::document::{Kind, Order, Pointer, for_each_mut};

const TYPES: [&str; 7] = [
    "null", "boolean", "object", "array", "number", "string", "integer",
];

/// Drops what is not of the form of its keyword, in schemas and in operations.
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
                // 3.1 has no such keyword; where it stands all the same, it means what it did in 3.0.
                if node
                    .get("nullable")
                    .is_some_and(|value| !value.is_boolean())
                {
                    drop_keyword(node, "nullable", "true or false", pointer, repairs);
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
    wanted: &str,
    pointer: &Pointer,
    repairs: &mut Repairs,
) {
    node.shift_remove(key);
    repairs.note(
        &pointer.join(key),
        format_args!("this is not {wanted}: ignored"),
    );
}

fn texts(node: &mut Map<String, Value>, keys: &[&str], pointer: &Pointer, repairs: &mut Repairs) {
    for key in keys {
        if node.get(*key).is_some_and(|value| !value.is_string()) {
            drop_keyword(node, key, "a text", pointer, repairs);
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
        drop_keyword(node, "type", "a type of JSON", pointer, repairs);
    }
}

fn lists(node: &mut Map<String, Value>, pointer: &Pointer, repairs: &mut Repairs) {
    if let Some(required) = node.get("required") {
        let names = required.as_array();
        if !names.is_some_and(|names| names.iter().all(Value::is_string)) {
            drop_keyword(node, "required", "a list of names", pointer, repairs);
        }
    }
    for key in ["enum", "allOf", "anyOf", "oneOf"] {
        let is_filled = |value: &Value| value.as_array().is_some_and(|all| !all.is_empty());
        if node.get(key).is_some_and(|value| !is_filled(value)) {
            drop_keyword(node, key, "a list with something in it", pointer, repairs);
        }
    }
    // Drafts before 2020-12 have the elements of a tuple there.
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
            "the name of a property",
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
        drop_keyword(discriminator, "mapping", "a map of texts", &at, repairs);
    }
}

#[cfg(test)]
mod tests {
    use super::super::repaired_schema;
    use super::*;

    #[test]
    fn what_has_another_form_is_ignored_and_named() {
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
                "/components/schemas/X/description: this is not a text: ignored",
                "/components/schemas/X/format: this is not a text: ignored",
                "/components/schemas/X/nullable: this is not true or false: ignored",
                "/components/schemas/X/type: this is not a type of JSON: ignored",
                "/components/schemas/X/required: this is not a list of names: ignored",
                "/components/schemas/X/enum: this is not a list with something in it: ignored",
                "/components/schemas/X/discriminator/mapping: this is not a map of texts: ignored",
            ]
        );
    }

    #[test]
    fn the_old_form_of_a_tuple_is_that_of_today() {
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
