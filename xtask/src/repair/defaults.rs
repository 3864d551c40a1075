//! Drops defaults that do not match their schema.
//!
//! Defaults appear in the docs and make a property optional. If a default violates its schema, either the default or
//! the schema is wrong.

use std::cell::Cell;

use serde_json::Value;

use super::notes::Repairs;
use crate::document::{Order, for_each_schema_mut};
use crate::lower::referenced;

/// Maximum number of schemas compared with one default. Beyond the limit, the default counts as valid.
const SCHEMAS: usize = 10_000;

/// Drops defaults that do not match their schema.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    let whole = document.clone();
    for_each_schema_mut(document, Order::ParentsFirst, |pointer, schema| {
        let Some(default) = schema.get("default") else {
            return;
        };
        // Some spec generators emit a null default to mean that there is none.
        if default.is_null() || fits(&whole, schema, default, &Cell::new(SCHEMAS)) {
            return;
        }
        if let Some(schema) = schema.as_object_mut() {
            schema.shift_remove("default");
            let place = pointer.join("default");
            repairs.note(&place, "default does not match its schema; dropped");
        }
    });
}

/// Whether a value passes the checks for types, enum values, elements and properties.
fn fits(document: &Value, schema: &Value, value: &Value, left: &Cell<usize>) -> bool {
    let Some(fewer) = left.get().checked_sub(1) else {
        return true;
    };
    left.set(fewer);
    let fits = |schema: &Value, value: &Value| fits(document, schema, value, left);
    if schema.get("$ref").is_some() {
        let target = referenced(document, schema);
        return target.get("$ref").is_some() || fits(target, value);
    }
    let all = |keyword: &str| schema[keyword].as_array();
    let is_type = |name: &Value| match name.as_str() {
        Some("null") => value.is_null(),
        Some("boolean") => value.is_boolean(),
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("number") => value.is_number(),
        Some("integer") => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => true,
    };
    let of_type = match schema.get("type") {
        None => true,
        Some(Value::Array(names)) => names.iter().any(is_type),
        Some(name) => is_type(name),
    };
    of_type
        && schema.get("const").is_none_or(|only| only == value)
        && all("enum").is_none_or(|values| values.contains(value))
        && all("allOf").is_none_or(|every| every.iter().all(|schema| fits(schema, value)))
        && all("anyOf").is_none_or(|any| any.iter().any(|schema| fits(schema, value)))
        && all("oneOf").is_none_or(|any| any.iter().any(|schema| fits(schema, value)))
        && (value.as_array().into_iter().flatten()).all(|element| fits(&schema["items"], element))
        && (value.as_object().into_iter().flatten())
            .all(|(name, member)| fits(&schema["properties"][name], member))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::repair::testing::repaired_schema;

    #[test]
    fn drops_only_mismatched_defaults() {
        let mut tree = json!({"type": "integer"});
        for _ in 0..20 {
            tree = json!({"anyOf": [tree.clone(), tree]});
            if tree.to_string().len() > 1_000_000 {
                break;
            }
        }
        tree["default"] = json!("a");
        for (schema, is_kept) in [
            // The comparison stops at the limit.
            (tree, true),
            (json!({"type": "integer", "default": 20}), true),
            (json!({"type": "integer", "default": 20.0}), true),
            (json!({"type": "integer", "default": "20"}), false),
            (json!({"type": ["string", "null"], "default": null}), true),
            (json!({"type": "string", "default": null}), true),
            (json!({"enum": ["a", "b"], "default": "c"}), false),
            (json!({"const": 1, "default": 2}), false),
            (json!({"items": {"type": "string"}, "default": [1]}), false),
            (
                json!({"properties": {"a": {"type": "string"}}, "default": {"a": 1}}),
                false,
            ),
            (
                json!({"anyOf": [{"type": "string"}, {"type": "null"}], "default": 1}),
                false,
            ),
            (
                json!({"$ref": "#/components/schemas/X", "default": 1}),
                true,
            ),
            (json!({"default": {"a": [1]}}), true),
        ] {
            let (repaired, notes) = repaired_schema(repair, schema.clone());
            assert_eq!(repaired.get("default").is_some(), is_kept, "{schema}");
            assert_eq!(notes.is_empty(), is_kept, "{schema}");
        }
    }
}
