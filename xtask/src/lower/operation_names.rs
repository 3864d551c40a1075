//! Operation ids become the names of functions: unique, in `snake_case`.
//!
//! An operation without an id is named after its method and path, so that it is callable and its
//! name stays when operations around it change. Two ids that become the same name are told apart
//! by a number, in the order of paths.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::names;
use crate::document::for_each_operation_mut;

/// Gives every operation a unique `operationId` in `snake_case`.
pub(super) fn lower(document: &mut Value) {
    let mut taken = HashSet::new();
    for_each_operation_mut(document, |_, route, operation| {
        let name = match operation.get("operationId").and_then(Value::as_str) {
            Some(id) => names::value_name(id),
            None => names::value_name(&format!("{} {}", route.method, &route.path)),
        };
        let name = names::first_free(&name, |candidate| taken.contains(candidate));
        taken.insert(name.clone());
        operation["operationId"] = json!(name);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_snake_case() {
        let mut document = json!({"paths": {
            "/runs": {
                "get": {"operationId": "listRuns"},
                "post": {"operationId": "list_runs"},
            },
            "/runs/{run_id}": {"get": {}},
        }});
        lower(&mut document);
        assert_eq!(
            document["paths"]["/runs"]["get"]["operationId"],
            "list_runs"
        );
        assert_eq!(
            document["paths"]["/runs"]["post"]["operationId"],
            "list_runs2"
        );
        assert_eq!(
            document["paths"]["/runs/{run_id}"]["get"]["operationId"],
            "get_runs_run_id"
        );
    }
}
