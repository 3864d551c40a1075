//! The runs that were created, and how far each has moved.

use std::collections::{BTreeMap, VecDeque};

use http::StatusCode;
use serde_json::{Value, json};

use super::create_run::{self, CreateRun};
use super::files::Files;
use crate::answer::Answer;
use crate::received::Received;

/// All runs of the fake, and the plan for the next ones.
pub(crate) struct Runs {
    plan: VecDeque<Value>,
    created: BTreeMap<String, Run>,
    /// How many were created in all, so that no id comes twice.
    count: usize,
    /// Only in lists.
    added: Vec<Value>,
}

/// One run: what never changes, and the lifecycles that it still has to go through (the first is the present one).
pub(super) struct Run {
    fixed: Value,
    lifecycles: VecDeque<Value>,
}

impl Default for Runs {
    fn default() -> Self {
        Self {
            plan: ["pending", "running", "completed"]
                .map(|status| json!({ "status": status }))
                .into(),
            created: BTreeMap::new(),
            count: 0,
            added: Vec::new(),
        }
    }
}

impl Runs {
    /// Sets what the runs created from now on go through.
    pub(crate) fn plan(&mut self, lifecycles: impl IntoIterator<Item = Value>) {
        self.plan = lifecycles.into_iter().collect();
    }

    /// `POST /v1/workflows/runs`
    pub(crate) fn create(
        &mut self,
        request: &Received,
        files: &mut Files,
        production: Option<&str>,
    ) -> Answer {
        let wanted = match create_run::check(request, files) {
            Ok(wanted) => wanted,
            Err(refusal) => return refusal,
        };
        let version = match wanted.version.as_str() {
            "production" => production,
            "draft" => Some("ver_0000draft"),
            pinned => Some(pinned),
        };
        let Some(version) = version else {
            let message = "The workflow is not published";
            return Answer::coded(StatusCode::CONFLICT, "workflow_not_published", message);
        };
        self.count += 1;
        let id = format!("run_{:06}", self.count);
        let run = Run {
            fixed: fixed(&id, version, &wanted),
            lifecycles: self.plan.clone(),
        };
        let answer = Answer::json(202, &run.document());
        self.created.insert(id, run);
        answer
    }

    /// Every run as the service shows it at present, the oldest first.
    pub(crate) fn documents(&self) -> Vec<Value> {
        let added = self.added.iter().cloned();
        self.created
            .values()
            .map(Run::document)
            .chain(added)
            .collect()
    }

    /// Adds a run to the list as it is, the newest of all, whatever it looks like.
    pub(crate) fn add(&mut self, document: Value) {
        self.added.push(document);
    }

    /// `GET /v1/workflows/runs/{run_id}`, which moves the run by one lifecycle.
    pub(crate) fn read(&mut self, id: &str) -> Answer {
        let Some(run) = self.created.get_mut(id) else {
            return no_run();
        };
        if run.lifecycles.len() > 1 {
            run.lifecycles.pop_front();
        }
        Answer::json(200, &run.document())
    }

    /// The run of this id.
    pub(super) fn run(&mut self, id: &str) -> Option<&mut Run> {
        self.created.get_mut(id)
    }

    /// Takes out the run of this id.
    pub(super) fn remove(&mut self, id: &str) -> Option<Run> {
        self.created.remove(id)
    }
}

impl Run {
    /// Whether the present lifecycle is an end.
    pub(super) fn has_ended(&self) -> bool {
        let status = self
            .lifecycles
            .front()
            .map(|lifecycle| &lifecycle["status"]);
        matches!(
            status.and_then(Value::as_str),
            Some("completed" | "error" | "cancelled")
        )
    }

    /// Goes to this lifecycle, and stays there.
    pub(super) fn end_with(&mut self, lifecycle: Value) {
        self.lifecycles = [lifecycle].into();
    }

    /// The run as the service shows it at present.
    pub(super) fn document(&self) -> Value {
        let lifecycle = self.lifecycles.front().cloned().unwrap_or(Value::Null);
        let ended = self.has_ended();
        let started = lifecycle["status"] != "pending";
        let mut document = self.fixed.clone();
        document["lifecycle"] = lifecycle;
        document["timing"] = json!({
            "created_at": "2026-03-09T10:30:00Z",
            "started_at": started.then_some("2026-03-09T10:30:01Z"),
            "completed_at": ended.then_some("2026-03-09T10:30:09Z"),
        });
        document
    }
}

fn fixed(id: &str, version: &str, wanted: &CreateRun) -> Value {
    json!({
        "id": id,
        "workflow_id": wanted.workflow_id,
        "workflow_version_id": version,
        "trigger": {"type": wanted.trigger},
        "lifecycle": null,
        "timing": null,
        "inputs": {"documents": wanted.documents, "json_data": wanted.json_inputs},
        "metadata": wanted.metadata,
    })
}

/// The answer where there is no run of the given id.
pub(super) fn no_run() -> Answer {
    Answer::coded(
        StatusCode::NOT_FOUND,
        "run_not_found",
        "There is no run of this id",
    )
}
