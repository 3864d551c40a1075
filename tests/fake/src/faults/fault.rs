//! The kinds of faults.

use http::StatusCode;

/// How one request fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// An error status, with the seconds for `Retry-After`.
    Status(StatusCode, Option<u64>),
    Html,
    Reset,
    Lost,
    Truncate,
    Stall,
}
