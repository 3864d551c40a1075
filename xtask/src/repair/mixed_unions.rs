//! A union beside other keywords is one or the other.
//!
//! `type` beside `anyOf` or `oneOf` mostly repeats what the variants are. Variants that only say which properties
//! are required make no types. Variants that are constants are the values of an enum. Properties beside a union
//! are those that all variants have: the object keeps what the variants add as properties that are not named.

use serde_json::{Map, Value, json};

use super::Repairs;
use crate::document::{Order, for_each_schema_mut};

/// Keywords that make a type, beside which a union does not stand.
const TYPES: [&str; 5] = [
    "properties",
    "additionalProperties",
    "items",
    "enum",
    "const",
];

/// Makes every schema with a union either that union or something else.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    for_each_schema_mut(document, Order::ChildrenFirst, |pointer, schema| {
        let Some(schema) = schema.as_object_mut() else {
            return;
        };
        for keyword in ["anyOf", "oneOf"] {
            let Some(variants) = schema.get(keyword).and_then(Value::as_array) else {
                continue;
            };
            if variants.iter().all(only_restricts) {
                schema.shift_remove(keyword);
                schema.shift_remove("discriminator");
                repairs.note(
                    &pointer.join(keyword),
                    "its variants make no types: ignored",
                );
            } else if let Some(values) = constants(variants) {
                schema.shift_remove(keyword);
                schema.insert("enum".to_owned(), Value::Array(values));
            }
        }
        if schema.contains_key("anyOf") && schema.contains_key("oneOf") {
            schema.shift_remove("anyOf");
            repairs.note(
                &pointer.join("anyOf"),
                "it stands beside another union: ignored",
            );
        }
        let Some(keyword) = ["anyOf", "oneOf"]
            .into_iter()
            .find(|keyword| schema.contains_key(*keyword))
        else {
            return;
        };
        if schema.contains_key("$ref") {
            schema.shift_remove(keyword);
            schema.shift_remove("discriminator");
            repairs.note(
                &pointer.join(keyword),
                "it stands beside a reference: ignored",
            );
        } else if TYPES.iter().any(|keyword| schema.contains_key(*keyword)) {
            choose_type(schema, keyword);
            repairs.note(
                &pointer.join(keyword),
                "it stands beside what makes a type: what it adds is not named",
            );
        } else {
            with_null(schema, keyword);
        }
    });
}

fn choose_type(schema: &mut Map<String, Value>, keyword: &str) {
    schema.shift_remove(keyword);
    schema.shift_remove("discriminator");
    let is_object =
        schema.contains_key("properties") || schema.contains_key("additionalProperties");
    if is_object {
        schema.insert("additionalProperties".to_owned(), json!({}));
    } else if schema.contains_key("items") {
        schema.insert("items".to_owned(), json!({}));
    }
}

/// A `type` beside a union goes; null, where it is among the types, is a variant.
fn with_null(schema: &mut Map<String, Value>, keyword: &str) {
    let is_null = |types: &Value| {
        types == "null"
            || types
                .as_array()
                .is_some_and(|types| types.contains(&json!("null")))
    };
    let nullable = schema
        .shift_remove("type")
        .is_some_and(|types| is_null(&types));
    if nullable && let Some(Value::Array(variants)) = schema.get_mut(keyword) {
        let null = json!({"type": "null"});
        if !variants.contains(&null) {
            variants.push(null);
        }
    }
}

/// Whether a variant says nothing about the type of a value.
fn only_restricts(variant: &Value) -> bool {
    const RESTRICTS: [&str; 16] = [
        "required",
        "title",
        "description",
        "format",
        "pattern",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
    ];
    let Some(variant) = variant.as_object() else {
        return false;
    };
    // What says nothing at all is any JSON, which is a type.
    !variant.is_empty() && variant.keys().all(|key| RESTRICTS.contains(&key.as_str()))
}

/// The values of variants that are constants, texts all of them.
fn constants(variants: &[Value]) -> Option<Vec<Value>> {
    let mut values: Vec<Value> = Vec::new();
    for variant in variants {
        let variant = variant.as_object()?;
        let is_text = |key: &str| matches!(key, "title" | "description" | "type" | "deprecated");
        let others = variant.keys().filter(|key| !is_text(key)).count();
        let value = variant.get("const").filter(|value| value.is_string())?;
        if others > 1 {
            return None;
        }
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    (!values.is_empty()).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::super::repaired_schema;
    use super::*;

    #[test]
    fn a_schema_is_a_union_or_something_else() {
        let a = json!({"$ref": "#/components/schemas/A"});
        let b = json!({"$ref": "#/components/schemas/B"});
        for (schema, repaired, notes) in [
            (
                json!({"type": "object", "oneOf": [a, b]}),
                json!({"oneOf": [a, b]}),
                0,
            ),
            (
                json!({"type": ["object", "null"], "anyOf": [a, b]}),
                json!({"anyOf": [a, b, {"type": "null"}]}),
                0,
            ),
            (
                json!({"type": "object", "properties": {"a": {}}, "anyOf": [{"required": ["a"]}]}),
                json!({"type": "object", "properties": {"a": {}}}),
                1,
            ),
            (
                json!({"properties": {"a": {}}, "oneOf": [a, b]}),
                json!({"properties": {"a": {}}, "additionalProperties": {}}),
                1,
            ),
            (
                json!({"oneOf": [{"const": "a", "title": "A"}, {"const": "b"}]}),
                json!({"enum": ["a", "b"]}),
                0,
            ),
            (
                json!({"anyOf": [a], "oneOf": [a, b]}),
                json!({"oneOf": [a, b]}),
                1,
            ),
            (
                json!({"type": "string", "anyOf": [{"format": "date"}, {"format": "time"}]}),
                json!({"type": "string"}),
                1,
            ),
            (json!({"anyOf": [{}, a]}), json!({"anyOf": [{}, a]}), 0),
        ] {
            let (schema, noted) = repaired_schema(repair, schema);
            assert_eq!(schema, repaired);
            assert_eq!(noted.len(), notes, "{noted:?}");
        }
    }
}
