//! Retry decisions, backoff and the retry budget.
//!
//! Three mechanisms keep retries from overloading a failing service: exponential backoff with full jitter, `Retry-After`,
//! and a retry budget that all clones of a client share.

mod budget;
mod retries;

pub(crate) use budget::{Budget, DEFAULT_RETRIES};
pub(crate) use retries::{Next, Retries};

/// The jitter function. Returns the fraction of the backoff to wait, from 0 to 1.
pub(crate) type Jitter = dyn Fn() -> f64 + Send + Sync;
