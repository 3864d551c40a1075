//! Cancellation, deletion and export of runs.

use serde_json::{Value, json};

use super::id::parse_id;
use super::store::Runs;
use crate::response::Response;
use crate::service::not_found::not_found;
use crate::service::request::Request;
use crate::service::timestamp;

/// The maximum number of commands that a run remembers.
const MAX_COMMANDS: usize = 100;

impl Runs {
    /// Cancels a run unless it has ended. Repeating a command returns the same status.
    pub(super) fn cancel(&mut self, request: &Request) -> Result<Response, Response> {
        let run = self
            .run(request.path("run_id"))
            .ok_or_else(|| not_found("run"))?;
        let command = request.body()["command_id"].as_str();
        let mut commands = run.commands.iter();
        let previous = commands.find(|(id, _)| Some(id.as_str()) == command);
        let previous = previous.map(|(_, status)| *status);
        let status = match previous {
            Some(status) => status,
            None if run.has_ended(request.now, request.pace) => "cancellation_failed",
            None => {
                let reason = "cancelled by the user";
                run.end_with(json!({"status": "cancelled", "reason": reason}), request);
                "cancelled"
            }
        };
        if let (None, Some(command)) = (previous, command)
            && run.commands.len() < MAX_COMMANDS
        {
            run.commands.push((command.to_owned(), status));
        }
        let run = run.snapshot(request.now, request.pace);
        let response = json!({"run": run, "cancellation_status": status, "redis_available": true});
        Ok(Response::json(200, &response))
    }

    pub(super) fn delete(&mut self, request: &Request) -> Result<Response, Response> {
        let number = parse_id(request.path("run_id")).ok_or_else(|| not_found("run"))?;
        self.created
            .remove(&number)
            .ok_or_else(|| not_found("run"))?;
        Ok(Response::empty(204))
    }

    /// Exports the selected runs of a workflow as CSV, with one row per run.
    pub(super) fn export(&mut self, request: &Request) -> Result<Response, Response> {
        let body = request.body();
        let mut runs = self.snapshots(request.now, request.pace);
        let status = body["status"].as_str().unwrap_or("completed");
        runs.retain(|run| {
            let selected = body["selected_run_ids"].as_array();
            let run_status = &run["lifecycle"]["status"];
            run["workflow_id"] == body["workflow_id"]
                && run_status == status
                && *run_status != body["exclude_status"]
                && selected.is_none_or(|ids| ids.contains(&run["id"]))
                && (body["trigger_type"].is_null()
                    || run["trigger"]["type"] == body["trigger_type"])
        });
        timestamp::retain_within(request, &mut runs, "/timing/created_at")?;
        let text = |name: &str, default| body[name].as_str().unwrap_or(default).to_owned();
        let (delimiter, line_delimiter) = (text("delimiter", ";"), text("line_delimiter", "\n"));
        let quote = text("quote", "\"");
        let row = |run: &Value| {
            let id = run["id"].as_str().unwrap_or_default();
            let needs_quotes = [&delimiter, &line_delimiter, &quote]
                .iter()
                .any(|special| id.contains(special.as_str()));
            let id = if needs_quotes {
                [&quote, id, &quote].concat()
            } else {
                id.to_owned()
            };
            format!("{id}{delimiter}1284.5{line_delimiter}")
        };
        let rows: Vec<String> = runs.iter().map(row).collect();
        let csv = format!("run_id{delimiter}total{line_delimiter}{}", rows.concat());
        let response = json!({"csv_data": csv, "rows": rows.len(), "columns": 2});
        Ok(Response::json(200, &response))
    }
}
