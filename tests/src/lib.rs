//! What the tests of the workspace share: the dispatcher, a clock that tests control, and a recorder of traces.

#![allow(
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed test panics, in what tests share as well"
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
