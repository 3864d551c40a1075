//! Changes of operations and parameters.

use serde_json::{Value, json};

use super::super::edits::{operation, push, remove, rename};
use super::entry::Case;
use crate::diff::change::{Effect, Kind};

// A flat list of cases.
#[allow(clippy::too_many_lines)]
pub(super) fn operation_cases() -> Vec<Case> {
    use Effect::{Gone, New, NewlyRequired, Nothing, OnTheWire, Renamed};
    vec![
        (
            "an operation is added",
            |new| {
                new["paths"]["/v1/new"]["get"] = json!({
                    "operationId": "get_new", "tags": ["Runs"], "responses": {"204": {"description": ""}},
                });
            },
            vec![(Kind::OperationAdded, New, "GET /v1/new")],
        ),
        (
            "an operation is removed",
            |new| {
                remove(&mut new["paths"]["/v1/runs/{run_id}"], "delete");
            },
            vec![(Kind::OperationRemoved, Gone, "DELETE /v1/runs/{run_id}")],
        ),
        (
            "an operation is renamed",
            |new| operation(new, "/v1/runs", "get")["operationId"] = json!("runs"),
            vec![
                (Kind::OperationRenamed, Renamed, "GET /v1/runs"),
                (Kind::InlineTypeRenamed, Renamed, "list_runs(order)"),
            ],
        ),
        (
            "an operationId changes its case",
            |new| operation(new, "/v1/runs", "get")["operationId"] = json!("listRuns"),
            vec![(Kind::OperationRenamed, Nothing, "GET /v1/runs")],
        ),
        (
            "an operation moves",
            |new| {
                rename(
                    &mut new["paths"],
                    "/v1/tables/{table_id}",
                    "/v1/sheets/{table_id}",
                );
            },
            vec![(Kind::OperationMoved, OnTheWire, "GET /v1/sheets/{table_id}")],
        ),
        (
            "a path parameter is renamed",
            |new| {
                rename(
                    &mut new["paths"],
                    "/v1/tables/{table_id}",
                    "/v1/tables/{id}",
                );
                operation(new, "/v1/tables/{id}", "get")["parameters"][0]["name"] = json!("id");
            },
            vec![(Kind::ParameterRenamed, Renamed, "download_table(id)")],
        ),
        (
            "an operation changes its family",
            |new| operation(new, "/v1/tables/{table_id}", "get")["tags"] = json!(["Sheets"]),
            vec![(
                Kind::OperationFamilyChanged,
                Nothing,
                "GET /v1/tables/{table_id}",
            )],
        ),
        (
            "an operation is deprecated",
            |new| operation(new, "/v1/runs", "get")["deprecated"] = json!(true),
            vec![(Kind::OperationDeprecated, Nothing, "GET /v1/runs")],
        ),
        (
            "an optional parameter is added",
            |new| {
                push(
                    &mut operation(new, "/v1/runs", "get")["parameters"],
                    json!(
                        {"in": "query", "name": "search", "schema": {"type": "string"}}
                    ),
                );
            },
            vec![(Kind::ParameterAdded, New, "list_runs(search)")],
        ),
        (
            "a required parameter is added",
            |new| {
                push(
                    &mut operation(new, "/v1/runs", "get")["parameters"],
                    json!(
                        {"in": "query", "name": "search", "required": true, "schema": {"type": "string"}}
                    ),
                );
            },
            vec![(Kind::ParameterAdded, NewlyRequired, "list_runs(search)")],
        ),
        (
            "a cookie is added",
            |new| {
                push(
                    &mut operation(new, "/v1/runs", "get")["parameters"],
                    json!(
                        {"in": "cookie", "name": "flavour", "schema": {"type": "string"}}
                    ),
                );
            },
            vec![(
                Kind::ParameterAdded,
                Effect::NotGenerated,
                "list_runs(flavour)",
            )],
        ),
    ]
}

// A flat list of cases.
#[allow(clippy::too_many_lines)]
pub(super) fn parameter_cases() -> Vec<Case> {
    use Effect::{Gone, New, NewlyRequired, Nothing, OnTheWire, Relaxed, Retyped};
    fn parameter(new: &mut Value, index: usize) -> &mut Value {
        &mut operation(new, "/v1/runs", "get")["parameters"][index]
    }
    vec![
        (
            "a parameter is removed",
            |new| {
                let parameters = &mut operation(new, "/v1/runs", "get")["parameters"];
                parameters.as_array_mut().unwrap().remove(0);
            },
            vec![(Kind::ParameterRemoved, Gone, "list_runs(limit)")],
        ),
        (
            "a parameter moves",
            |new| parameter(new, 3)["in"] = json!("query"),
            vec![(Kind::ParameterMoved, OnTheWire, "list_runs(X-Tenant)")],
        ),
        (
            "a parameter changes its case",
            |new| parameter(new, 2)["name"] = json!("workflowId"),
            vec![(Kind::ParameterRenamed, OnTheWire, "list_runs(workflowId)")],
        ),
        (
            "a parameter becomes required",
            |new| parameter(new, 0)["required"] = json!(true),
            vec![(Kind::ParameterRequired, NewlyRequired, "list_runs(limit)")],
        ),
        (
            "a parameter becomes optional",
            |new| parameter(new, 2)["required"] = json!(false),
            vec![(Kind::ParameterOptional, Relaxed, "list_runs(workflow_id)")],
        ),
        (
            "a parameter changes its type",
            |new| parameter(new, 2)["schema"] = json!({"type": "integer"}),
            vec![(Kind::TypeChanged, Retyped, "list_runs(workflow_id)")],
        ),
        (
            "a parameter changes its default and its limit",
            |new| {
                parameter(new, 0)["schema"] =
                    json!({"type": "integer", "default": 5, "maximum": 50});
            },
            vec![
                (Kind::DefaultChanged, Nothing, "list_runs(limit)"),
                (Kind::LimitsChanged, Nothing, "list_runs(limit)"),
            ],
        ),
        (
            "a parameter becomes nullable",
            |new| parameter(new, 2)["schema"] = json!({"type": ["string", "null"]}),
            vec![(Kind::NullAllowed, Nothing, "list_runs(workflow_id)")],
        ),
        (
            "an enum parameter accepts another value",
            |new| parameter(new, 1)["schema"]["enum"] = json!(["asc", "desc", "none"]),
            vec![(Kind::EnumValueAdded, New, "list_runs(order)")],
        ),
    ]
}
