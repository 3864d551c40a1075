//! Helpers shared by the workspace tests: an operation dispatcher, a manual clock and a trace recorder.

#![allow(
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test helpers fail by panicking"
)]

pub mod dispatch;
#[allow(clippy::all, clippy::pedantic, unreachable_pub)]
#[rustfmt::skip]
mod generated {
    pub mod dispatcher;
}
pub mod manual_clock;
pub mod trace_recorder;

pub use generated::dispatcher;

/// Compiles the code in the README of the workspace.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
