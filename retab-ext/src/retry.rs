//! Whether a call is sent again, and when.
//!
//! A service that is in trouble is not helped by more requests: pauses grow and are drawn at random, the service's own
//! hint is kept to, and all clones of a client share one budget of retries.

mod budget;
mod decision;
mod policy;
mod retries;

pub(crate) use budget::{Budget, DEFAULT_RETRIES};
pub use policy::RetryPolicy;
pub(crate) use retries::{Next, Retries};

/// Draws the part of a pause that is kept to, from 0 to 1.
pub(crate) type Jitter = dyn Fn() -> f64 + Send + Sync;
