//! What is done with runs: stopping one, deleting one, exporting many.

use serde_json::{Value, json};

use super::{Runs, no_run, number};
use crate::response::Response;
use crate::service::call::Call;
use crate::service::time;

/// How many commands a run remembers.
const MOST_COMMANDS: usize = 100;

impl Runs {
    /// A run that has ended stays as it is; the same command again has the same outcome.
    pub(super) fn cancel(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let run = self.run(call.path("run_id")).ok_or_else(no_run)?;
        let command = call.body()["command_id"].as_str();
        let mut known = run.commands.iter();
        let before = known.find(|(id, _)| Some(id.as_str()) == command);
        let before = before.map(|(_, status)| *status);
        let status = match before {
            Some(status) => status,
            None if run.has_ended(call.now, call.pace) => "cancellation_failed",
            None => {
                let reason = "cancelled by the user";
                run.end_with(json!({"status": "cancelled", "reason": reason}), call);
                "cancelled"
            }
        };
        if let (None, Some(command)) = (before, command)
            && run.commands.len() < MOST_COMMANDS
        {
            run.commands.push((command.to_owned(), status));
        }
        let run = run.document(call.now, call.pace);
        let answer = json!({"run": run, "cancellation_status": status, "redis_available": true});
        Ok(Response::json(200, &answer))
    }

    pub(super) fn delete(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let number = number(call.path("run_id")).ok_or_else(no_run)?;
        self.created.remove(&number).ok_or_else(no_run)?;
        Ok(Response::empty(204))
    }

    /// A row for each completed run of the workflow.
    pub(super) fn export(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let body = call.body();
        let mut runs = self.documents(call.now, call.pace);
        let status = body["status"].as_str().unwrap_or("completed");
        runs.retain(|run| {
            let selected = body["selected_run_ids"].as_array();
            let status_of_run = &run["lifecycle"]["status"];
            run["workflow_id"] == body["workflow_id"]
                && status_of_run == status
                && *status_of_run != body["exclude_status"]
                && selected.is_none_or(|ids| ids.contains(&run["id"]))
                && (body["trigger_type"].is_null()
                    || run["trigger"]["type"] == body["trigger_type"])
        });
        time::within(call, &mut runs, "/timing/created_at")?;
        let text = |name: &str, default| body[name].as_str().unwrap_or(default).to_owned();
        let (delimiter, end) = (text("delimiter", ";"), text("line_delimiter", "\n"));
        let quote = text("quote", "\"");
        let row = |run: &Value| {
            let id = run["id"].as_str().unwrap_or_default();
            let needs_quotes = [&delimiter, &end, &quote]
                .iter()
                .any(|mark| id.contains(mark.as_str()));
            let id = if needs_quotes {
                [&quote, id, &quote].concat()
            } else {
                id.to_owned()
            };
            format!("{id}{delimiter}1284.5{end}")
        };
        let rows: Vec<String> = runs.iter().map(row).collect();
        let csv = format!("run_id{delimiter}total{end}{}", rows.concat());
        let answer = json!({"csv_data": csv, "rows": rows.len(), "columns": 2});
        Ok(Response::json(200, &answer))
    }
}
