//! The lifecycles of runs by requested outcome.

use serde_json::{Value, json};

/// The outcomes that a request can select with `fake_end` in the metadata or in a JSON input.
pub(super) const OUTCOMES: [&str; 4] = ["completed", "error", "cancelled", "awaiting_review"];

/// The key with which a request selects an outcome.
pub(super) const OUTCOME_KEY: &str = "fake_end";

/// Returns the lifecycles of a run without a requested outcome.
pub(super) fn default_lifecycles() -> Vec<Value> {
    ["pending", "running", "completed"]
        .map(|status| json!({ "status": status }))
        .into()
}

/// Returns the lifecycles of a run that ends with `outcome` at the given block.
pub(super) fn lifecycles(outcome: &str, block: String) -> Vec<Value> {
    let mut lifecycles = default_lifecycles();
    if let Some(last) = lifecycles.last_mut() {
        *last = match outcome {
            "error" => json!({
                "status": "error",
                "message": "The run failed as requested by `fake_end`",
                "stage": "execution",
                "category": "permanent",
                "details": {"message": "requested by fake_end", "block_id": block},
                "failing_step_id": block,
            }),
            "cancelled" => json!({"status": "cancelled", "reason": "requested by fake_end"}),
            "awaiting_review" => {
                json!({"status": "awaiting_review", "waiting_for_block_ids": [block]})
            }
            _ => json!({"status": "completed"}),
        };
    }
    lifecycles
}

/// Returns the remaining lifecycles of a run after its review is approved.
pub(super) fn after_approval() -> Vec<Value> {
    ["running", "completed"]
        .map(|status| json!({ "status": status }))
        .into()
}

/// Returns the remaining lifecycles of a run after its review is rejected.
pub(super) fn after_rejection() -> Vec<Value> {
    vec![json!({"status": "cancelled", "reason": "the review was rejected"})]
}
