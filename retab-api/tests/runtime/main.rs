//! Tests of the runtime against a server that replays bytes.

#![allow(
    clippy::unwrap_used,
    reason = "tests and their helpers fail by panicking"
)]

mod bodies;
mod builders;
mod client;
mod errors;
mod executors;
mod json_parts;
mod multipart;
mod operations;
mod parts;
mod repeating_client;
mod requests;
mod responses;
mod scripted_server;
mod temp_file;
