//! The runs that were created, and how far each has moved.

mod commands;
mod create;
mod ends;
mod list;
mod run;
mod steps;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde_json::Value;

use super::call::Call;
use super::files::Files;
use super::sample::Samples;
use super::workflows::Workflows;
use crate::clock::Pace;
use crate::response::Response;
use run::Run;
use steps::Steps;

/// How many runs there are; beyond it the oldest goes.
const MOST_RUNS: usize = if cfg!(test) { 200 } else { 20_000 };

/// All runs of the fake, and the plan for the next ones.
pub(crate) struct Runs {
    plan: Vec<Value>,
    /// By the number in the id.
    created: BTreeMap<usize, Run>,
    /// How many were created in all, so that no id comes twice.
    count: usize,
    /// Only in lists.
    added: Vec<Value>,
    pub(crate) steps: Steps,
}

/// What the rest of the service has to do with a run.
pub(crate) struct Around<'s> {
    pub(crate) workflows: &'s mut Workflows,
    pub(crate) files: &'s mut Files,
    pub(crate) samples: &'s Samples,
}

impl Default for Runs {
    fn default() -> Self {
        Self {
            plan: ends::usual(),
            created: BTreeMap::new(),
            count: 0,
            added: Vec::new(),
            steps: Steps::default(),
        }
    }
}

impl Runs {
    /// Sets what the runs created from now on go through.
    pub(crate) fn plan(&mut self, lifecycles: impl IntoIterator<Item = Value>) {
        self.plan = lifecycles.into_iter().collect();
    }

    /// Adds a run to the list as it is, the newest of all, whatever it looks like.
    pub(crate) fn add(&mut self, document: Value) {
        self.added.push(document);
    }

    /// Whether there is a run of this id.
    pub(crate) fn has(&self, id: &str) -> bool {
        number(id).is_some_and(|number| self.created.contains_key(&number))
    }

    pub(crate) fn answer(&mut self, call: &Call<'_>, around: Around<'_>) -> Option<Response> {
        let answer = match call.operation {
            "create_workflow_run" => self.create(call, around),
            "list_workflow_runs" => self.list(call),
            "get_workflow_run" => self.get(call),
            "cancel_workflow_run" => self.cancel(call),
            "delete_workflow_run" => self.delete(call),
            "get_workflow_export_payload" => self.export(call),
            _ => return self.answer_of_steps(call, around.samples),
        };
        Some(answer.unwrap_or_else(|refusal| refusal))
    }

    /// The runs that await a review at present, as the service shows them.
    pub(crate) fn awaiting_review(&mut self, now: DateTime<Utc>, pace: Pace) -> Vec<Value> {
        let mut runs = self.documents(now, pace);
        runs.retain(|run| run["lifecycle"]["status"] == "awaiting_review");
        runs
    }

    /// Lets a run that awaits a review go on to its completion, or end as cancelled; `false` where it awaits none.
    pub(crate) fn resume(&mut self, id: &str, is_approved: bool, call: &Call<'_>) -> bool {
        let Some(run) = self.run(id) else {
            return false;
        };
        let awaits = run.lifecycle(call.now, call.pace)["status"] == "awaiting_review";
        if awaits {
            let rest = if is_approved {
                ends::approved()
            } else {
                ends::rejected()
            };
            run.go_on_through(rest, call);
        }
        awaits
    }

    fn create(&mut self, call: &Call<'_>, around: Around<'_>) -> Result<Response, Response> {
        let wanted = create::check(call, around.files)?;
        let workflow = wanted.workflow_id.as_str();
        let version = around.workflows.version_of_run(workflow, &wanted.version)?;
        if let Some(parent) = &wanted.parent {
            self.run(parent).ok_or_else(no_run)?;
        }
        self.count += 1;
        let lifecycles = match &wanted.end {
            Some(end) => ends::of(end, self.steps.last_block()),
            None => self.plan.clone(),
        };
        let is_asked_for = wanted.end.is_some();
        let fixed = create::fixed(self.count, &version, wanted, around.files, call.now);
        let mut run = Run::new(fixed, lifecycles, is_asked_for, call);
        let answer = Response::json(202, &run.document(call.now, call.pace));
        self.created.insert(self.count, run);
        if self.created.len() > MOST_RUNS {
            self.created.pop_first();
        }
        Ok(answer)
    }

    fn get(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let run = self.run(call.path("run_id")).ok_or_else(no_run)?;
        run.read(call);
        Ok(Response::json(200, &run.document(call.now, call.pace)))
    }

    /// Every run as the service shows it at present, the oldest first.
    fn documents(&mut self, now: DateTime<Utc>, pace: Pace) -> Vec<Value> {
        let created = self.created.values_mut();
        let created = created.map(|run| run.document(now, pace));
        created.chain(self.added.iter().cloned()).collect()
    }

    /// The run of this id.
    fn run(&mut self, id: &str) -> Option<&mut Run> {
        let number = number(id)?;
        self.created.get_mut(&number)
    }
}

fn id(number: usize) -> String {
    format!("run_{number:06}")
}

fn number(text: &str) -> Option<usize> {
    let number = text.strip_prefix("run_")?.parse().ok()?;
    (id(number) == text).then_some(number)
}

/// The answer where there is no run of the given id.
fn no_run() -> Response {
    let message = "There is no run of this id";
    Response::coded(StatusCode::NOT_FOUND, "run_not_found", message)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, Method};
    use serde_json::json;

    use super::*;
    use crate::received_request::ReceivedRequest;

    /// Creates so many runs.
    fn create(runs: &mut Runs, call: &Call<'_>, count: usize) {
        let (mut workflows, mut files) = (Workflows::default(), Files::default());
        for _ in 0..count {
            let around = Around {
                workflows: &mut workflows,
                files: &mut files,
                samples: &Samples::new(1),
            };
            let answer = runs.answer(call, around).unwrap();
            assert_eq!(answer.status(), 202);
        }
    }

    #[test]
    fn a_run_that_awaits_review_goes_on_or_ends_by_it() {
        let uri = "/".parse().unwrap();
        let request = ReceivedRequest::new(Method::POST, &uri, HeaderMap::new(), Bytes::new());
        let mut runs = Runs::default();
        let body = json!({"workflow_id": "wf_1", "metadata": {"fake_end": "awaiting_review"}});
        let mut call = Call::of("create_workflow_run", json!({"body": body}), &request);
        call.pace = Pace::ByClock;
        create(&mut runs, &call, 2);
        assert!(
            !runs.resume("run_000001", true, &call),
            "it is still pending"
        );
        call.now += chrono::TimeDelta::seconds(60);
        assert_eq!(runs.awaiting_review(call.now, call.pace).len(), 2);
        assert!(runs.resume("run_000001", true, &call));
        assert!(runs.resume("run_000002", false, &call));
        assert!(!runs.resume("run_000002", false, &call), "it has ended");
        assert!(!runs.resume("run_000003", true, &call));
        let mut status = |id: &str, call: &Call<'_>| {
            let run = runs.run(id).unwrap();
            run.document(call.now, call.pace)["lifecycle"]["status"].clone()
        };
        assert_eq!(status("run_000001", &call), "running");
        assert_eq!(status("run_000002", &call), "cancelled");
        call.now += chrono::TimeDelta::seconds(1);
        assert_eq!(status("run_000001", &call), "completed");
    }

    #[test]
    fn runs_are_bounded_and_the_oldest_goes_first() {
        let uri = "/".parse().unwrap();
        let request = ReceivedRequest::new(Method::POST, &uri, HeaderMap::new(), Bytes::new());
        let mut runs = Runs::default();
        let body = json!({"body": {"workflow_id": "wf_1"}});
        let call = Call::of("create_workflow_run", body, &request);
        create(&mut runs, &call, MOST_RUNS + 1);
        assert_eq!(runs.created.len(), MOST_RUNS);
        assert!(runs.run("run_000001").is_none() && runs.run("run_000002").is_some());
        assert!(runs.run("run_2").is_none(), "it is another id");
    }
}
