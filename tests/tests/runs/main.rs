//! Workflow versions, and runs from creation to their outputs.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests panic on failure"
)]

mod blocks;
mod lifecycle;
mod lists;
mod outputs;
mod restart;
mod versions;

use retab_ext::Client;
use retab_fake::{FakeRetab, ReceivedRequest};
use serde_json::Value;

/// Starts a fake and returns it with a client.
async fn fake_and_client() -> (FakeRetab, Client) {
    let fake = FakeRetab::start().await;
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url());
    let client = client.build().unwrap();
    (fake, client)
}

/// Takes the requests since the last call, as lines of method, path and query.
fn request_lines(fake: &FakeRetab) -> Vec<String> {
    let received = fake.take_requests().into_iter();
    received
        .map(
            |ReceivedRequest {
                 method,
                 path,
                 query,
                 ..
             }| match query.as_str() {
                "" => format!("{method} {path}"),
                query => format!("{method} {path}?{query}"),
            },
        )
        .collect()
}

/// Returns the JSON body of the last request.
fn last_body(fake: &FakeRetab) -> Value {
    let last = fake.requests().pop().unwrap();
    serde_json::from_slice(&last.body).unwrap()
}
