//! Versions of a workflow, and runs from their start to what they give.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by them"
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

/// A fake, and a client of it.
async fn service() -> (FakeRetab, Client) {
    let fake = FakeRetab::start().await;
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url());
    let client = client.build().unwrap();
    (fake, client)
}

/// Method, path and query of every request since the last time.
fn asked(fake: &FakeRetab) -> Vec<String> {
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

/// The JSON body of the last request.
fn last_body(fake: &FakeRetab) -> Value {
    let last = fake.requests().pop().unwrap();
    serde_json::from_slice(&last.body).unwrap()
}
