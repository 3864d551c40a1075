//! Separates unions from sibling keywords.
//!
//! `type` beside `anyOf` or `oneOf` usually repeats the type of the variants. Variants that only list required
//! properties define no types. Constant variants are enum values. Properties beside a union are common to all
//! variants, so the object is kept and properties from the variants become additional properties.

use serde_json::{Map, Value, json};

use super::notes::Repairs;
use crate::document::{Order, for_each_schema_mut};

/// Keywords that define a type and take precedence over a union.
const TYPES: [&str; 5] = [
    "properties",
    "additionalProperties",
    "items",
    "enum",
    "const",
];

/// Reduces every schema with a union to the union or to its other keywords.
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
                repairs.note(&pointer.join(keyword), "variants define no types; ignored");
            } else if let Some(values) = constants(variants) {
                schema.shift_remove(keyword);
                schema.insert("enum".to_owned(), Value::Array(values));
            }
        }
        if schema.contains_key("anyOf") && schema.contains_key("oneOf") {
            schema.shift_remove("anyOf");
            repairs.note(&pointer.join("anyOf"), "`oneOf` takes precedence; ignored");
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
            repairs.note(&pointer.join(keyword), "`$ref` takes precedence; ignored");
        } else if TYPES.iter().any(|keyword| schema.contains_key(*keyword)) {
            choose_type(schema, keyword);
            repairs.note(
                &pointer.join(keyword),
                "sibling keywords define the type; union dropped",
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

/// Drops `type` beside a union and turns a `null` in it into a variant.
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

/// Whether a variant only constrains values and defines no type.
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
    // An empty schema is any JSON, which is a type.
    !variant.is_empty() && variant.keys().all(|key| RESTRICTS.contains(&key.as_str()))
}

/// The values of the variants if all of them are string constants.
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
    use super::*;
    use crate::repair::testing::repaired_schema;

    #[test]
    fn separates_unions_from_sibling_keywords() {
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
