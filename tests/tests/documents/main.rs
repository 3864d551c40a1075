//! Documents and files: inline content, uploads and downloads.
//!
//! `regression_NN_...` tests cover the defects that are listed in `regressions.rs`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests and their helpers fail by panicking"
)]

mod constructors;
mod destination;
mod download;
mod fixture;
mod inline;
mod threshold;
mod upload;
mod upload_many;
