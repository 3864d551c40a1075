//! Facts about retries: the policy, `Retry-After`, and whether an attempt may have taken effect.

mod effect;
mod policy;
mod retry_after;

pub(crate) use effect::may_have_taken_effect;
pub use policy::RetryPolicy;
pub use retry_after::RetryAfter;
