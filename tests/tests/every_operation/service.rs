//! One call at a time to a service that answers what it is told.

use retab_api::dispatcher::dispatch;
use retab_api::runtime::{DispatchError, Outcome};
use retab_tests::{Answer, FakeRetab, Received};
use serde_json::{Map, Value};

/// The service, and the client that calls it.
pub(crate) struct Service {
    fake: FakeRetab,
    client: retab_api::Client,
}

impl Service {
    pub(crate) async fn start() -> Self {
        let fake = FakeRetab::start().await;
        let client = retab_ext::Client::builder()
            .api_key(FakeRetab::API_KEY)
            .base_url(fake.base_url())
            .build()
            .unwrap();
        let client = client.api().clone();
        Self { fake, client }
    }

    /// Calls an operation; gives what the client made of the answer, and what had arrived.
    pub(crate) async fn call(
        &self,
        operation: &str,
        arguments: &Map<String, Value>,
        answer: Answer,
    ) -> (Result<Outcome, DispatchError>, Vec<Received>) {
        self.fake.forget_answers();
        self.fake.answer_next(answer);
        let outcome = dispatch(&self.client, operation, arguments.clone()).await;
        (outcome, self.fake.take_received())
    }
}

/// Bytes that are no text, and more than one read of a socket gets.
pub(crate) fn bytes() -> Vec<u8> {
    (0..100_000_u32)
        .map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()[3])
        .collect()
}
