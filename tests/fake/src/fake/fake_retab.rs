//! A running fake: its addresses, clock, runs and recorded requests.

use std::sync::Arc;

use serde_json::Value;

use crate::clock::Clock;
use crate::received_request::ReceivedRequest;
use crate::response::Response;
use crate::server::{Handler, Server};

/// A fake of the Retab API that listens on a loopback port until it is dropped.
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
    pub(super) server: Server,
    pub(super) handler: Arc<Handler>,
}

impl FakeRetab {
    /// An API key that the fake accepts. It also accepts any other key with one of the service's prefixes.
    pub const API_KEY: &str = "rt_test_fake";

    /// Returns the base URL for a client: scheme, host and port, without the `/v1` path prefix.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// Returns the clock of the fake. By default it is stopped at 2026-03-09T10:30:00Z until the test advances it.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.handler.service().clock.clone()
    }

    /// Sets the lifecycle states of runs created from now on.
    ///
    /// The first state is returned by the create operation. Each read moves the run to the next state, and the run stays
    /// in the last one. By default, a run is pending, then running, then completed.
    pub fn set_run_lifecycles(&self, lifecycles: impl IntoIterator<Item = Value>) {
        self.handler.service().runs.set_lifecycles(lifecycles);
    }

    /// Sets how many extractions, and how many parses, can be created per minute of the fake's clock. Defaults to 300.
    ///
    /// Above the limit, the fake responds 429, with the time until the next free slot in `Retry-After`.
    pub fn set_rate_limit(&self, limit: usize) {
        self.handler.service().background.rate_limit.limit = limit;
    }

    /// Adds an arbitrary JSON value to the run list, newer than all other runs, to simulate an item of an unknown shape.
    ///
    /// The value requires an `id`. The run appears in lists only and cannot be read by ID.
    pub fn add_listed_run(&self, run: Value) {
        self.handler.service().runs.add_list_only(run);
    }

    /// Queues a response for the next API request, whatever it asks for. Queued responses are sent in order.
    pub fn queue_response(&self, response: Response) {
        self.handler.service().canned.push_back(response);
    }

    /// Drops all queued responses.
    pub fn clear_queued_responses(&self) {
        self.handler.service().canned.clear();
    }

    /// Returns the recorded API requests, oldest first.
    ///
    /// The fake records the newest 100,000 requests, with at most 256 MiB of bodies, unless
    /// [`request_log_limit`](super::FakeRetabBuilder::request_log_limit) sets another limit.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.handler.service().received.all()
    }

    /// Removes and returns the recorded API requests, oldest first.
    #[must_use]
    pub fn take_requests(&self) -> Vec<ReceivedRequest> {
        self.handler.service().received.take()
    }

    /// Returns the number of API requests received so far, including those no longer recorded.
    #[must_use]
    pub fn request_count(&self) -> u64 {
        self.handler.service().received.count()
    }
}
