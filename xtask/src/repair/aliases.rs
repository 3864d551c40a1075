//! Resolves components that only refer to another component.
//!
//! References to an alias are replaced with references to its target. Aliases in a cycle become any JSON, including
//! cycles through unions or through an `allOf` of a single reference.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::notes::Repairs;
use crate::document::{Order, Pointer, for_each_schema_mut};

const PREFIX: &str = "#/components/schemas/";

/// Replaces references to aliases with references to their targets.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    let schemas = document["components"]["schemas"].as_object();
    let aliases: BTreeMap<String, String> = schemas
        .into_iter()
        .flatten()
        .filter_map(|(name, schema)| Some((reference_to(name), alias_of(schema)?.to_owned())))
        .collect();
    let mut ends: BTreeMap<&str, &str> = BTreeMap::new();
    for from in aliases.keys() {
        let mut seen = BTreeSet::from([from.as_str()]);
        let mut end = from.as_str();
        while let Some(next) = aliases.get(end) {
            end = next;
            if !seen.insert(end) {
                break;
            }
        }
        ends.insert(from, end);
    }
    // In a cycle, the end of every alias is an alias.
    let is_circular = |reference: &str| {
        let end = ends.get(reference);
        end.is_some_and(|end| aliases.contains_key(*end))
    };
    let schemas = document.pointer_mut("/components/schemas");
    for (name, schema) in schemas.and_then(Value::as_object_mut).into_iter().flatten() {
        if is_circular(&reference_to(name)) {
            let place = Pointer::of(["components", "schemas", name]);
            repairs.note(&place, "circular reference; treated as any JSON");
            *schema = json!({});
        }
    }
    for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
        let end = |reference: &Value| {
            let reference = reference.as_str()?;
            (!is_circular(reference)).then(|| ends.get(reference).map(|end| json!(end)))?
        };
        if let Some(reference) = schema.get_mut("$ref")
            && let Some(end) = end(reference)
        {
            *reference = end;
        }
        let mapping = schema
            .pointer_mut("/discriminator/mapping")
            .and_then(Value::as_object_mut);
        for reference in mapping.into_iter().flat_map(Map::values_mut) {
            if let Some(end) = end(reference) {
                *reference = end;
            }
        }
    });
}

/// Widens components that contain only references to each other, directly or through unions.
pub(super) fn repair_circles(document: &mut Value, repairs: &mut Repairs) {
    let schemas = document.pointer("/components/schemas");
    let mut open: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, schema) in schemas.and_then(Value::as_object).into_iter().flatten() {
        let mut alternatives = BTreeSet::new();
        if is_references(schema, &mut alternatives) {
            open.insert(reference_to(name), alternatives);
        }
    }
    // Remove components that reach any other schema until only cycles are left.
    loop {
        let before = open.len();
        let names: BTreeSet<String> = open.keys().cloned().collect();
        open.retain(|_, alternatives| alternatives.is_subset(&names));
        if open.len() == before {
            break;
        }
    }
    let schemas = document.pointer_mut("/components/schemas");
    for (name, schema) in schemas.and_then(Value::as_object_mut).into_iter().flatten() {
        if open.contains_key(&reference_to(name)) {
            let place = Pointer::of(["components", "schemas", name]);
            repairs.note(
                &place,
                "contains only circular references; treated as any JSON",
            );
            *schema = json!({});
        }
    }
}

/// Whether a schema is a reference to a component or a union of such references; collects the targets.
fn is_references(schema: &Value, alternatives: &mut BTreeSet<String>) -> bool {
    if let Some(reference) = schema["$ref"].as_str() {
        alternatives.insert(reference.to_owned());
        return reference.starts_with(PREFIX);
    }
    let is_null = |schema: &Value| schema["type"] == "null" || schema["enum"] == json!([null]);
    let variants = ["anyOf", "oneOf"].map(|keyword| schema[keyword].as_array());
    let mut variants = variants.into_iter().flatten().flatten();
    let before = alternatives.len();
    variants.all(|variant| is_null(variant) || is_references(variant, alternatives))
        && alternatives.len() > before
}

fn reference_to(name: &str) -> String {
    format!("{PREFIX}{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The target of a component that contains only a reference and annotations.
fn alias_of(schema: &Value) -> Option<&str> {
    let schema = schema.as_object()?;
    let reference = schema.get("$ref")?.as_str()?;
    let is_text = |key: &str| {
        matches!(
            key,
            "$ref" | "title" | "description" | "examples" | "deprecated" | "$defs"
        )
    };
    (schema.keys().all(|key| is_text(key)) && reference.starts_with(PREFIX)).then_some(reference)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_aliases_and_widens_cycles() {
        let reference = |name: &str| json!({"$ref": format!("{PREFIX}{name}")});
        let (document, notes) = crate::repair::testing::repaired(
            repair,
            json!({"components": {"schemas": {
                "A": reference("B"),
                "B": {"$ref": "#/components/schemas/C", "description": "text"},
                "C": {"type": "string"},
                "User": {"properties": {"a": reference("A"), "x": reference("X"), "z": reference("Z")}},
                "X": reference("Y"),
                "Y": reference("X"),
                "Z": reference("X"),
            }}}),
        );
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["User"]["properties"]["a"], reference("C"));
        assert_eq!(schemas["User"]["properties"]["x"], reference("X"));
        for circular in ["X", "Y", "Z"] {
            assert_eq!(schemas[circular], json!({}));
        }
        assert_eq!(notes.len(), 3);
    }

    #[test]
    fn widens_cycles_through_unions() {
        let reference = |name: &str| json!({"$ref": format!("{PREFIX}{name}")});
        let nullable = |name: &str| json!({"anyOf": [reference(name), {"type": "null"}]});
        let (document, notes) = crate::repair::testing::repaired(
            repair_circles,
            json!({"components": {"schemas": {
                "Own": nullable("Own"),
                "A": {"oneOf": [reference("A"), nullable("B")]},
                "B": {"$ref": "#/components/schemas/A", "nullable": true},
                "Text": {"oneOf": [reference("Text"), reference("C")]},
                "C": {"oneOf": [reference("Text"), {"type": "string"}]},
                "Json": {"anyOf": [{"type": "array", "items": reference("Json")}, {"type": "null"}]},
                "Null": {"anyOf": [{"type": "null"}]},
            }}}),
        );
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let widened = schemas.iter().filter(|(_, schema)| **schema == json!({}));
        let widened: Vec<&String> = widened.map(|(name, _)| name).collect();
        assert_eq!(widened, ["Own", "A", "B"]);
        assert_eq!(notes.len(), 3);
    }
}
