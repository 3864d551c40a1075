//! The generated types against the bytes that the service sends and expects.

#![allow(
    clippy::doc_markdown,
    clippy::unwrap_used,
    missing_docs,
    reason = "a test fails by a panic, and its name says what it is about"
)]

mod leaks;
mod open;
mod requests;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../runtime/scripted_server.rs"]
mod scripted_server;
mod sources;
mod unions;
mod values;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The value that `text` decodes into.
#[track_caller]
fn read<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap()
}

/// The bytes that a value is sent as.
#[track_caller]
fn written<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap()
}

/// Whether `text` decodes and is written back byte by byte.
#[track_caller]
fn reads_back<T: DeserializeOwned + Serialize>(text: &str) -> T {
    let value: T = read(text);
    assert_eq!(written(&value), text);
    value
}
