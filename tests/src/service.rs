//! What the fake does with one request: credentials, then the route, then the state behind it.

mod call;
mod create_run;
mod credentials;
mod files;
mod list_runs;
mod mime_data;
mod mistake;
mod pages;
mod progress;
mod route;
mod run_commands;
mod runs;
mod sample;
mod steps;
mod storage;
mod time;
pub(crate) mod workflows;

use std::collections::VecDeque;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::answer::Answer;
use crate::clock::{Clock, Pace};
use crate::received::Received;
use files::Files;
use runs::Runs;
use sample::Samples;
use steps::Steps;
use workflows::Workflows;

/// The state of the fake.
pub(crate) struct Service {
    pub(crate) clock: Clock,
    pub(crate) pace: Pace,
    pub(crate) samples: Samples,
    pub(crate) runs: Runs,
    pub(crate) steps: Steps,
    pub(crate) workflows: Workflows,
    pub(crate) canned: VecDeque<Answer>,
    pub(crate) received: Vec<Received>,
    pub(crate) files: Files,
    pub(crate) storage_canned: VecDeque<Answer>,
    pub(crate) storage_received: Vec<Received>,
}

impl Default for Service {
    fn default() -> Self {
        Self {
            clock: Clock::still(),
            pace: Pace::ByReads,
            samples: Samples::new(1),
            runs: Runs::default(),
            steps: Steps::default(),
            workflows: Workflows::default(),
            canned: VecDeque::new(),
            received: Vec::new(),
            files: Files::default(),
            storage_canned: VecDeque::new(),
            storage_received: Vec::new(),
        }
    }
}

impl Service {
    /// Answers one request and keeps it.
    pub(crate) fn answer(&mut self, request: Received) -> Answer {
        let answer = match self.canned.pop_front() {
            Some(canned) => canned,
            None => match route::check(&request, &self.clock, self.pace) {
                Ok(call) => self.answer_call(&call),
                Err(refusal) => refusal,
            },
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
