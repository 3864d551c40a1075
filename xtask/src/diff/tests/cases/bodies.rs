//! Changes of what operations take and answer.

use serde_json::json;

use super::super::edits::{operation, remove, rename};
use super::super::fixture::{answer, reference};
use super::Case;
use crate::diff::change::{Effect, Kind};

// One case after the other: there is nothing to take apart.
#[allow(clippy::too_many_lines)]
pub(super) fn body_cases() -> Vec<Case> {
    use Effect::{Gone, Missed, MoreTaken, New, NotGenerated, OnTheWire, Retyped};
    vec![
        (
            "a body becomes required",
            |new| {
                operation(new, "/v1/runs/{run_id}", "patch")["requestBody"]["required"] =
                    json!(true);
            },
            vec![(Kind::BodyRequired, Missed, "update_run(body)")],
        ),
        (
            "a body becomes optional",
            |new| operation(new, "/v1/runs", "post")["requestBody"]["required"] = json!(false),
            vec![(Kind::BodyOptional, MoreTaken, "create_run(body)")],
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
            "a body that is needed is added",
            |new| {
                operation(new, "/v1/runs/{run_id}", "delete")["requestBody"] = json!({
                    "required": true, "content": {"application/json": {"schema": reference("UpdateRunRequest")}},
                });
            },
            vec![(Kind::BodyAdded, Missed, "delete_run(body)")],
        ),
        (
            "a body of a PATCH is removed",
            |new| {
                remove(operation(new, "/v1/runs/{run_id}", "patch"), "requestBody");
            },
            vec![(Kind::BodyRemoved, Gone, "update_run(body)")],
        ),
        (
            "a body is also taken as a form",
            |new| {
                operation(new, "/v1/runs", "post")["requestBody"]["content"]["application/x-www-form-urlencoded"] =
                    json!({"schema": reference("CreateRunRequest")});
            },
            vec![(Kind::BodyMediaTypeAdded, NotGenerated, "create_run(body)")],
        ),
        (
            "an answer has another status",
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
            "an answer of the same type is added",
            |new| operation(new, "/v1/runs", "post")["responses"]["202"] = answer(reference("Run")),
            vec![(Kind::StatusAdded, OnTheWire, "create_run -> 202")],
        ),
        (
            "an answer of another type is added",
            |new| {
                operation(new, "/v1/runs", "post")["responses"]["202"] =
                    answer(reference("RunList"));
            },
            vec![(Kind::StatusAdded, Retyped, "create_run -> 202")],
        ),
        (
            "an error is added",
            |new| {
                operation(new, "/v1/runs", "post")["responses"]["404"] =
                    answer(reference("Problem"));
            },
            vec![(Kind::StatusAdded, NotGenerated, "create_run -> 404")],
        ),
        (
            "an answer becomes JSON",
            |new| {
                let responses = &mut operation(new, "/v1/tables/{table_id}", "get")["responses"];
                responses["200"] = answer(reference("Run"));
            },
            vec![
                (Kind::AnswerMediaTypeAdded, Retyped, "download_table -> 200"),
                (
                    Kind::AnswerMediaTypeRemoved,
                    Retyped,
                    "download_table -> 200",
                ),
            ],
        ),
        (
            "an answer becomes a list",
            |new| {
                operation(new, "/v1/runs", "post")["responses"]["200"] =
                    answer(json!({"type": "array", "items": reference("Run")}));
            },
            vec![(Kind::TypeChanged, Retyped, "create_run -> 200")],
        ),
    ]
}
