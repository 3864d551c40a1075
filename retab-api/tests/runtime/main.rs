//! The runtime under the generated operations, against bytes on a socket.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails by a panic, in its helpers as well"
)]

mod again;
mod answers;
mod bodies;
mod builders;
mod client;
mod errors;
mod executors;
mod multipart;
mod operations;
mod pieces;
mod requests;
mod scripted_server;
mod temp_file;
