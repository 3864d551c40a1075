//! The steps of runs.

use serde_json::{Value, json};

use super::run::Run;
use crate::clock::Pace;
use crate::service::request::Request;

/// The steps of every run.
pub(crate) struct Steps(Vec<Value>);

impl Default for Steps {
    fn default() -> Self {
        Self(vec![json!({
            "block_id": "extract-block-1",
            "step_id": "extract-block-1",
            "block_type": "extract",
            "block_label": "Extract",
            "lifecycle": {"status": "completed"},
            "handle_outputs": {
                "output-json-0": {"type": "json", "data": {"number": "2026-0117", "total": 1284.5}},
            },
            "artifact": {"operation": "extraction", "id": null},
        })])
    }
}

impl Steps {
    /// Replaces the steps of every run.
    pub(crate) fn set(&mut self, steps: impl IntoIterator<Item = Value>) {
        self.0 = steps.into_iter().collect();
    }

    /// Returns the ID of the block at which incomplete runs end.
    pub(super) fn last_block(&self) -> String {
        let block = self.0.last().and_then(|step| step["block_id"].as_str());
        block.unwrap_or("extract-block-1").to_owned()
    }

    /// Returns the steps of a run that have started.
    pub(super) fn of_run(&self, run: &mut Run, request: &Request) -> Vec<Value> {
        // Reads of steps do not advance a run, so a run paced by reads always returns its final steps.
        let lifecycle = match request.pace {
            Pace::ByReads if !run.has_requested_outcome => json!({"status": "completed"}),
            Pace::ByReads => run.last_lifecycle().clone(),
            Pace::ByClock => run.lifecycle(request.now, request.pace).clone(),
        };
        let status = lifecycle["status"].as_str().unwrap_or_default();
        if matches!(status, "pending" | "queued") {
            return Vec::new();
        }
        let run = run.snapshot(request.now, request.pace);
        let steps = self.0.iter().enumerate();
        let mut steps: Vec<Value> = steps
            .map(|(index, step)| complete_step(step, index, &run))
            .collect();
        if status == "completed" {
            return steps;
        }
        if let Some(step) = steps.last_mut() {
            step["handle_outputs"] = json!({});
            step["artifact"] = Value::Null;
            step["completed_at"] = Value::Null;
            step["lifecycle"] = step_lifecycle(&lifecycle);
        }
        steps
    }
}

/// Fills in the run ID, the timing and the artifact ID of a step.
///
/// The artifact ID contains the number of the run and, after the first step, the index of the step.
fn complete_step(step: &Value, index: usize, run: &Value) -> Value {
    let mut completed = step.clone();
    completed["run_id"] = run["id"].clone();
    let number = run["id"].as_str().and_then(|id| id.strip_prefix("run_"));
    if let Some(artifact) = completed["artifact"].as_object_mut()
        && artifact.get("id").is_some_and(Value::is_null)
    {
        let number = number.unwrap_or_default();
        let id = match index {
            0 => format!("extr_{number}"),
            index => format!("extr_{number}_{index}"),
        };
        artifact.insert("id".to_owned(), json!(id));
    }
    for name in ["created_at", "started_at", "completed_at"] {
        if completed[name].is_null() {
            completed[name] = run["timing"][name].clone();
        }
    }
    completed
}

/// Converts the lifecycle of a run to that of its current step.
fn step_lifecycle(lifecycle: &Value) -> Value {
    let mut lifecycle = lifecycle.clone();
    if let Some(fields) = lifecycle.as_object_mut() {
        fields.retain(|name, _| {
            !matches!(name.as_str(), "failing_step_id" | "waiting_for_block_ids")
        });
        if fields
            .get("status")
            .is_some_and(|status| status == "cancelled")
        {
            let reason = fields.entry("reason").or_insert(Value::Null);
            if reason.is_null() {
                *reason = json!("the run was cancelled");
            }
        }
    }
    lifecycle
}
