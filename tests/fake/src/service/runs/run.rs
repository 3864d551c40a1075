//! A run and its progress.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::clock::Pace;
use crate::service::progress::Progress;
use crate::service::request::Request;
use crate::service::timestamp;

/// A run and the lifecycles it passes through.
pub(super) struct Run {
    /// The JSON representation without lifecycle and timing.
    pub(super) initial: Value,
    lifecycles: Vec<Value>,
    /// Whether the create request selected the outcome.
    pub(super) has_requested_outcome: bool,
    created_at: DateTime<Utc>,
    progress: Progress,
    /// The time at which a command ended the run.
    ended_at: Option<DateTime<Utc>>,
    /// IDs of received commands with their resulting status.
    pub(super) commands: Vec<(String, &'static str)>,
}

impl Run {
    pub(super) fn new(
        initial: Value,
        lifecycles: Vec<Value>,
        has_requested_outcome: bool,
        request: &Request,
    ) -> Self {
        Self {
            initial,
            lifecycles,
            has_requested_outcome,
            created_at: request.now,
            progress: Progress::start(request),
            ended_at: None,
            commands: Vec::new(),
        }
    }

    fn last_step(&self) -> usize {
        self.lifecycles.len().saturating_sub(1)
    }

    /// Counts a read of this run, which may advance it.
    pub(super) fn advance_on_read(&mut self, request: &Request) {
        self.progress.advance_on_read(request, self.last_step());
    }

    /// Returns the lifecycle at `now`.
    pub(super) fn lifecycle(&mut self, now: DateTime<Utc>, pace: Pace) -> &Value {
        let step = self.progress.current_step(now, pace, self.last_step());
        self.lifecycles.get(step).unwrap_or(&Value::Null)
    }

    /// Returns the final lifecycle.
    pub(super) fn last_lifecycle(&self) -> &Value {
        self.lifecycles.last().unwrap_or(&Value::Null)
    }

    /// Returns whether the lifecycle at `now` is terminal.
    pub(super) fn has_ended(&mut self, now: DateTime<Utc>, pace: Pace) -> bool {
        is_terminal(self.lifecycle(now, pace))
    }

    /// Ends the run immediately with this lifecycle.
    pub(super) fn end_with(&mut self, lifecycle: Value, request: &Request) {
        let step = self
            .progress
            .current_step(request.now, request.pace, self.last_step());
        self.lifecycles.truncate(step + 1);
        self.lifecycles.push(lifecycle);
        self.progress.jump_to(request, step + 1);
        self.ended_at = Some(request.now);
    }

    /// Continues with these lifecycles, one step each.
    pub(super) fn continue_with(&mut self, lifecycles: Vec<Value>, request: &Request) {
        let step = self
            .progress
            .current_step(request.now, request.pace, self.last_step());
        self.lifecycles.truncate(step + 1);
        self.lifecycles.extend(lifecycles);
        self.progress.jump_to(request, step + 1);
    }

    /// Returns a snapshot of the run at `now`.
    pub(super) fn snapshot(&mut self, now: DateTime<Utc>, pace: Pace) -> Value {
        let lifecycle = self.lifecycle(now, pace).clone();
        let has_started = lifecycle["status"] != "pending" && lifecycle["status"] != "queued";
        let ended_at = is_terminal(&lifecycle).then(|| {
            let last_step_at = self.progress.time_of_step(self.last_step());
            self.ended_at.unwrap_or(last_step_at)
        });
        let started_at = self
            .progress
            .time_of_step(1)
            .min(ended_at.unwrap_or(DateTime::<Utc>::MAX_UTC));
        let mut run = self.initial.clone();
        run["lifecycle"] = lifecycle;
        run["timing"] = json!({
            "created_at": timestamp::format(self.created_at),
            "started_at": has_started.then(|| timestamp::format(started_at)),
            "completed_at": ended_at.map(timestamp::format),
        });
        run
    }
}

fn is_terminal(lifecycle: &Value) -> bool {
    let status = lifecycle["status"].as_str();
    matches!(status, Some("completed" | "error" | "cancelled"))
}
