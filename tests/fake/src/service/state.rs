//! The state of the fake service.

use std::collections::VecDeque;

use super::background::Background;
use super::files::{Files, StoredContent};
use super::request_log::RequestLog;
use super::resources::Resources;
use super::reviews::Reviews;
use super::runs::Runs;
use super::sample::Samples;
use super::schemas::Schemas;
use super::secrets::Secrets;
use super::storage;
use super::tables::Tables;
use super::undeclared::Undeclared;
use super::workflows::Workflows;
use crate::clock::{Clock, Pace};
use crate::received_request::ReceivedRequest;
use crate::response::Response;

/// The state of the fake service and its object storage.
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
    pub(crate) received: RequestLog,
    pub(crate) files: Files,
    pub(crate) storage_canned: VecDeque<Response>,
    pub(crate) storage_received: RequestLog,
}

impl Default for Service {
    fn default() -> Self {
        Self {
            clock: Clock::stopped(),
            pace: Pace::ByReads,
            undeclared: Undeclared::Rejected,
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
            received: RequestLog::default(),
            files: Files::default(),
            storage_canned: VecDeque::new(),
            storage_received: RequestLog::default(),
        }
    }
}

impl Service {
    /// Logs a request and returns its request ID.
    pub(crate) fn log_request(&mut self, received: &ReceivedRequest) -> String {
        self.received.add(received);
        format!("req_{:06}", self.received.count())
    }

    /// Handles a request to the object storage.
    pub(crate) fn handle_storage(
        &mut self,
        received: &ReceivedRequest,
        content: StoredContent,
    ) -> Response {
        let now = self.clock.now();
        storage::handle(&mut self.files, received, content, now)
    }
}
