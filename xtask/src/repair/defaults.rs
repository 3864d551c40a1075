//! A default that does not fit its schema is none.
//!
//! Defaults are told in the docs, and what has one can be left out; one that the service would refuse, were it
//! sent, says that the document is wrong about one of the two.

use std::cell::Cell;

use serde_json::Value;

use super::Repairs;
use crate::document::{Order, for_each_schema_mut};
use crate::lower::referenced;

/// How many schemas a default is compared with; beyond that it fits.
const SCHEMAS: usize = 10_000;

/// Drops defaults that do not fit.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    let whole = document.clone();
    for_each_schema_mut(document, Order::ParentsFirst, |pointer, schema| {
        let Some(default) = schema.get("default") else {
            return;
        };
        // Null is how a generator of documents says that there is none.
        if default.is_null() || fits(&whole, schema, default, &Cell::new(SCHEMAS)) {
            return;
        }
        if let Some(schema) = schema.as_object_mut() {
            schema.shift_remove("default");
            let place = pointer.join("default");
            repairs.note(&place, "the default does not fit its schema: left out");
        }
    });
}

/// Whether nothing that is looked at speaks against it: types, values, elements and properties.
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

    use super::super::repaired_schema;
    use super::*;

    #[test]
    fn only_what_does_not_fit_is_dropped() {
        let mut tree = json!({"type": "integer"});
        for _ in 0..20 {
            tree = json!({"anyOf": [tree.clone(), tree]});
            if tree.to_string().len() > 1_000_000 {
                break;
            }
        }
        tree["default"] = json!("a");
        for (schema, is_kept) in [
            // No time is spent on a tree that is too large.
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
