//! The retry policy, the retry table and the `Retry-After` header.

mod policy;
mod retry_after;
mod rule;
mod table;

pub use policy::RetryPolicy;
pub use retry_after::RetryAfter;
pub use rule::{RetryDelay, RetryRule};
pub(crate) use table::{Fault, of_fault, of_status};
