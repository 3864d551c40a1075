//! Gives every operation a unique id, which becomes the name of its function.
//!
//! An operation without an id is named after its method and path, so that changes to other operations do not rename
//! it. If several ids map to the same name, the id that already equals the name keeps it. The others get a numeric
//! suffix, ordered by id and then by path.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::notes::Repairs;
use crate::document::{Pointer, for_each_operation};
use crate::lower::names;

/// Client functions that are not operations, and names used by the generated modules.
const TAKEN: [&str; 22] = [
    "new",
    "with",
    "with_executor",
    "options",
    "base_url",
    "executor",
    "operations",
    "call",
    "client",
    "input",
    "error",
    "file_part",
    "byte_stream",
    "response_value",
    "option",
    "result",
    "fn_once",
    "send",
    "sized",
    "into",
    "clone",
    "fmt",
];

struct Named {
    place: Pointer,
    id: Option<String>,
    wanted: String,
}

/// Gives every operation a unique `operationId`, in `snake_case`.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    let mut operations = Vec::new();
    for_each_operation(document, |place, route, operation| {
        // Treat an empty id as missing.
        let id = operation["operationId"].as_str().map(str::to_owned);
        let id = id.filter(|id| !id.is_empty());
        let wanted = match &id {
            Some(id) => names::value_name(id),
            None => names::value_name(&format!("{} {}", route.method, route.path)),
        };
        operations.push(Named {
            place: place.clone(),
            id,
            wanted,
        });
    });
    let mut order: Vec<usize> = (0..operations.len()).collect();
    order.sort_by_key(|index| {
        let Named { id, wanted, .. } = &operations[*index];
        (id.as_ref() != Some(wanted), id.clone())
    });
    let mut taken: HashSet<String> = HashSet::new();
    for index in order {
        let Named { place, id, wanted } = &operations[index];
        // The builder and the table entry are named after the function, and both names must be unique too.
        let is_taken = |name: &str| {
            TAKEN.contains(&name)
                || taken.contains(&names::type_name(name))
                || taken.contains(&names::constant_name(name))
        };
        let name = names::first_free(wanted, is_taken);
        if id.is_none() {
            repairs.note(place, format_args!("missing operationId; named {name}"));
        } else if name != *wanted {
            repairs.note(
                &place.join("operationId"),
                format_args!("{wanted} is already taken; renamed to {name}"),
            );
        }
        taken.insert(names::type_name(&name));
        taken.insert(names::constant_name(&name));
        if let Some(operation) = place.find_mut(document) {
            operation["operationId"] = json!(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(paths: Value) -> (Vec<String>, Vec<String>) {
        let (document, notes) = crate::repair::testing::repaired(repair, json!({"paths": paths}));
        let mut names = Vec::new();
        for_each_operation(&document, |_, _, operation| {
            names.push(operation["operationId"].as_str().unwrap().to_owned());
        });
        (names, notes)
    }

    #[test]
    fn names_operations_without_id_after_their_route() {
        let (names, notes) = named(json!({"/runs/{run_id}": {"get": {}}, "/{a}": {"delete": {}}}));
        assert_eq!(names, ["get_runs_run_id", "delete_a"]);
        assert_eq!(
            notes[0],
            "/paths/~1runs~1{run_id}/get: missing operationId; named get_runs_run_id"
        );
    }

    #[test]
    fn numbers_colliding_ids_regardless_of_order() {
        for order in [
            ["listRuns", "list_runs", "list-runs"],
            ["list-runs", "list_runs", "listRuns"],
        ] {
            let paths: serde_json::Map<String, Value> = order
                .iter()
                .map(|id| (format!("/{id}"), json!({"get": {"operationId": id}})))
                .collect();
            let (names, notes) = named(Value::Object(paths));
            let of = |id: &str| &names[order.iter().position(|other| *other == id).unwrap()];
            assert_eq!(of("list_runs"), "list_runs");
            assert_eq!(of("list-runs"), "list_runs2");
            assert_eq!(of("listRuns"), "list_runs3");
            assert_eq!(notes.len(), 2);
        }
    }

    #[test]
    fn avoids_colliding_builders_and_reserved_names() {
        let operation = |id: &str| json!({"get": {"operationId": id}});
        let (names, _) = named(json!({
            "/a": operation("run_1"), "/b": operation("run1"), "/c": operation("new"), "/d": operation("call"),
        }));
        assert_eq!(names, ["run_12", "run1", "new2", "call2"]);
    }
}
