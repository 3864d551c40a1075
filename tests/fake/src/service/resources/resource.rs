//! A resource and its progress.

use serde_json::{Value, json};

use super::kind::{Kind, LIFECYCLES};
use crate::service::progress::Progress;
use crate::service::request::Request;
use crate::service::sample::Samples;
use crate::service::timestamp;

/// A resource of any kind.
pub(super) struct Resource {
    pub(super) value: Value,
    pub(super) progress: Progress,
    pub(super) is_cancelled: bool,
}

impl Resource {
    /// Returns whether the lifecycle has reached its last step.
    pub(super) fn is_completed(&self, request: &Request) -> bool {
        self.step(request) == LIFECYCLES.len() - 1
    }

    fn step(&self, request: &Request) -> usize {
        let mut progress = self.progress;
        progress.current_step(request.now, request.pace, LIFECYCLES.len() - 1)
    }

    /// Returns the current JSON representation.
    pub(super) fn to_json(&self, kind: &Kind, request: &Request, samples: &Samples) -> Value {
        let mut value = self.value.clone();
        if let Some(suffix) = kind.lifecycle {
            let step = self.step(request);
            let name = if self.is_cancelled {
                "Cancelled"
            } else {
                LIFECYCLES[step]
            };
            value["lifecycle"] = samples.component(&format!("{name}{suffix}"));
            // The schema does not require `status`, so a sample cannot be relied on.
            value["lifecycle"]["status"] = json!(name.to_lowercase());
            if value.get("timing").is_some() {
                let has_ended = self.is_cancelled || self.is_completed(request);
                value["timing"] = json!({
                    "created_at": timestamp::format(self.progress.started_at),
                    "started_at": (step > 0).then(|| timestamp::format(self.progress.time_of_step(1))),
                    "completed_at": has_ended.then(|| timestamp::format(self.progress.time_of_step(step))),
                    "duration_ms": null,
                });
            }
        }
        value
    }
}
