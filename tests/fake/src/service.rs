//! What the fake does with one request: credentials, then the document, then the state behind the operation.

mod background;
mod call;
mod credentials;
mod files;
mod mime_data;
mod pages;
mod patch;
mod progress;
mod rate_limit;
mod record;
mod resources;
mod reviews;
pub(crate) mod route;
mod runs;
pub(crate) mod sample;
mod schemas;
mod secrets;
mod storage;
mod tables;
mod time;
mod violation;
pub(crate) mod workflows;

use std::collections::VecDeque;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::clock::{Clock, Pace};
use crate::received_request::ReceivedRequest;
use crate::response::Response;
use background::Background;
use files::Files;
use record::Record;
use resources::Resources;
use reviews::Reviews;
use route::Undeclared;
use runs::Runs;
use sample::Samples;
use schemas::Schemas;
use secrets::Secrets;
use tables::Tables;
use workflows::Workflows;

pub(crate) use files::{MOST_KEPT_OF_A_FILE, Stored};
pub(crate) use route::LARGEST_BODY;

/// The state of the fake.
pub(crate) struct Service {
    pub(crate) clock: Clock,
    pub(crate) pace: Pace,
    pub(crate) undeclared: Undeclared,
    pub(crate) samples: Samples,
    pub(crate) runs: Runs,
    pub(crate) workflows: Workflows,
    pub(crate) background: Background,
    pub(crate) reviews: Reviews,
    pub(crate) schemas: Schemas,
    pub(crate) tables: Tables,
    pub(crate) secrets: Secrets,
    pub(crate) resources: Resources,
    pub(crate) canned: VecDeque<Response>,
    pub(crate) received: Record,
    pub(crate) files: Files,
    pub(crate) storage_canned: VecDeque<Response>,
    pub(crate) storage_received: Record,
}

impl Default for Service {
    fn default() -> Self {
        Self {
            clock: Clock::stopped(),
            pace: Pace::ByReads,
            undeclared: Undeclared::FirstError,
            samples: Samples::new(1),
            runs: Runs::default(),
            workflows: Workflows::default(),
            background: Background::default(),
            reviews: Reviews::default(),
            schemas: Schemas::default(),
            tables: Tables::default(),
            secrets: Secrets::default(),
            resources: Resources::default(),
            canned: VecDeque::new(),
            received: Record::default(),
            files: Files::default(),
            storage_canned: VecDeque::new(),
            storage_received: Record::default(),
        }
    }
}

impl Service {
    /// Keeps a request, and gives the id of it.
    pub(crate) fn take_in(&mut self, request: &ReceivedRequest) -> String {
        self.received.add(request);
        format!("req_{:06}", self.received.count())
    }

    /// Answers a request to the storage.
    pub(crate) fn answer_of_storage(
        &mut self,
        request: &ReceivedRequest,
        stored: Stored,
    ) -> Response {
        let now = self.clock.now();
        storage::answer(&mut self.files, request, stored, now)
    }
}

/// The SHA-256 of these bytes, in lowercase hexadecimal digits.
fn sha256(bytes: &[u8]) -> String {
    digits(&Sha256::digest(bytes))
}

/// Bytes in lowercase hexadecimal digits.
pub(crate) fn digits(bytes: &[u8]) -> String {
    let mut digits = String::new();
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
