//! A component that is another one has no type of its own.
//!
//! What refers to it refers to the other. Components that are one another in a circle say nothing: any JSON.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Repairs;
use crate::document::{Order, Pointer, for_each_schema_mut};

const PREFIX: &str = "#/components/schemas/";

/// Replaces references to components that are references themselves.
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
    // In a circle every end is an alias still.
    let is_circular = |reference: &str| {
        let end = ends.get(reference);
        end.is_some_and(|end| aliases.contains_key(*end))
    };
    for (name, schema) in (document["components"]["schemas"].as_object_mut())
        .into_iter()
        .flatten()
    {
        if is_circular(&reference_to(name)) {
            let place = Pointer::of(["components", "schemas", name]);
            repairs.note(
                &place,
                "it is nothing but a reference to itself: it is read as any JSON",
            );
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

fn reference_to(name: &str) -> String {
    format!("{PREFIX}{}", name.replace('~', "~0").replace('/', "~1"))
}

/// What a component refers to that says nothing else.
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
    fn aliases_are_what_they_refer_to_and_circles_are_nothing() {
        let reference = |name: &str| json!({"$ref": format!("{PREFIX}{name}")});
        let (document, notes) = super::super::repaired(
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
}
