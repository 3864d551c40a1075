//! One run.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::clock::Pace;
use crate::service::call::Call;
use crate::service::progress::Progress;
use crate::service::time;

/// One run: what never changes, and the lifecycles that it goes through.
pub(super) struct Run {
    pub(super) fixed: Value,
    lifecycles: Vec<Value>,
    /// Whether the request has asked for how it ends.
    pub(super) end_is_asked_for: bool,
    created_at: DateTime<Utc>,
    progress: Progress,
    /// When a command has ended it.
    ended_at: Option<DateTime<Utc>>,
    /// The commands that were given, with what came of each.
    pub(super) commands: Vec<(String, &'static str)>,
}

impl Run {
    pub(super) fn new(
        fixed: Value,
        lifecycles: Vec<Value>,
        end_is_asked_for: bool,
        call: &Call<'_>,
    ) -> Self {
        Self {
            fixed,
            lifecycles,
            end_is_asked_for,
            created_at: call.now,
            progress: Progress::begin(call),
            ended_at: None,
            commands: Vec::new(),
        }
    }

    fn last(&self) -> usize {
        self.lifecycles.len().saturating_sub(1)
    }

    /// Reads it by itself, which can move it.
    pub(super) fn read(&mut self, call: &Call<'_>) {
        self.progress.read(call, self.last());
    }

    /// The lifecycle at present.
    pub(super) fn lifecycle(&mut self, now: DateTime<Utc>, pace: Pace) -> &Value {
        let at = self.progress.look(now, pace, self.last());
        self.lifecycles.get(at).unwrap_or(&Value::Null)
    }

    /// The lifecycle at which it will stay.
    pub(super) fn last_lifecycle(&self) -> &Value {
        self.lifecycles.last().unwrap_or(&Value::Null)
    }

    /// Whether the present lifecycle is an end.
    pub(super) fn has_ended(&mut self, now: DateTime<Utc>, pace: Pace) -> bool {
        is_end(self.lifecycle(now, pace))
    }

    /// Goes to this lifecycle at once, and stays there.
    pub(super) fn end_with(&mut self, lifecycle: Value, call: &Call<'_>) {
        let at = self.progress.look(call.now, call.pace, self.last());
        self.lifecycles.truncate(at + 1);
        self.lifecycles.push(lifecycle);
        self.progress.go_on(call, at + 1);
        self.ended_at = Some(call.now);
    }

    /// Goes from where it is through these lifecycles, a step each.
    pub(super) fn go_on_through(&mut self, lifecycles: Vec<Value>, call: &Call<'_>) {
        let at = self.progress.look(call.now, call.pace, self.last());
        self.lifecycles.truncate(at + 1);
        self.lifecycles.extend(lifecycles);
        self.progress.go_on(call, at + 1);
    }

    /// The run as the service shows it at present.
    pub(super) fn document(&mut self, now: DateTime<Utc>, pace: Pace) -> Value {
        let lifecycle = self.lifecycle(now, pace).clone();
        let has_started = lifecycle["status"] != "pending" && lifecycle["status"] != "queued";
        let ended_at = is_end(&lifecycle).then(|| {
            let at = self.progress.at(self.last());
            self.ended_at.unwrap_or(at)
        });
        let started_at = self
            .progress
            .at(1)
            .min(ended_at.unwrap_or(DateTime::<Utc>::MAX_UTC));
        let mut document = self.fixed.clone();
        document["lifecycle"] = lifecycle;
        document["timing"] = json!({
            "created_at": time::text(self.created_at),
            "started_at": has_started.then(|| time::text(started_at)),
            "completed_at": ended_at.map(time::text),
        });
        document
    }
}

fn is_end(lifecycle: &Value) -> bool {
    let status = lifecycle["status"].as_str();
    matches!(status, Some("completed" | "error" | "cancelled"))
}
