mod builder;
mod files;
mod workflows;

use std::sync::Arc;

use serde_json::Value;

use crate::clock::Clock;
use crate::received_request::ReceivedRequest;
use crate::response::Response;
use crate::server::{Handler, Server};
pub use builder::Builder;

/// The fake service, listening on a free loopback port until it is dropped.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use retab_fake::FakeRetab;
/// use serde_json::json;
///
/// let fake = FakeRetab::start().await;
/// fake.set_run_lifecycles([
///     json!({"status": "running"}),
///     json!({"status": "cancelled", "reason": "no longer needed"}),
/// ]);
/// // ... point a client at fake.base_url(), with the key FakeRetab::API_KEY
/// assert!(fake.requests().is_empty());
/// # Ok(())
/// # }
/// ```
pub struct FakeRetab {
    server: Server,
    handler: Arc<Handler>,
}

impl FakeRetab {
    /// A key that the fake accepts; so is any other one with a prefix of the service's keys.
    pub const API_KEY: &str = "rt_test_fake";

    /// Starts a fake without any run, whose runs move by a step with each read.
    ///
    /// # Panics
    ///
    /// No port of the loopback is free; [`builder`](Self::builder) says so by an error.
    #[allow(clippy::expect_used, reason = "a test fails by it")]
    pub async fn start() -> Self {
        let started = Self::builder().start().await;
        started.expect("a port of the loopback is free")
    }

    /// A fake that is set up first: its port, its clock, its faults.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The URL to give to a client: scheme, host and port, without the `/v1` of the paths.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// The clock of the fake, which stands still at 2026-03-09T10:30:00Z until it is turned.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.handler.service().clock.clone()
    }

    /// Sets the lifecycles of the runs that are created from now on: the first one is the answer to the creation, each
    /// read moves the run to the next, and the last one stays.
    ///
    /// Until this is called, a run is pending, then running, then completed.
    pub fn set_run_lifecycles(&self, lifecycles: impl IntoIterator<Item = Value>) {
        self.handler.service().runs.set_lifecycles(lifecycles);
    }

    /// Sets how many extractions, and how many parses, can be created within a minute of the fake's clock; 300 until this
    /// is called. One more is answered 429, with the time after which there is room for it.
    pub fn set_rate_limit(&self, most: usize) {
        self.handler.service().background.rate_limit.limit = most;
    }

    /// Adds a run to the list of runs as it is, newer than all others, so that a list can have an item of another shape
    /// than clients know. It needs an `id`.
    ///
    /// It cannot be read by itself.
    pub fn add_listed_run(&self, run: Value) {
        self.handler.service().runs.add_list_only(run);
    }

    /// Queues an answer that the next request gets, whatever it asks for; several are given in order.
    pub fn queue_response(&self, answer: Response) {
        self.handler.service().canned.push_back(answer);
    }

    /// Drops the answers that are queued.
    pub fn clear_queued_responses(&self) {
        self.handler.service().canned.clear();
    }

    /// Every request so far, the oldest first: the newest 100,000, and no more than have 256 MiB of bodies, unless the
    /// [builder](Builder::request_log_limit) says otherwise.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.handler.service().received.all()
    }

    /// Every request since this was called last, the oldest first; [`received`](Self::received) starts anew.
    #[must_use]
    pub fn take_requests(&self) -> Vec<ReceivedRequest> {
        self.handler.service().received.take()
    }

    /// How many requests there were so far, be they kept or not.
    #[must_use]
    pub fn request_count(&self) -> u64 {
        self.handler.service().received.count()
    }
}
