//! The run store and the run operations.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::id::parse_id;
use super::run::Run;
use super::steps::Steps;
use super::{create, outcome};
use crate::clock::Pace;
use crate::response::Response;
use crate::service::files::Files;
use crate::service::not_found::not_found;
use crate::service::request::Request;
use crate::service::sample::Samples;
use crate::service::workflows::Workflows;

/// The maximum number of runs. The oldest run is dropped first.
const MAX_RUNS: usize = if cfg!(test) { 200 } else { 20_000 };

/// The runs of the fake and the lifecycles of new runs.
pub(crate) struct Runs {
    default_lifecycles: Vec<Value>,
    /// Runs by the number in their ID.
    pub(super) created: BTreeMap<usize, Run>,
    /// The number of runs created so far, from which IDs are derived.
    count: usize,
    /// Runs that only appear in lists.
    list_only: Vec<Value>,
    pub(crate) steps: Steps,
}

/// Other parts of the service that run operations use.
pub(crate) struct Dependencies<'s> {
    pub(crate) workflows: &'s mut Workflows,
    pub(crate) files: &'s mut Files,
    pub(crate) samples: &'s Samples,
}

impl Default for Runs {
    fn default() -> Self {
        Self {
            default_lifecycles: outcome::default_lifecycles(),
            created: BTreeMap::new(),
            count: 0,
            list_only: Vec::new(),
            steps: Steps::default(),
        }
    }
}

impl Runs {
    /// Sets the lifecycles of new runs.
    pub(crate) fn set_lifecycles(&mut self, lifecycles: impl IntoIterator<Item = Value>) {
        self.default_lifecycles = lifecycles.into_iter().collect();
    }

    /// Adds a run that only appears in lists, unchanged and newer than all others.
    pub(crate) fn add_list_only(&mut self, run: Value) {
        self.list_only.push(run);
    }

    /// Returns whether a run exists.
    pub(crate) fn contains(&self, id: &str) -> bool {
        parse_id(id).is_some_and(|number| self.created.contains_key(&number))
    }

    pub(crate) fn handle(
        &mut self,
        request: &Request,
        dependencies: Dependencies<'_>,
    ) -> Option<Response> {
        let response = match request.operation {
            "create_workflow_run" => self.create(request, dependencies),
            "list_workflow_runs" => self.list(request),
            "get_workflow_run" => self.get(request),
            "cancel_workflow_run" => self.cancel(request),
            "delete_workflow_run" => self.delete(request),
            "get_workflow_export_payload" => self.export(request),
            _ => return self.handle_steps(request, dependencies.samples),
        };
        Some(response.unwrap_or_else(|error| error))
    }

    /// Returns snapshots of the runs that await a review.
    pub(crate) fn awaiting_review(&mut self, now: DateTime<Utc>, pace: Pace) -> Vec<Value> {
        let mut runs = self.snapshots(now, pace);
        runs.retain(|run| run["lifecycle"]["status"] == "awaiting_review");
        runs
    }

    /// Resumes a run that awaits a review, or cancels it if the review is rejected.
    ///
    /// Returns `false` if the run does not exist or does not await a review.
    pub(crate) fn resume(&mut self, id: &str, is_approved: bool, request: &Request) -> bool {
        let Some(run) = self.run(id) else {
            return false;
        };
        let awaits_review = run.lifecycle(request.now, request.pace)["status"] == "awaiting_review";
        if awaits_review {
            let lifecycles = if is_approved {
                outcome::after_approval()
            } else {
                outcome::after_rejection()
            };
            run.continue_with(lifecycles, request);
        }
        awaits_review
    }

    fn create(
        &mut self,
        request: &Request,
        dependencies: Dependencies<'_>,
    ) -> Result<Response, Response> {
        let create = create::check(request, dependencies.files)?;
        let workflow = create.workflow_id.as_str();
        let version = dependencies
            .workflows
            .version_of_run(workflow, &create.version)?;
        if let Some(parent) = &create.parent {
            self.run(parent).ok_or_else(|| not_found("run"))?;
        }
        self.count += 1;
        let lifecycles = match &create.outcome {
            Some(outcome) => outcome::lifecycles(outcome, self.steps.last_block()),
            None => self.default_lifecycles.clone(),
        };
        let has_requested_outcome = create.outcome.is_some();
        let initial = create::initial_run(
            self.count,
            &version,
            create,
            dependencies.files,
            request.now,
        );
        let mut run = Run::new(initial, lifecycles, has_requested_outcome, request);
        let response = Response::json(202, &run.snapshot(request.now, request.pace));
        self.created.insert(self.count, run);
        if self.created.len() > MAX_RUNS {
            self.created.pop_first();
        }
        Ok(response)
    }

    fn get(&mut self, request: &Request) -> Result<Response, Response> {
        let run = self
            .run(request.path("run_id"))
            .ok_or_else(|| not_found("run"))?;
        run.advance_on_read(request);
        Ok(Response::json(
            200,
            &run.snapshot(request.now, request.pace),
        ))
    }

    /// Returns snapshots of all runs, oldest first.
    pub(super) fn snapshots(&mut self, now: DateTime<Utc>, pace: Pace) -> Vec<Value> {
        let created = self.created.values_mut();
        let created = created.map(|run| run.snapshot(now, pace));
        created.chain(self.list_only.iter().cloned()).collect()
    }

    /// Returns a run.
    pub(super) fn run(&mut self, id: &str) -> Option<&mut Run> {
        let number = parse_id(id)?;
        self.created.get_mut(&number)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Creates `count` runs.
    fn create(runs: &mut Runs, request: &Request, count: usize) {
        let (mut workflows, mut files) = (Workflows::default(), Files::default());
        for _ in 0..count {
            let dependencies = Dependencies {
                workflows: &mut workflows,
                files: &mut files,
                samples: &Samples::new(1),
            };
            let response = runs.handle(request, dependencies).unwrap();
            assert_eq!(response.status(), 202);
        }
    }

    #[test]
    fn review_resumes_or_cancels_run() {
        let mut runs = Runs::default();
        let body = json!({"workflow_id": "wf_1", "metadata": {"fake_end": "awaiting_review"}});
        let mut request = Request::for_test("create_workflow_run", json!({"body": body}));
        request.pace = Pace::ByClock;
        create(&mut runs, &request, 2);
        assert!(!runs.resume("run_000001", true, &request), "still pending");
        request.now += chrono::TimeDelta::seconds(60);
        assert_eq!(runs.awaiting_review(request.now, request.pace).len(), 2);
        assert!(runs.resume("run_000001", true, &request));
        assert!(runs.resume("run_000002", false, &request));
        assert!(!runs.resume("run_000002", false, &request), "already ended");
        assert!(!runs.resume("run_000003", true, &request));
        let mut status = |id: &str, request: &Request| {
            let run = runs.run(id).unwrap();
            run.snapshot(request.now, request.pace)["lifecycle"]["status"].clone()
        };
        assert_eq!(status("run_000001", &request), "running");
        assert_eq!(status("run_000002", &request), "cancelled");
        request.now += chrono::TimeDelta::seconds(1);
        assert_eq!(status("run_000001", &request), "completed");
    }

    #[test]
    fn limits_number_of_runs_and_drops_oldest() {
        let mut runs = Runs::default();
        let body = json!({"body": {"workflow_id": "wf_1"}});
        let request = Request::for_test("create_workflow_run", body);
        create(&mut runs, &request, MAX_RUNS + 1);
        assert_eq!(runs.created.len(), MAX_RUNS);
        assert!(runs.run("run_000001").is_none() && runs.run("run_000002").is_some());
    }
}
