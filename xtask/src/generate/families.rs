//! Assigns types to families. Each family has its own file.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::operation_table::Operation;
use crate::document::for_each_operation;
use crate::lower::references;

/// The family of the types that several families use.
const SHARED: &str = "shared";

/// Returns the family of every component of a lowered spec, by component name.
pub(super) fn of_types(document: &Value, operations: &[Operation]) -> BTreeMap<String, String> {
    let families: BTreeMap<&str, String> = operations
        .iter()
        .map(|operation| (operation.id.as_str(), operation.family()))
        .collect();
    let mut users: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for_each_operation(document, |_, _, operation| {
        let id = operation["operationId"].as_str().unwrap_or_default();
        if let Some(family) = families.get(id) {
            for name in reached(document, operation) {
                users.entry(name).or_default().insert(family);
            }
        }
    });
    users
        .into_iter()
        .map(|(name, families)| {
            let family = match Vec::from_iter(families)[..] {
                [one] => one,
                _ => SHARED,
            };
            (name, family.to_owned())
        })
        .collect()
}

/// Returns the components that requests contain.
pub(super) fn in_requests(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for_each_operation(document, |_, _, operation| {
        for part in ["parameters", "requestBody"] {
            found.extend(reached(document, &operation[part]));
        }
    });
    found
}

/// Returns the components that `part` references, directly or indirectly.
fn reached(document: &Value, part: &Value) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = references(part);
    while let Some(name) = open.pop() {
        if !reached.contains(&name) {
            open.extend(references(&document["components"]["schemas"][&name]));
            reached.insert(name);
        }
    }
    reached
}
