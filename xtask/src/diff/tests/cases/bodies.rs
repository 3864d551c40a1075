//! Changes of request bodies and responses.

use serde_json::json;

use super::super::edits::{operation, remove, rename};
use super::super::fixture::{reference, response};
use super::entry::Case;
use crate::diff::change::{Effect, Kind};

// A flat list of cases.
#[allow(clippy::too_many_lines)]
pub(super) fn body_cases() -> Vec<Case> {
    use Effect::{Gone, New, NewlyRequired, NotGenerated, OnTheWire, Relaxed, Retyped};
    vec![
        (
            "a body becomes required",
            |new| {
                operation(new, "/v1/runs/{run_id}", "patch")["requestBody"]["required"] =
                    json!(true);
            },
            vec![(Kind::BodyRequired, NewlyRequired, "update_run(body)")],
        ),
        (
            "a body becomes optional",
            |new| operation(new, "/v1/runs", "post")["requestBody"]["required"] = json!(false),
            vec![(Kind::BodyOptional, Relaxed, "create_run(body)")],
        ),
        (
            "a body is added",
            |new| {
                operation(new, "/v1/runs/{run_id}", "delete")["requestBody"] = json!({
                    "content": {"application/json": {"schema": reference("UpdateRunRequest")}},
                });
            },
            vec![(Kind::BodyAdded, New, "delete_run(body)")],
        ),
        (
            "a required body is added",
            |new| {
                operation(new, "/v1/runs/{run_id}", "delete")["requestBody"] = json!({
                    "required": true, "content": {"application/json": {"schema": reference("UpdateRunRequest")}},
                });
            },
            vec![(Kind::BodyAdded, NewlyRequired, "delete_run(body)")],
        ),
        (
            "a body of a PATCH is removed",
            |new| {
                remove(operation(new, "/v1/runs/{run_id}", "patch"), "requestBody");
            },
            vec![(Kind::BodyRemoved, Gone, "update_run(body)")],
        ),
        (
            "a body is also accepted as a form",
            |new| {
                operation(new, "/v1/runs", "post")["requestBody"]["content"]["application/x-www-form-urlencoded"] =
                    json!({"schema": reference("CreateRunRequest")});
            },
            vec![(Kind::BodyMediaTypeAdded, NotGenerated, "create_run(body)")],
        ),
        (
            "a response changes its status",
            |new| {
                rename(
                    &mut operation(new, "/v1/runs", "post")["responses"],
                    "200",
                    "201",
                );
            },
            vec![(Kind::StatusMoved, OnTheWire, "create_run -> 201")],
        ),
        (
            "a response of the same type is added",
            |new| {
                operation(new, "/v1/runs", "post")["responses"]["202"] = response(reference("Run"));
            },
            vec![(Kind::StatusAdded, OnTheWire, "create_run -> 202")],
        ),
        (
            "a response of another type is added",
            |new| {
                operation(new, "/v1/runs", "post")["responses"]["202"] =
                    response(reference("RunList"));
            },
            vec![(Kind::StatusAdded, Retyped, "create_run -> 202")],
        ),
        (
            "an error is added",
            |new| {
                operation(new, "/v1/runs", "post")["responses"]["404"] =
                    response(reference("Problem"));
            },
            vec![(Kind::StatusAdded, NotGenerated, "create_run -> 404")],
        ),
        (
            "a response becomes JSON",
            |new| {
                let responses = &mut operation(new, "/v1/tables/{table_id}", "get")["responses"];
                responses["200"] = response(reference("Run"));
            },
            vec![
                (
                    Kind::ResponseMediaTypeAdded,
                    Retyped,
                    "download_table -> 200",
                ),
                (
                    Kind::ResponseMediaTypeRemoved,
                    Retyped,
                    "download_table -> 200",
                ),
            ],
        ),
        (
            "a response becomes a list",
            |new| {
                operation(new, "/v1/runs", "post")["responses"]["200"] =
                    response(json!({"type": "array", "items": reference("Run")}));
            },
            vec![(Kind::TypeChanged, Retyped, "create_run -> 200")],
        ),
    ]
}
