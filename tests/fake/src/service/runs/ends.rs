//! What runs go through, by how they are asked to end.

use serde_json::{Value, json};

/// How a request can ask for a run to end: in the metadata `fake_end`, or as `fake_end` in one of the JSON inputs.
pub(super) const ENDS: [&str; 4] = ["completed", "error", "cancelled", "awaiting_review"];

/// The name under which a request asks for an end.
pub(super) const ASKED_BY: &str = "fake_end";

/// What a run goes through that asks for nothing.
pub(super) fn usual() -> Vec<Value> {
    ["pending", "running", "completed"]
        .map(|status| json!({ "status": status }))
        .into()
}

/// What a run goes through that asks for an end.
pub(super) fn of(end: &str, block: String) -> Vec<Value> {
    let mut lifecycles = usual();
    if let Some(last) = lifecycles.last_mut() {
        *last = match end {
            "error" => json!({
                "status": "error",
                "message": "The run has failed because it was asked to",
                "stage": "execution",
                "category": "permanent",
                "details": {"message": "asked for by fake_end", "block_id": block},
                "failing_step_id": block,
            }),
            "cancelled" => json!({"status": "cancelled", "reason": "asked for by fake_end"}),
            "awaiting_review" => {
                json!({"status": "awaiting_review", "waiting_for_block_ids": [block]})
            }
            _ => json!({"status": "completed"}),
        };
    }
    lifecycles
}

/// What a run goes through once its review is approved.
pub(super) fn approved() -> Vec<Value> {
    ["running", "completed"]
        .map(|status| json!({ "status": status }))
        .into()
}

/// What a run goes through once its review is rejected.
pub(super) fn rejected() -> Vec<Value> {
    vec![json!({"status": "cancelled", "reason": "the review was rejected"})]
}
