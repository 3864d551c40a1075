//! What the fake does with one request: credentials, then the route, then the state behind it.

mod create_run;
mod credentials;
mod mime_data;
mod mistake;
mod runs;

use std::collections::VecDeque;

use http::{Method, StatusCode};

use crate::answer::Answer;
use crate::received::Received;
use runs::Runs;

/// The state of the fake.
#[derive(Default)]
pub(crate) struct Service {
    pub(crate) runs: Runs,
    pub(crate) canned: VecDeque<Answer>,
    pub(crate) received: Vec<Received>,
}

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

    fn route(&mut self, request: &Received) -> Answer {
        if let Err(refusal) = credentials::check(&request.headers) {
            return refusal;
        }
        let segments: Vec<&str> = request.path.split('/').skip(1).collect();
        match (&request.method, segments.as_slice()) {
            (&Method::POST, ["v1", "workflows", "runs"]) => self.runs.create(request),
            (&Method::GET, ["v1", "workflows", "runs", id]) => self.runs.read(id),
            (_, ["v1", "workflows", "runs"] | ["v1", "workflows", "runs", _]) => {
                Answer::detail(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
            }
            _ => Answer::detail(StatusCode::NOT_FOUND, "Not Found"),
        }
    }
}
