//! Operations on steps and artifacts.

use serde_json::{Map, Value, json};

use super::id::parse_id;
use super::run::Run;
use super::store::Runs;
use crate::response::Response;
use crate::service::not_found::not_found;
use crate::service::pages::{page, page_by};
use crate::service::request::Request;
use crate::service::sample::Samples;

impl Runs {
    pub(super) fn handle_steps(
        &mut self,
        request: &Request,
        samples: &Samples,
    ) -> Option<Response> {
        let response = match request.operation {
            "list_workflow_run_steps" => self.list_steps(request),
            "get_workflow_step" => self.get_step(request),
            "list_workflow_artifacts" => self.list_artifacts(request, samples),
            "get_workflow_artifact_by_id" => self.get_artifact(request, samples),
            _ => return None,
        };
        Some(response.unwrap_or_else(|error| error))
    }

    fn list_steps(&mut self, request: &Request) -> Result<Response, Response> {
        let steps = self.matching_steps(request)?;
        // Step IDs are unique only within a run.
        Ok(match request.query_text("run_id") {
            Some(_) => page(request, steps, "step_id"),
            None => page_by(request, steps, &["run_id", "step_id"]),
        })
    }

    fn get_step(&mut self, request: &Request) -> Result<Response, Response> {
        let id = request.path("step_id");
        let mut steps = self.matching_steps(request)?.into_iter();
        let step = steps.find(|step| step["step_id"] == id);
        let step = step.ok_or_else(|| not_found("step"))?;
        Ok(Response::json(200, &step))
    }

    fn list_artifacts(
        &mut self,
        request: &Request,
        samples: &Samples,
    ) -> Result<Response, Response> {
        let steps = self.matching_steps(request)?;
        let operation = request.query_text("operation");
        let mut artifacts: Vec<Value> = steps
            .iter()
            .filter_map(|step| artifact(step, samples))
            .collect();
        artifacts.retain(|artifact| {
            operation.is_none_or(|operation| artifact["operation"] == operation)
        });
        Ok(page(request, artifacts, "id"))
    }

    fn get_artifact(&mut self, request: &Request, samples: &Samples) -> Result<Response, Response> {
        let id = request.path("artifact_id");
        let steps = self.matching_steps(request)?;
        let mut steps = steps.iter().filter(|step| step["artifact"]["id"] == id);
        let artifact = steps.next().and_then(|step| artifact(step, samples));
        let artifact = artifact.ok_or_else(|| not_found("artifact"))?;
        Ok(Response::json(200, &artifact))
    }

    /// Returns the steps that match the query, of one run if the query contains a run ID.
    fn matching_steps(&mut self, request: &Request) -> Result<Vec<Value>, Response> {
        let workflow = request.query_text("workflow_id");
        let mut steps = if let Some(id) = request.query_text("run_id") {
            let number = parse_id(id).ok_or_else(|| not_found("run"))?;
            let run = self
                .created
                .get_mut(&number)
                .ok_or_else(|| not_found("run"))?;
            self.steps.of_run(run, request)
        } else {
            let matches = |run: &&mut Run| {
                workflow.is_none_or(|workflow| run.initial["workflow_id"] == workflow)
            };
            let runs = self.created.values_mut().filter(matches);
            runs.flat_map(|run| self.steps.of_run(run, request))
                .collect()
        };
        for (name, pointer) in [
            ("block_id", "/block_id"),
            ("step_id", "/step_id"),
            ("block_type", "/block_type"),
            ("status", "/lifecycle/status"),
        ] {
            let expected = match request.query(name) {
                Some(Value::Array(values)) => values.clone(),
                Some(value) => vec![value.clone()],
                None => continue,
            };
            steps.retain(|step| {
                step.pointer(pointer)
                    .is_some_and(|value| expected.contains(value))
            });
        }
        Ok(steps)
    }
}

/// Returns the artifact of a step: a sample of its kind that contains the known values.
fn artifact(step: &Value, samples: &Samples) -> Option<Value> {
    let known = step["artifact"].as_object()?;
    let operation = known.get("operation")?.as_str()?;
    let mut artifact = samples.variant("get_workflow_artifact_by_id", "operation", operation);
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
