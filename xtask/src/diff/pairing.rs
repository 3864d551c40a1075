//! The pairing of operations between two revisions.

use std::collections::HashMap;

use super::revision::{Operation, Revision};

/// The paired, removed and added operations of two revisions.
pub(super) struct Pairing<'a> {
    pub(super) both: Vec<(&'a Operation, &'a Operation)>,
    pub(super) removed: Vec<&'a Operation>,
    pub(super) added: Vec<&'a Operation>,
}

/// Pairs operations by function name and route, then by function name (which code uses), then by route.
///
/// The names of path parameters are ignored.
pub(super) fn pair<'a>(old: &'a Revision<'_>, new: &'a Revision<'_>) -> Pairing<'a> {
    let mut pairs: Vec<Option<usize>> = vec![None; old.operations.len()];
    let mut free: Vec<bool> = vec![true; new.operations.len()];
    let keys: [fn(&Operation) -> String; 3] = [
        |operation| format!("{} {}", operation.function, route(operation)),
        // Without an operationId, the function name follows from the route and does not identify the operation.
        |operation| {
            operation
                .id
                .as_ref()
                .map_or(String::new(), |_| operation.function.clone())
        },
        route,
    ];
    for key in keys {
        let mut found: HashMap<String, usize> = HashMap::new();
        for (index, operation) in new.operations.iter().enumerate() {
            if free[index] {
                found.entry(key(operation)).or_insert(index);
            }
        }
        for (index, operation) in old.operations.iter().enumerate() {
            let key = key(operation);
            if pairs[index].is_none()
                && !key.is_empty()
                && let Some(other) = found.remove(&key)
            {
                pairs[index] = Some(other);
                free[other] = false;
            }
        }
    }
    let (mut both, mut removed) = (Vec::new(), Vec::new());
    for (operation, pair) in old.operations.iter().zip(pairs) {
        match pair {
            Some(index) => both.push((operation, &new.operations[index])),
            None => removed.push(operation),
        }
    }
    let added = new.operations.iter().zip(free);
    let added = added
        .filter(|(_, free)| *free)
        .map(|(operation, _)| operation);
    Pairing {
        both,
        removed,
        added: added.collect(),
    }
}

/// Returns the method and the path, without the names of path parameters.
fn route(operation: &Operation) -> String {
    format!("{} {}", operation.method, without_names(&operation.path))
}

/// Removes the names of the parameters from a path template.
pub(super) fn without_names(path: &str) -> String {
    let mut rest = path;
    let mut found = String::with_capacity(path.len());
    while let Some((before, after)) = rest.split_once('{') {
        found.push_str(before);
        found.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    found.push_str(rest);
    found
}
