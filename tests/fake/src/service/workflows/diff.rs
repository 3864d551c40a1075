//! Comparison of graphs and versions.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Returns the IDs of the parts that only `parts` contains.
pub(super) fn only_in(parts: &[Value], others: &[Value]) -> Vec<Value> {
    let is_in_others = |id: &Value| others.iter().any(|other| other["id"] == *id);
    let ids = parts.iter().map(|part| part["id"].clone());
    ids.filter(|id| !is_in_others(id)).collect()
}

/// Returns the IDs of the parts that both lists contain and that differ in more than `updated_at`.
pub(super) fn changed(from: &[Value], to: &[Value]) -> Vec<Value> {
    let without_timestamp = |part: &Value| {
        let mut part = part.clone();
        part["updated_at"] = Value::Null;
        part
    };
    let differs = |part: &&Value| {
        let other = to.iter().find(|other| other["id"] == part["id"]);
        other.is_some_and(|other| without_timestamp(other) != without_timestamp(part))
    };
    let differing = from.iter().filter(differs);
    differing.map(|part| part["id"].clone()).collect()
}

/// Returns the differing fields of two objects.
pub(super) fn field_changes(from: &Value, to: &Value) -> Value {
    let no_fields = Map::new();
    let (from, to) = (
        from.as_object().unwrap_or(&no_fields),
        to.as_object().unwrap_or(&no_fields),
    );
    let names: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    let changed = names
        .into_iter()
        .filter(|name| from.get(*name) != to.get(*name));
    changed
        .map(|name| json!({"field": name, "from_value": from.get(name), "to_value": to.get(name)}))
        .collect()
}
