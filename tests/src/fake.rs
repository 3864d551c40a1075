mod files;
mod workflows;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde_json::Value;

use crate::answer::Answer;
use crate::clock::Clock;
use crate::received::Received;
use crate::service::Service;

/// The fake service, listening on a free loopback port until it is dropped.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use retab_tests::FakeRetab;
/// use serde_json::json;
///
/// let fake = FakeRetab::start().await;
/// fake.move_runs_through([
///     json!({"status": "running"}),
///     json!({"status": "cancelled", "reason": "no longer needed"}),
/// ]);
/// // ... point a client at fake.base_url(), with the key FakeRetab::API_KEY
/// assert!(fake.received().is_empty());
/// # Ok(())
/// # }
/// ```
pub struct FakeRetab {
    server: MockServer,
    /// Another server, as it is with the real one: what it gets must not have the credentials of the first.
    storage: MockServer,
    service: Arc<Mutex<Service>>,
}

impl FakeRetab {
    /// A key that the fake accepts; so is any other one with a prefix of the service's keys.
    pub const API_KEY: &str = "rt_test_fake";

    /// Starts a fake without any run.
    pub async fn start() -> Self {
        let server = MockServer::start_async().await;
        let storage = MockServer::start_async().await;
        let service = Arc::new(Mutex::new(Service::default()));
        lock(&service).files.storage = storage.base_url();
        route(&server, &service, Service::answer).await;
        route(&storage, &service, Service::answer_of_storage).await;
        Self {
            server,
            storage,
            service,
        }
    }

    /// The URL to give to a client: scheme, host and port, without the `/v1` of the paths.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.server.base_url()
    }

    /// The clock of the fake, which stands still at 2026-03-09T10:30:00Z until it is turned.
    #[must_use]
    pub fn clock(&self) -> Clock {
        lock(&self.service).clock.clone()
    }

    /// Sets the lifecycles of the runs that are created from now on: the first one is the answer to the creation, each
    /// read moves the run to the next, and the last one stays.
    ///
    /// Until this is called, a run is pending, then running, then completed.
    pub fn move_runs_through(&self, lifecycles: impl IntoIterator<Item = Value>) {
        lock(&self.service).runs.plan(lifecycles);
    }

    /// Adds a run to the list of runs as it is, newer than all others, so that a list can have an item of another shape
    /// than clients know. It needs an `id`.
    ///
    /// It cannot be read by itself.
    pub fn list_also(&self, run: Value) {
        lock(&self.service).runs.add(run);
    }

    /// Queues an answer that the next request gets, whatever it asks for; several are given in order.
    pub fn answer_next(&self, answer: Answer) {
        lock(&self.service).canned.push_back(answer);
    }

    /// Drops the answers that are queued.
    pub fn forget_answers(&self) {
        lock(&self.service).canned.clear();
    }

    /// Every request so far, the oldest first.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        lock(&self.service).received.clone()
    }

    /// Every request since this was called last, the oldest first; [`received`](Self::received) starts anew.
    #[must_use]
    pub fn take_received(&self) -> Vec<Received> {
        std::mem::take(&mut lock(&self.service).received)
    }
}

/// Hands every request that a server gets to the service.
async fn route(
    server: &MockServer,
    service: &Arc<Mutex<Service>>,
    answer: fn(&mut Service, Received) -> Answer,
) {
    let service = Arc::clone(service);
    let respond = move |request: &HttpMockRequest| -> HttpMockResponse {
        answer(&mut lock(&service), Received::from(request)).into()
    };
    server
        .mock_async(|when, then| {
            when.any_request();
            then.respond_with(respond);
        })
        .await;
}

/// A test that panicked while it held the lock has failed already; the other tests go on.
fn lock(service: &Mutex<Service>) -> MutexGuard<'_, Service> {
    service.lock().unwrap_or_else(PoisonError::into_inner)
}
