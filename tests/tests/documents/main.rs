//! Documents and files: what is sent of them, what is uploaded and downloaded, and what is refused before that.
//!
//! `regression_NN_...` tests cover the defects that are listed in `regressions.rs`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by them, in its helpers as well"
)]

mod constructors;
mod download;
mod fixture;
mod inline;
mod threshold;
mod upload;
mod upload_many;
