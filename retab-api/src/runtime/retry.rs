//! Facts about retries: `Retry-After`, and whether an attempt may have taken effect.

mod effect;
mod retry_after;

pub(crate) use effect::may_have_taken_effect;
pub use retry_after::RetryAfter;
