//! Reviews, their versions and decisions.
//!
//! A review is created when its run awaits one. It starts with two versions, one by the model and one by an agent, so that
//! the latest version is not the first in a list.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::{Value, json};

use super::not_found::not_found;
use super::pages::page;
use super::request::Request;
use super::runs::Runs;
use super::sample::Samples;
use super::timestamp;
use crate::response::Response;

/// The maximum number of reviews. The oldest review is dropped first.
const MAX_REVIEWS: usize = 5_000;

/// The maximum number of versions per review.
const MAX_VERSIONS: usize = 1_000;

/// The reviews of the fake, by ID.
#[derive(Default)]
pub(crate) struct Reviews {
    by_id: BTreeMap<String, Review>,
    count: usize,
    versions: usize,
}

struct Review {
    value: Value,
    /// Versions, oldest first. Each is the parent of the next.
    versions: Vec<Value>,
}

impl Reviews {
    pub(crate) fn handle(
        &mut self,
        request: &Request,
        runs: &mut Runs,
        samples: &Samples,
    ) -> Option<Response> {
        if !request.operation.contains("review") {
            return None;
        }
        self.create_pending(request, runs, samples);
        let response = match request.operation {
            "list_reviews" => Ok(self.list(request)),
            "get_review" => self
                .review(request.path("review_id"))
                .map(|review| Response::json(200, &review.value)),
            "list_review_versions" => self.list_versions(request),
            "get_review_version" => self.get_version(request),
            "create_review_version" => self.create_version(request),
            "approve_review" => self.decide("approved", request, runs),
            "reject_review" => self.decide("rejected", request, runs),
            _ => return None,
        };
        Some(response.unwrap_or_else(|error| error))
    }

    /// Creates the missing reviews of runs that await one.
    fn create_pending(&mut self, request: &Request, runs: &mut Runs, samples: &Samples) {
        for run in runs.awaiting_review(request.now, request.pace) {
            let blocks = run["lifecycle"]["waiting_for_block_ids"].as_array();
            for block in blocks.into_iter().flatten() {
                let exists = |review: &Review| {
                    review.value["run_id"] == run["id"] && review.value["block_id"] == *block
                };
                if !self.by_id.values().any(exists) {
                    self.create(&run, block, request, samples);
                }
            }
        }
    }

    fn create(&mut self, run: &Value, block: &Value, request: &Request, samples: &Samples) {
        self.count += 1;
        let id = format!("rev_{:06}", self.count);
        let mut review = samples.body("get_review", 200);
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
            ("created_at", json!(timestamp::format(request.now))),
            ("decision", Value::Null),
        ] {
            review[name] = value;
        }
        let mut review = Review {
            value: review,
            versions: Vec::new(),
        };
        for (author, total) in [("model", 1284.0), ("agent", 1284.5)] {
            let snapshot = json!({"number": "2026-0117", "total": total});
            self.versions += 1;
            review.add(self.versions, author, snapshot, Value::Null, request);
        }
        self.by_id.insert(id, review);
        if self.by_id.len() > MAX_REVIEWS {
            self.by_id.pop_first();
        }
    }

    fn list(&self, request: &Request) -> Response {
        let mut reviews: Vec<Value> = self
            .by_id
            .values()
            .map(|review| review.value.clone())
            .collect();
        for name in [
            "workflow_id",
            "run_id",
            "block_id",
            "step_id",
            "iteration_key",
        ] {
            if let Some(expected) = request.query_text(name) {
                reviews.retain(|review| review[name] == expected);
            }
        }
        let status = request.query_text("decision_status").unwrap_or("pending");
        reviews.retain(|review| match review["decision"]["verdict"].as_str() {
            None => matches!(status, "pending" | "all"),
            Some(decision) => matches!(status, "decided" | "all") || decision == status,
        });
        page(request, reviews, "id")
    }

    fn list_versions(&mut self, request: &Request) -> Result<Response, Response> {
        let review = self.review(request.query_text("review_id").unwrap_or_default())?;
        Ok(page(request, review.versions.clone(), "id"))
    }

    fn get_version(&self, request: &Request) -> Result<Response, Response> {
        let mut versions = self.by_id.values().flat_map(|review| &review.versions);
        let version = versions.find(|version| version["id"] == request.path("version_id"));
        let version = version.ok_or_else(|| not_found("review version"))?;
        Ok(Response::json(200, version))
    }

    /// Creates a version.
    ///
    /// # Errors
    ///
    /// Returns a 409 response if the review has been decided, or if the request does not acknowledge all versions after its
    /// parent.
    fn create_version(&mut self, request: &Request) -> Result<Response, Response> {
        let body = request.body();
        let number = self.versions + 1;
        let review = self.review(body["review_id"].as_str().unwrap_or_default())?;
        review.position(&body["parent_id"])?;
        if !review.value["decision"].is_null() {
            return Err(conflict(
                "review_decided",
                "The review has already been decided",
            ));
        }
        if !review.acknowledges_later_versions(&body["parent_id"], body) {
            let message = "The request does not acknowledge all later versions";
            return Err(conflict("review_version_superseded", message));
        }
        if review.versions.len() >= MAX_VERSIONS {
            return Err(conflict("too_many_review_versions", "Too many versions"));
        }
        let note = body["note"].clone();
        let version = review.add(number, "human", body["snapshot"].clone(), note, request);
        let response = Response::json(201, &version);
        self.versions = number;
        Ok(response)
    }

    /// Decides a review. An earlier decision is final, and a different decision is reported as a conflict.
    fn decide(
        &mut self,
        decision: &str,
        request: &Request,
        runs: &mut Runs,
    ) -> Result<Response, Response> {
        let body = request.body();
        let review = self.review(request.path("review_id"))?;
        let version = &body["version_id"];
        review.position(version)?;
        let previous = &review.value["decision"];
        let is_same = previous["verdict"] == decision && previous["version_id"] == *version;
        let submission = match previous {
            Value::Null
                if decision == "approved" && !review.acknowledges_later_versions(version, body) =>
            {
                "conflict"
            }
            Value::Null => "accepted",
            _ if is_same => "already_applied",
            _ => "conflict",
        };
        let mut resume = "skipped";
        if submission == "accepted" {
            review.value["decision"] = json!({
                "verdict": decision,
                "version_id": version,
                "author": actor("human"),
                "created_at": timestamp::format(request.now),
                "reason": body["reason"],
            });
            let run = review.value["run_id"].as_str().unwrap_or_default();
            if runs.resume(run, decision == "approved", request) {
                resume = "resumed";
            }
        }
        let response = json!({
            "submission_status": submission,
            "review": review.value,
            "resume_status": resume,
            "resume_error": null,
        });
        Ok(Response::json(200, &response))
    }

    fn review(&mut self, id: &str) -> Result<&mut Review, Response> {
        self.by_id.get_mut(id).ok_or_else(|| not_found("review"))
    }
}

impl Review {
    fn add(
        &mut self,
        number: usize,
        author: &str,
        snapshot: Value,
        note: Value,
        request: &Request,
    ) -> Value {
        let parent = self.versions.last().map(|version| version["id"].clone());
        let version = json!({
            "id": version_id(number),
            "review_id": self.value["id"],
            "parent_id": parent,
            "author": actor(author),
            "snapshot": snapshot,
            "note": note,
            "created_at": timestamp::format(request.now),
        });
        self.versions.push(version.clone());
        version
    }

    fn position(&self, version: &Value) -> Result<usize, Response> {
        let position = self
            .versions
            .iter()
            .position(|other| other["id"] == *version);
        position.ok_or_else(|| not_found("review version"))
    }

    /// Returns whether the body acknowledges all versions after `version`.
    fn acknowledges_later_versions(&self, version: &Value, body: &Value) -> bool {
        let acknowledged = body["acknowledged_superseded_version_ids"].as_array();
        let mut later = self
            .versions
            .iter()
            .rev()
            .take_while(|later| later["id"] != *version);
        later.all(|later| acknowledged.is_some_and(|ids| ids.contains(&later["id"])))
    }
}

/// Formats a version ID as the spec requires, with 26 base-32 digits.
fn version_id(number: usize) -> String {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut remaining = number;
    let mut id: Vec<char> = Vec::with_capacity(26);
    for _ in 0..26 {
        id.push(char::from(digits[remaining % digits.len()]));
        remaining /= digits.len();
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
