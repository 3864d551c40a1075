//! Rules that no Rust type can say widen to what contains them.
//!
//! A tuple is a list of anything. Properties by pattern are more properties than are named; where there are no
//! others, and one pattern, they are a map. What a condition adds stays readable as properties that are not named.
//! A rule that only forbids is dropped.

use serde_json::{Map, Value, json};

use super::Repairs;
use crate::document::{Order, Pointer, for_each_schema_mut};

/// Rules that forbid, and nothing else.
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

/// Conditions, which can add properties.
const CONDITIONS: [&str; 5] = ["if", "then", "else", "dependentSchemas", "dependencies"];

/// References that depend on where a schema is referred to from.
const DYNAMIC: [&str; 2] = ["$dynamicRef", "$recursiveRef"];

/// Widens every schema that has such rules.
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
            repairs.note(&pointer.join(keyword), "no type can say this: ignored");
        }
    }
    for keyword in DYNAMIC {
        if schema.shift_remove(keyword).is_some() {
            repairs.note(
                &pointer.join(keyword),
                "where it leads is not followed: ignored",
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
        "a tuple has no type: it is read as a list of any JSON",
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
            "names are not matched: every other property may have such a value",
        );
        schema.entry("type").or_insert_with(|| json!("object"));
        schema.insert(
            "additionalProperties".to_owned(),
            only.unwrap_or_else(|| json!({})),
        );
    }
    // What is not evaluated elsewhere are further properties.
    if let Some(more) = schema.shift_remove("unevaluatedProperties")
        && more != json!(false)
    {
        repairs.note(
            &pointer.join("unevaluatedProperties"),
            "what is evaluated elsewhere is not followed: these are read as further properties",
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
                "conditions are not followed: what they add is read as further properties",
            );
            is_widened = true;
        }
    }
    if is_widened && schema.contains_key("properties") {
        schema.insert("additionalProperties".to_owned(), json!({}));
    }
}

/// What is referred to has been moved to the components.
fn definitions(schema: &mut Map<String, Value>) {
    for keyword in ["$defs", "definitions"] {
        schema.shift_remove(keyword);
    }
}

#[cfg(test)]
mod tests {
    use super::super::repaired_schema;
    use super::*;

    #[test]
    fn every_rule_widens_and_is_named() {
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
    fn names_are_no_rules() {
        let schema = json!({"properties": {"not": {"type": "string"}, "if": {}, "contains": {}}});
        let (repaired, notes) = repaired_schema(repair, schema.clone());
        assert_eq!(repaired, schema);
        assert!(notes.is_empty());
    }
}
