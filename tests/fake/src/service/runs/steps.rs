//! The steps of runs, and what they have made.

use serde_json::{Map, Value, json};

use super::run::Run;
use super::{Runs, no_run};
use crate::clock::Pace;
use crate::response::Response;
use crate::service::call::Call;
use crate::service::pages::{page, page_by};
use crate::service::sample::Samples;
use crate::service::workflows::nothing;

/// The steps that every run of the fake has.
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
    /// Sets the steps of every run.
    pub(crate) fn set(&mut self, steps: impl IntoIterator<Item = Value>) {
        self.0 = steps.into_iter().collect();
    }

    /// The block at which a run ends that does not complete.
    pub(super) fn last_block(&self) -> String {
        let block = self.0.last().and_then(|step| step["block_id"].as_str());
        block.unwrap_or("extract-block-1").to_owned()
    }

    /// The steps of a run, as far as it has come.
    fn of(&self, run: &mut Run, call: &Call<'_>) -> Vec<Value> {
        // Where reads move runs, no time passes while one goes on: its steps are those of its end.
        let lifecycle = match call.pace {
            Pace::ByReads if !run.end_is_asked_for => json!({"status": "completed"}),
            Pace::ByReads => run.last_lifecycle().clone(),
            Pace::ByClock => run.lifecycle(call.now, call.pace).clone(),
        };
        let status = lifecycle["status"].as_str().unwrap_or_default();
        if matches!(status, "pending" | "queued") {
            return Vec::new();
        }
        let document = run.document(call.now, call.pace);
        let steps = self.0.iter().enumerate();
        let mut steps: Vec<Value> = steps.map(|(at, step)| shown(step, at, &document)).collect();
        if status == "completed" {
            return steps;
        }
        if let Some(step) = steps.last_mut() {
            step["handle_outputs"] = json!({});
            step["artifact"] = Value::Null;
            step["completed_at"] = Value::Null;
            step["lifecycle"] = of_step(&lifecycle);
        }
        steps
    }
}

/// A step of a run, with what a test need not say.
///
/// The id of what it has made is that of the run, with the place of the step behind the first one.
fn shown(step: &Value, at: usize, run: &Value) -> Value {
    let mut shown = step.clone();
    shown["run_id"] = run["id"].clone();
    let number = run["id"].as_str().and_then(|id| id.strip_prefix("run_"));
    if let Some(artifact) = shown["artifact"].as_object_mut()
        && artifact.get("id").is_some_and(Value::is_null)
    {
        let number = number.unwrap_or_default();
        let id = match at {
            0 => format!("extr_{number}"),
            at => format!("extr_{number}_{at}"),
        };
        artifact.insert("id".to_owned(), json!(id));
    }
    for (name, of_run) in [
        ("created_at", "created_at"),
        ("started_at", "started_at"),
        ("completed_at", "completed_at"),
    ] {
        if shown[name].is_null() {
            shown[name] = run["timing"][of_run].clone();
        }
    }
    shown
}

/// The lifecycle of the step at which a run stands.
fn of_step(lifecycle: &Value) -> Value {
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

impl Runs {
    pub(super) fn answer_of_steps(
        &mut self,
        call: &Call<'_>,
        samples: &Samples,
    ) -> Option<Response> {
        let answer = match call.operation {
            "list_workflow_run_steps" => self.list_steps(call),
            "get_workflow_step" => self.get_step(call),
            "list_workflow_artifacts" => self.list_artifacts(call, samples),
            "get_workflow_artifact_by_id" => self.get_artifact(call, samples),
            _ => return None,
        };
        Some(answer.unwrap_or_else(|refusal| refusal))
    }

    fn list_steps(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let steps = self.steps_of_call(call)?;
        // Each run has a step of each id.
        Ok(match call.query_text("run_id") {
            Some(_) => page(call, steps, "step_id"),
            None => page_by(call, steps, &["run_id", "step_id"]),
        })
    }

    fn get_step(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let id = call.path("step_id");
        let mut steps = self.steps_of_call(call)?.into_iter();
        let step = steps.find(|step| step["step_id"] == id);
        let step = step.ok_or_else(|| nothing("step"))?;
        Ok(Response::json(200, &step))
    }

    fn list_artifacts(&mut self, call: &Call<'_>, samples: &Samples) -> Result<Response, Response> {
        let steps = self.steps_of_call(call)?;
        let wanted = call.query_text("operation");
        let mut artifacts: Vec<Value> = steps
            .iter()
            .filter_map(|step| artifact(step, samples))
            .collect();
        artifacts.retain(|artifact| wanted.is_none_or(|wanted| artifact["operation"] == wanted));
        Ok(page(call, artifacts, "id"))
    }

    fn get_artifact(&mut self, call: &Call<'_>, samples: &Samples) -> Result<Response, Response> {
        let id = call.path("artifact_id");
        let steps = self.steps_of_call(call)?;
        let mut steps = steps.iter().filter(|step| step["artifact"]["id"] == id);
        let artifact = steps.next().and_then(|step| artifact(step, samples));
        let artifact = artifact.ok_or_else(|| nothing("artifact"))?;
        Ok(Response::json(200, &artifact))
    }

    /// The steps that fit what a call asks for: of one run, where it names one.
    fn steps_of_call(&mut self, call: &Call<'_>) -> Result<Vec<Value>, Response> {
        let workflow = call.query_text("workflow_id");
        let mut steps = if let Some(id) = call.query_text("run_id") {
            let number = super::number(id).ok_or_else(no_run)?;
            let run = self.created.get_mut(&number).ok_or_else(no_run)?;
            self.steps.of(run, call)
        } else {
            let fits = |run: &&mut Run| {
                workflow.is_none_or(|workflow| run.fixed["workflow_id"] == workflow)
            };
            let runs = self.created.values_mut().filter(fits);
            runs.flat_map(|run| self.steps.of(run, call)).collect()
        };
        for (name, place) in [
            ("block_id", "/block_id"),
            ("step_id", "/step_id"),
            ("block_type", "/block_type"),
            ("status", "/lifecycle/status"),
        ] {
            let wanted = match call.query(name) {
                Some(Value::Array(several)) => several.clone(),
                Some(one) => vec![one.clone()],
                None => continue,
            };
            steps.retain(|step| {
                step.pointer(place)
                    .is_some_and(|value| wanted.contains(value))
            });
        }
        Ok(steps)
    }
}

/// What a step has made, in full: a sample of its kind, with what is known of it.
fn artifact(step: &Value, samples: &Samples) -> Option<Value> {
    let known = step["artifact"].as_object()?;
    let operation = known.get("operation")?.as_str()?;
    let mut artifact = samples.of_variant("get_workflow_artifact_by_id", "operation", operation);
    if operation == "extraction" {
        let outputs = step["handle_outputs"].as_object().into_iter().flatten();
        let mut data = outputs.map(|(_, output)| &output["data"]);
        artifact["status"] = json!("completed");
        artifact["error"] = Value::Null;
        if let Some(output) = data.find(|data| data.is_object()) {
            artifact["output"] = output.clone();
        }
    }
    let known: Map<String, Value> = known.clone();
    match artifact.as_object_mut() {
        Some(artifact) => artifact.extend(known),
        None => artifact = Value::Object(known),
    }
    Some(artifact)
}
