//! Tests of the generated types against JSON that the service sends and expects.

#![allow(
    clippy::doc_markdown,
    clippy::unwrap_used,
    missing_docs,
    reason = "tests fail by panicking, and their names document them"
)]

mod forward_compatibility;
mod generated_sources;
mod redaction;
mod requests;
#[allow(dead_code, reason = "the runtime tests use the other items")]
#[path = "../runtime/scripted_server.rs"]
mod scripted_server;
mod unions;
mod values;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Decodes JSON.
#[track_caller]
fn decode<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap()
}

/// Encodes a value as JSON.
#[track_caller]
fn encode<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap()
}

/// Asserts that `text` decodes and encodes back unchanged.
#[track_caller]
fn round_trip<T: DeserializeOwned + Serialize>(text: &str) -> T {
    let value: T = decode(text);
    assert_eq!(encode(&value), text);
    value
}
