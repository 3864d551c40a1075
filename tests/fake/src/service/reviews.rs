//! Reviews of runs that await one, and what is decided by them.
//!
//! A review comes to be when its run awaits one, with two versions of what is to be reviewed: that of the model, and one
//! after it, so that the latest is not the first that a list has.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::pages::page;
use super::runs::Runs;
use super::sample::Samples;
use super::time;
use super::workflows::nothing;
use crate::response::Response;

/// How many reviews there are; beyond it the oldest goes.
const MOST_REVIEWS: usize = 5_000;

/// How many versions a review may have.
const MOST_VERSIONS: usize = 1_000;

/// The reviews of the fake, by their id.
#[derive(Default)]
pub(crate) struct Reviews {
    by_id: BTreeMap<String, Review>,
    count: usize,
    versions: usize,
}

struct Review {
    document: Value,
    /// The oldest first; each comes after the one before it.
    versions: Vec<Value>,
}

impl Reviews {
    pub(crate) fn answer(
        &mut self,
        call: &Call<'_>,
        runs: &mut Runs,
        samples: &Samples,
    ) -> Option<Response> {
        let is_own = call.operation.contains("review");
        if !is_own {
            return None;
        }
        self.look_for_new(call, runs, samples);
        let answer = match call.operation {
            "list_reviews" => Ok(self.list(call)),
            "get_review" => self
                .review(call.path("review_id"))
                .map(|review| Response::json(200, &review.document)),
            "list_review_versions" => self.list_versions(call),
            "get_review_version" => self.get_version(call),
            "create_review_version" => self.create_version(call),
            "approve_review" => self.decide("approved", call, runs),
            "reject_review" => self.decide("rejected", call, runs),
            _ => return None,
        };
        Some(answer.unwrap_or_else(|refusal| refusal))
    }

    /// Begins a review of each run that awaits one and has none.
    fn look_for_new(&mut self, call: &Call<'_>, runs: &mut Runs, samples: &Samples) {
        for run in runs.awaiting_review(call.now, call.pace) {
            let blocks = run["lifecycle"]["waiting_for_block_ids"].as_array();
            for block in blocks.into_iter().flatten() {
                let is_known = |review: &Review| {
                    review.document["run_id"] == run["id"] && review.document["block_id"] == *block
                };
                if !self.by_id.values().any(is_known) {
                    self.begin(&run, block, call, samples);
                }
            }
        }
    }

    fn begin(&mut self, run: &Value, block: &Value, call: &Call<'_>, samples: &Samples) {
        self.count += 1;
        let id = format!("rev_{:06}", self.count);
        let mut document = samples.of("get_review", 200);
        for (name, value) in [
            ("id", json!(id)),
            ("workflow_id", run["workflow_id"].clone()),
            ("workflow_version_id", run["workflow_version_id"].clone()),
            ("run_id", run["id"].clone()),
            ("block_id", block.clone()),
            ("step_id", block.clone()),
            ("parent_step_id", Value::Null),
            ("iteration_key", Value::Null),
            ("block_type", json!("extract")),
            ("triggered_by", json!({"kind": "always"})),
            ("created_at", json!(time::text(call.now))),
            ("decision", Value::Null),
        ] {
            document[name] = value;
        }
        let mut review = Review {
            document,
            versions: Vec::new(),
        };
        for (author, total) in [("model", 1284.0), ("agent", 1284.5)] {
            let snapshot = json!({"number": "2026-0117", "total": total});
            self.versions += 1;
            review.add(self.versions, author, snapshot, Value::Null, call);
        }
        self.by_id.insert(id, review);
        if self.by_id.len() > MOST_REVIEWS {
            self.by_id.pop_first();
        }
    }

    fn list(&self, call: &Call<'_>) -> Response {
        let mut reviews: Vec<Value> = self
            .by_id
            .values()
            .map(|review| review.document.clone())
            .collect();
        for name in [
            "workflow_id",
            "run_id",
            "block_id",
            "step_id",
            "iteration_key",
        ] {
            if let Some(wanted) = call.query_text(name) {
                reviews.retain(|review| review[name] == wanted);
            }
        }
        let wanted = call.query_text("decision_status").unwrap_or("pending");
        reviews.retain(|review| match review["decision"]["verdict"].as_str() {
            None => matches!(wanted, "pending" | "all"),
            Some(decision) => matches!(wanted, "decided" | "all") || decision == wanted,
        });
        page(call, reviews, "id")
    }

    fn list_versions(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let review = self.review(call.query_text("review_id").unwrap_or_default())?;
        Ok(page(call, review.versions.clone(), "id"))
    }

    fn get_version(&self, call: &Call<'_>) -> Result<Response, Response> {
        let mut versions = self.by_id.values().flat_map(|review| &review.versions);
        let version = versions.find(|version| version["id"] == call.path("version_id"));
        let version = version.ok_or_else(|| nothing("review version"))?;
        Ok(Response::json(200, version))
    }

    /// A version goes on from the latest one, or from one whose successors its author knows of.
    fn create_version(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let body = call.body();
        let number = self.versions + 1;
        let review = self.review(body["review_id"].as_str().unwrap_or_default())?;
        review.position(&body["parent_id"])?;
        if !review.document["decision"].is_null() {
            return Err(conflict("review_decided", "The review is decided"));
        }
        if !review.knows_what_follows(&body["parent_id"], body) {
            let message = "There are later versions, which the request does not acknowledge";
            return Err(conflict("review_version_superseded", message));
        }
        if review.versions.len() >= MOST_VERSIONS {
            return Err(conflict(
                "too_many_review_versions",
                "There are too many versions",
            ));
        }
        let note = body["note"].clone();
        let version = review.add(number, "human", body["snapshot"].clone(), note, call);
        let answer = Response::json(201, &version);
        self.versions = number;
        Ok(answer)
    }

    /// Decides a review. What was decided before stays, and is told as a conflict where it is another decision.
    fn decide(
        &mut self,
        decision: &str,
        call: &Call<'_>,
        runs: &mut Runs,
    ) -> Result<Response, Response> {
        let body = call.body();
        let review = self.review(call.path("review_id"))?;
        let version = &body["version_id"];
        review.position(version)?;
        let before = &review.document["decision"];
        let is_same = before["verdict"] == decision && before["version_id"] == *version;
        let submission = match before {
            Value::Null if decision == "approved" && !review.knows_what_follows(version, body) => {
                "conflict"
            }
            Value::Null => "accepted",
            _ if is_same => "already_applied",
            _ => "conflict",
        };
        let mut resume = "skipped";
        if submission == "accepted" {
            review.document["decision"] = json!({
                "verdict": decision,
                "version_id": version,
                "author": actor("human"),
                "created_at": time::text(call.now),
                "reason": body["reason"],
            });
            let run = review.document["run_id"].as_str().unwrap_or_default();
            if runs.resume(run, decision == "approved", call) {
                resume = "resumed";
            }
        }
        let answer = json!({
            "submission_status": submission,
            "review": review.document,
            "resume_status": resume,
            "resume_error": null,
        });
        Ok(Response::json(200, &answer))
    }

    fn review(&mut self, id: &str) -> Result<&mut Review, Response> {
        self.by_id.get_mut(id).ok_or_else(|| nothing("review"))
    }
}

impl Review {
    fn add(
        &mut self,
        number: usize,
        author: &str,
        snapshot: Value,
        note: Value,
        call: &Call<'_>,
    ) -> Value {
        let parent = self.versions.last().map(|version| version["id"].clone());
        let version = json!({
            "id": version_id(number),
            "review_id": self.document["id"],
            "parent_id": parent,
            "author": actor(author),
            "snapshot": snapshot,
            "note": note,
            "created_at": time::text(call.now),
        });
        self.versions.push(version.clone());
        version
    }

    fn position(&self, version: &Value) -> Result<usize, Response> {
        let position = self
            .versions
            .iter()
            .position(|known| known["id"] == *version);
        position.ok_or_else(|| nothing("review version"))
    }

    /// Whether a request names each version that comes after the one that it is about.
    fn knows_what_follows(&self, version: &Value, body: &Value) -> bool {
        let acknowledged = body["acknowledged_superseded_version_ids"].as_array();
        let mut later = self
            .versions
            .iter()
            .rev()
            .take_while(|later| later["id"] != *version);
        later.all(|later| acknowledged.is_some_and(|known| known.contains(&later["id"])))
    }
}

/// The form that the document gives: 26 digits of base 32.
fn version_id(number: usize) -> String {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut rest = number;
    let mut id: Vec<char> = Vec::with_capacity(26);
    for _ in 0..26 {
        id.push(char::from(digits[rest % digits.len()]));
        rest /= digits.len();
    }
    let id: String = id.into_iter().rev().collect();
    format!("rvr_{id}")
}

fn actor(kind: &str) -> Value {
    json!({"kind": kind, "id": format!("{kind}_1"), "display_name": format!("The {kind}")})
}

fn conflict(code: &str, message: &str) -> Response {
    Response::coded(StatusCode::CONFLICT, code, message)
}
