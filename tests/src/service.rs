//! What the fake does with one request: credentials, then the route, then the state behind it.

mod create_run;
mod credentials;
mod files;
mod list_runs;
mod mime_data;
mod mistake;
mod run_commands;
mod runs;
mod steps;
mod storage;
pub(crate) mod workflows;

use std::collections::VecDeque;
use std::fmt::Write as _;

use http::{Method, StatusCode};
use sha2::{Digest as _, Sha256};

use crate::answer::Answer;
use crate::received::Received;
use files::Files;
use runs::Runs;
use steps::Steps;
use workflows::Workflows;

/// The state of the fake.
#[derive(Default)]
pub(crate) struct Service {
    pub(crate) runs: Runs,
    pub(crate) steps: Steps,
    pub(crate) workflows: Workflows,
    pub(crate) canned: VecDeque<Answer>,
    pub(crate) received: Vec<Received>,
    pub(crate) files: Files,
    pub(crate) storage_canned: VecDeque<Answer>,
    pub(crate) storage_received: Vec<Received>,
}

/// How large the body of a request may be; the service takes about as much.
const LARGEST_BODY: usize = 32 * 1024 * 1024;

impl Service {
    /// Answers one request and keeps it.
    pub(crate) fn answer(&mut self, request: Received) -> Answer {
        let answer = match self.canned.pop_front() {
            Some(canned) => canned,
            None => self.route(&request),
        };
        self.received.push(request);
        answer.header("x-request-id", &format!("req_{:06}", self.received.len()))
    }

    /// Answers one request to the storage and keeps it.
    pub(crate) fn answer_of_storage(&mut self, request: Received) -> Answer {
        let answer = match self.storage_canned.pop_front() {
            Some(canned) => canned,
            None => storage::answer(&mut self.files, &request),
        };
        self.storage_received.push(request);
        answer
    }

    fn route(&mut self, request: &Received) -> Answer {
        if let Err(refusal) = credentials::check(&request.headers) {
            return refusal;
        }
        if request.body.len() > LARGEST_BODY {
            return Answer::detail(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large");
        }
        let segments: Vec<&str> = request.path.split('/').skip(1).collect();
        match (&request.method, segments.as_slice()) {
            (&Method::POST, ["v1", "workflows", "runs"]) => {
                let production = self.workflows.published.as_deref();
                self.runs.create(request, &mut self.files, production)
            }
            (&Method::GET, ["v1", "workflows", "runs"]) => list_runs::answer(&self.runs, request),
            (&Method::POST, ["v1", "workflows", "runs", "export"]) => self.runs.export(request),
            (&Method::GET, ["v1", "workflows", "runs", id]) => self.runs.read(id),
            (&Method::DELETE, ["v1", "workflows", "runs", id]) => self.runs.delete(id),
            (&Method::POST, ["v1", "workflows", "runs", id, "cancel"]) => self.runs.cancel(id),
            (&Method::GET, ["v1", "workflows", "steps"]) => self.steps.list(request),
            (&Method::GET, ["v1", "workflows", "artifacts"]) => self.steps.list_artifacts(request),
            (&Method::GET, ["v1", "workflows", "blocks"]) => self.workflows.list_blocks(request),
            (&Method::GET, ["v1", "workflows", "versions"]) => {
                self.workflows.list_versions(request)
            }
            (&Method::GET, ["v1", "workflows", "versions", "diff"]) => self.workflows.diff(request),
            (&Method::GET, ["v1", "workflows", "versions", id]) => {
                self.workflows.read_version(id, request)
            }
            (&Method::POST, ["v1", "workflows", "versions", id, "restore"]) => {
                self.workflows.restore(id, request)
            }
            (&Method::POST, ["v1", "files", "upload"]) => self.files.open(request),
            (&Method::POST, ["v1", "files", "upload", id, "complete"]) => {
                self.files.complete(id, request)
            }
            (&Method::GET, ["v1", "files", id, "download-link"]) => self.files.link(id),
            (_, ["v1", "workflows", "runs"] | ["v1", "workflows", "runs", _]) => {
                Answer::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
            }
            (&Method::GET, ["v1", "workflows", id]) => self.workflows.read(id),
            _ => Answer::detail(StatusCode::NOT_FOUND, "Not Found"),
        }
    }
}

/// The SHA-256 of these bytes, in lowercase hexadecimal digits.
fn sha256(bytes: &[u8]) -> String {
    let mut digits = String::new();
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
