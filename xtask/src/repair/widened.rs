//! Widens schemas whose constraints have no Rust equivalent.
//!
//! A tuple becomes an array of any JSON. Pattern properties become additional properties, or a map if the schema has a
//! single pattern and no other properties. Properties added by a condition stay accessible as additional properties.
//! Keywords that only forbid values are dropped.

use serde_json::{Map, Value, json};

use super::notes::Repairs;
use crate::document::{Order, Pointer, for_each_schema_mut};

/// Keywords that only forbid values.
const FORBIDS: [&str; 8] = [
    "not",
    "contains",
    "minContains",
    "maxContains",
    "propertyNames",
    "unevaluatedItems",
    "additionalItems",
    "dependentRequired",
];

/// Conditions, which may add properties.
const CONDITIONS: [&str; 5] = ["if", "then", "else", "dependentSchemas", "dependencies"];

/// References whose target depends on the referring schema.
const DYNAMIC: [&str; 2] = ["$dynamicRef", "$recursiveRef"];

/// Widens every schema that contains such keywords.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    for_each_schema_mut(document, Order::ParentsFirst, |pointer, schema| {
        if let Some(schema) = schema.as_object_mut() {
            forbidden(schema, pointer, repairs);
            tuple(schema, pointer, repairs);
            patterns(schema, pointer, repairs);
            conditions(schema, pointer, repairs);
            definitions(schema);
        }
    });
}

fn forbidden(schema: &mut Map<String, Value>, pointer: &Pointer, repairs: &mut Repairs) {
    for keyword in FORBIDS {
        if schema.shift_remove(keyword).is_some() {
            repairs.note(&pointer.join(keyword), "no Rust equivalent; ignored");
        }
    }
    for keyword in DYNAMIC {
        if schema.shift_remove(keyword).is_some() {
            repairs.note(
                &pointer.join(keyword),
                "dynamic references are not supported; ignored",
            );
        }
    }
}

fn tuple(schema: &mut Map<String, Value>, pointer: &Pointer, repairs: &mut Repairs) {
    if schema.shift_remove("prefixItems").is_none() {
        return;
    }
    repairs.note(
        &pointer.join("prefixItems"),
        "tuples are not supported; treated as an array of any JSON",
    );
    schema.entry("type").or_insert_with(|| json!("array"));
    schema.insert("items".to_owned(), json!({}));
}

fn patterns(schema: &mut Map<String, Value>, pointer: &Pointer, repairs: &mut Repairs) {
    if let Some(patterns) = schema.shift_remove("patternProperties") {
        let is_named = schema
            .get("properties")
            .and_then(Value::as_object)
            .is_some_and(|properties| !properties.is_empty());
        let others = schema.get("additionalProperties");
        let only = match patterns
            .as_object()
            .map(|all| all.values().collect::<Vec<_>>())
        {
            Some(all)
                if all.len() == 1
                    && !is_named
                    && others.is_none_or(|more| more == &json!(false)) =>
            {
                all.first().copied().cloned()
            }
            _ => None,
        };
        repairs.note(
            &pointer.join("patternProperties"),
            "name patterns are not matched; any other property may have such a value",
        );
        schema.entry("type").or_insert_with(|| json!("object"));
        schema.insert(
            "additionalProperties".to_owned(),
            only.unwrap_or_else(|| json!({})),
        );
    }
    // Unevaluated properties become additional properties.
    if let Some(more) = schema.shift_remove("unevaluatedProperties")
        && more != json!(false)
    {
        repairs.note(
            &pointer.join("unevaluatedProperties"),
            "evaluation is not tracked; treated as additional properties",
        );
        schema.entry("additionalProperties").or_insert(more);
    }
}

fn conditions(schema: &mut Map<String, Value>, pointer: &Pointer, repairs: &mut Repairs) {
    let mut is_widened = false;
    for keyword in CONDITIONS {
        if schema.shift_remove(keyword).is_some() {
            repairs.note(
                &pointer.join(keyword),
                "conditions are not supported; their properties become additional properties",
            );
            is_widened = true;
        }
    }
    if is_widened && schema.contains_key("properties") {
        schema.insert("additionalProperties".to_owned(), json!({}));
    }
}

/// Drops definitions: referenced ones are components by now.
fn definitions(schema: &mut Map<String, Value>) {
    for keyword in ["$defs", "definitions"] {
        schema.shift_remove(keyword);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::testing::repaired_schema;

    #[test]
    fn widens_and_notes_unsupported_keywords() {
        for (schema, widened) in [
            (
                json!({"prefixItems": [{"type": "string"}], "items": {"type": "integer"}}),
                json!({"type": "array", "items": {}}),
            ),
            (
                json!({"patternProperties": {"^x": {"type": "string"}}}),
                json!({"type": "object", "additionalProperties": {"type": "string"}}),
            ),
            (
                json!({
                    "type": "object", "properties": {"a": {}}, "additionalProperties": false,
                    "patternProperties": {"^x": {"type": "string"}},
                }),
                json!({"type": "object", "properties": {"a": {}}, "additionalProperties": {}}),
            ),
            (
                json!({"properties": {"a": {}}, "if": {}, "then": {"properties": {"b": {}}}}),
                json!({"properties": {"a": {}}, "additionalProperties": {}}),
            ),
            (
                json!({"type": "string", "not": {"const": "a"}}),
                json!({"type": "string"}),
            ),
            (
                json!({"type": "object", "propertyNames": {"pattern": "^a"}}),
                json!({"type": "object"}),
            ),
            (
                json!({"type": "array", "contains": {"type": "string"}}),
                json!({"type": "array"}),
            ),
            (json!({"$dynamicRef": "#node"}), json!({})),
        ] {
            let (repaired, notes) = repaired_schema(repair, schema.clone());
            assert_eq!(repaired, widened, "{schema}");
            assert!(!notes.is_empty(), "{schema}");
        }
    }

    #[test]
    fn ignores_keywords_used_as_property_names() {
        let schema = json!({"properties": {"not": {"type": "string"}, "if": {}, "contains": {}}});
        let (repaired, notes) = repaired_schema(repair, schema.clone());
        assert_eq!(repaired, schema);
        assert!(notes.is_empty());
    }
}
