//! What is done with runs: stopping one, deleting one, exporting many.

use http::StatusCode;
use serde_json::{Value, json};

use super::runs::{Runs, no_run};
use crate::answer::Answer;
use crate::received::Received;

impl Runs {
    /// `POST /v1/workflows/runs/{run_id}/cancel`; a run that has ended stays as it is.
    pub(crate) fn cancel(&mut self, id: &str) -> Answer {
        let Some(run) = self.run(id) else {
            return no_run();
        };
        let status = if run.has_ended() {
            "cancellation_failed"
        } else {
            run.end_with(json!({"status": "cancelled", "reason": "cancelled by the user"}));
            "cancelled"
        };
        Answer::json(
            200,
            &json!({"run": run.document(), "cancellation_status": status}),
        )
    }

    /// `DELETE /v1/workflows/runs/{run_id}`
    pub(crate) fn delete(&mut self, id: &str) -> Answer {
        match self.remove(id) {
            Some(_) => Answer::empty(204),
            None => no_run(),
        }
    }

    /// `POST /v1/workflows/runs/export`: a row for each completed run of the workflow.
    pub(crate) fn export(&self, request: &Received) -> Answer {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        if !(body["workflow_id"].is_string() && body["block_id"].is_string()) {
            let message = "workflow_id and block_id are required";
            return Answer::detail(StatusCode::UNPROCESSABLE_ENTITY, message);
        }
        let delimiter = body["delimiter"].as_str().unwrap_or(";");
        let runs = self.documents().into_iter().filter(|run| {
            let is_selected = match body["selected_run_ids"].as_array() {
                Some(ids) => ids.contains(&run["id"]),
                None => true,
            };
            run["workflow_id"] == body["workflow_id"]
                && run["lifecycle"]["status"] == "completed"
                && is_selected
        });
        let rows: Vec<String> = runs
            .map(|run| {
                format!(
                    "{}{delimiter}1284.5\n",
                    run["id"].as_str().unwrap_or_default()
                )
            })
            .collect();
        let csv = format!("run_id{delimiter}total\n{}", rows.concat());
        Answer::json(
            200,
            &json!({"csv_data": csv, "rows": rows.len(), "columns": 2}),
        )
    }
}
