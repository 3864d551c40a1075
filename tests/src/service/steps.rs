//! The steps of runs, and what they have made.

use serde_json::{Value, json};

use super::workflows::{parameter, whole_list};
use crate::answer::Answer;
use crate::received::Received;

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
            "artifact": {"operation": "extraction", "id": "extr_000001"},
        })])
    }
}

impl Steps {
    /// Sets the steps of every run.
    pub(crate) fn set(&mut self, steps: impl IntoIterator<Item = Value>) {
        self.0 = steps.into_iter().collect();
    }

    /// `GET /v1/workflows/steps`
    pub(crate) fn list(&self, request: &Received) -> Answer {
        let run = parameter(request, "run_id");
        whole_list(self.of_block(request).map(|step| {
            let mut step = step.clone();
            step["run_id"] = run.clone().into();
            step
        }))
    }

    /// `GET /v1/workflows/artifacts`
    pub(crate) fn list_artifacts(&self, request: &Received) -> Answer {
        let wanted = parameter(request, "operation");
        let artifacts = self.of_block(request).map(|step| step["artifact"].clone());
        whole_list(artifacts.filter(|artifact| {
            let operation = artifact["operation"].as_str();
            operation.is_some_and(|operation| wanted.is_empty() || operation == wanted)
        }))
    }

    fn of_block(&self, request: &Received) -> impl Iterator<Item = &Value> {
        let block = parameter(request, "block_id");
        let steps = self.0.iter();
        steps.filter(move |step| block.is_empty() || step["block_id"] == block)
    }
}
