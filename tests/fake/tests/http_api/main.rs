//! HTTP API tests of the fake server with a generic HTTP client.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests and their helpers may panic"
)]

mod background;
mod command_line;
mod conformance;
mod faults;
mod http;
mod lifecycle;
mod program;
mod resources;
mod reviews;
mod storage;
mod tables;
mod workflows;

use retab_fake::FakeRetab;
use serde_json::Value;

/// Returns a `reqwest` client without a connection pool.
///
/// Clients are reused within a thread because they are slow to create with TLS.
fn client() -> reqwest::Client {
    thread_local! {
        static CLIENT: reqwest::Client = {
            // Feature unification with `retab-ext` makes reqwest require a crypto provider, even for plain HTTP.
            let _ = rustls::crypto::ring::default_provider().install_default();
            reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap()
        };
    }
    CLIENT.with(reqwest::Client::clone)
}

/// A fully read response.
struct TestResponse {
    status: u16,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl TestResponse {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// Returns the error code.
    fn code(&self) -> String {
        let body = self.json();
        body["detail"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

/// Sends a request with a line such as `POST /v1/workflows/runs`. A null body sends no body.
async fn send(fake: &FakeRetab, line: &str, body: Value) -> TestResponse {
    let (method, target) = line.split_once(' ').unwrap();
    let url = format!("{}{target}", fake.base_url());
    let request = client()
        .request(method.parse().unwrap(), url)
        .bearer_auth(FakeRetab::API_KEY);
    let request = if body.is_null() {
        request
    } else {
        request
            .header("content-type", "application/json")
            .body(body.to_string())
    };
    execute(request).await
}

async fn get(fake: &FakeRetab, target: &str) -> TestResponse {
    send(fake, &format!("GET {target}"), Value::Null).await
}

async fn execute(request: reqwest::RequestBuilder) -> TestResponse {
    let response = request.send().await.unwrap();
    TestResponse {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}
