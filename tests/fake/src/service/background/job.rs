//! A job and its progress.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::clock::Pace;
use crate::service::progress::Progress;
use crate::service::request::Request;
use crate::service::timestamp;

/// The statuses of a background job before it ends.
const IN_PROGRESS: [&str; 3] = ["pending", "queued", "in_progress"];

/// The final status of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Completed,
    Failed,
    Cancelled,
}

/// A job.
pub(super) struct Job {
    /// The JSON representation of the completed job.
    completed: Value,
    outcome: Outcome,
    /// The number of steps before the job ends.
    steps: usize,
    progress: Progress,
}

impl Outcome {
    /// Parses the outcome `completed`, `failed` or `cancelled`.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        match name {
            "completed" => Some(Self::Completed),
            "failed" => Some(Self::Failed),
            "cancelled" => Some(Self::Cancelled),
            _ => None,
        }
    }

    fn status(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Job {
    pub(super) fn new(
        completed: Value,
        outcome: Outcome,
        in_background: bool,
        request: &Request,
    ) -> Self {
        Self {
            completed,
            outcome,
            steps: if in_background { IN_PROGRESS.len() } else { 0 },
            progress: Progress::start(request),
        }
    }

    /// Counts a read of this job, which may advance it.
    pub(super) fn advance_on_read(&mut self, request: &Request) {
        self.progress.advance_on_read(request, self.steps);
    }

    /// Cancels the job immediately, unless it has ended.
    pub(super) fn cancel(&mut self, request: &Request) {
        let step = self.step(request.now, request.pace);
        if step < self.steps {
            self.outcome = Outcome::Cancelled;
            self.steps = step;
        }
    }

    /// Returns the JSON representation at `now`.
    pub(super) fn to_json(&self, now: DateTime<Utc>, pace: Pace, with_output: bool) -> Value {
        let step = self.step(now, pace);
        let has_ended = step >= self.steps;
        let mut job = self.completed.clone();
        job["status"] = json!(match IN_PROGRESS.get(step) {
            Some(status) if !has_ended => status,
            _ => self.outcome.status(),
        });
        let is_completed = has_ended && self.outcome == Outcome::Completed;
        if !is_completed || !with_output {
            job["output"] = Value::Null;
            self.clear(&mut job, &["consensus", "filled_document_ref"]);
        }
        if has_ended && self.outcome == Outcome::Failed {
            job["error"] = json!({
                "code": "asked_for",
                "message": "The job failed as requested by `fake_end`",
                "details": null,
            });
        }
        if job.get("completed_at").is_some() {
            let completed_at =
                has_ended.then(|| timestamp::format(self.progress.time_of_step(self.steps)));
            job["completed_at"] = json!(completed_at);
            if step == 0 && !has_ended {
                job["started_at"] = Value::Null;
            }
        }
        job
    }

    fn clear(&self, job: &mut Value, names: &[&str]) {
        for name in names {
            if self.completed.get(name).is_some() {
                job[*name] = Value::Null;
            }
        }
    }

    fn step(&self, now: DateTime<Utc>, pace: Pace) -> usize {
        let mut progress = self.progress;
        progress.current_step(now, pace, self.steps)
    }
}
