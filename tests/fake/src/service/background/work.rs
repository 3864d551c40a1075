//! One piece of work, and how far it has come.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::clock::Pace;
use crate::service::call::Call;
use crate::service::progress::Progress;
use crate::service::time;

/// What work in the background goes through before its end.
const UNDER_WAY: [&str; 3] = ["pending", "queued", "in_progress"];

/// How work ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Completed,
    Failed,
    Cancelled,
}

/// One piece of work.
pub(super) struct Work {
    /// As it is when it is completed.
    completed: Value,
    end: End,
    /// How many steps there are before the end.
    steps: usize,
    progress: Progress,
}

impl End {
    /// The end of this name.
    pub(super) fn of(name: &str) -> Option<Self> {
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

impl Work {
    pub(super) fn new(completed: Value, end: End, in_background: bool, call: &Call<'_>) -> Self {
        Self {
            completed,
            end,
            steps: if in_background { UNDER_WAY.len() } else { 0 },
            progress: Progress::begin(call),
        }
    }

    /// Reads it by itself, which can move it.
    pub(super) fn read(&mut self, call: &Call<'_>) {
        self.progress.read(call, self.steps);
    }

    /// Ends it at once, unless it has ended.
    pub(super) fn cancel(&mut self, call: &Call<'_>) {
        let at = self.at(call.now, call.pace);
        if at < self.steps {
            self.end = End::Cancelled;
            self.steps = at;
        }
    }

    /// The work as the service shows it at present.
    pub(super) fn document(&self, now: DateTime<Utc>, pace: Pace, with_output: bool) -> Value {
        let at = self.at(now, pace);
        let has_ended = at >= self.steps;
        let mut document = self.completed.clone();
        document["status"] = json!(match UNDER_WAY.get(at) {
            Some(status) if !has_ended => status,
            _ => self.end.status(),
        });
        let is_completed = has_ended && self.end == End::Completed;
        if !is_completed || !with_output {
            document["output"] = Value::Null;
            self.blank(&mut document, &["consensus", "filled_document_ref"]);
        }
        if has_ended && self.end == End::Failed {
            document["error"] = json!({
                "code": "asked_for",
                "message": "The work has failed because it was asked to",
                "details": null,
            });
        }
        if document.get("completed_at").is_some() {
            let ended = has_ended.then(|| time::text(self.progress.at(self.steps)));
            document["completed_at"] = json!(ended);
            if at == 0 && !has_ended {
                document["started_at"] = Value::Null;
            }
        }
        document
    }

    fn blank(&self, document: &mut Value, names: &[&str]) {
        for name in names {
            if self.completed.get(name).is_some() {
                document[*name] = Value::Null;
            }
        }
    }

    fn at(&self, now: DateTime<Utc>, pace: Pace) -> usize {
        // A look changes nothing but what the clock has changed already.
        let mut progress = self.progress;
        progress.look(now, pace, self.steps)
    }
}
