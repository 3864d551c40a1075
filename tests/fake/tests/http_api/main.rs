//! The fake itself: what it answers, over HTTP, to clients that are not ours.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by them, in its helpers as well"
)]

mod background;
mod command_line;
mod every_answer;
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

/// A client of no service in particular, which keeps no connection.
///
/// Each test has a thread, and with it a client; making one is slow where reqwest has TLS in it.
fn client() -> reqwest::Client {
    thread_local! {
        static CLIENT: reqwest::Client = {
            // With the features of `retab-ext`, reqwest makes no client without a provider, although nothing is encrypted.
            let _ = rustls::crypto::ring::default_provider().install_default();
            reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap()
        };
    }
    CLIENT.with(reqwest::Client::clone)
}

/// The answer to a call with the fake's key.
struct Got {
    status: u16,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The code of a refusal.
    fn code(&self) -> String {
        let body = self.json();
        body["detail"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

/// Calls the fake: `POST /v1/workflows/runs`, with a body that can be null for none.
async fn call(fake: &FakeRetab, line: &str, body: Value) -> Got {
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
    got(request).await
}

async fn get(fake: &FakeRetab, target: &str) -> Got {
    call(fake, &format!("GET {target}"), Value::Null).await
}

async fn got(request: reqwest::RequestBuilder) -> Got {
    let response = request.send().await.unwrap();
    Got {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}
