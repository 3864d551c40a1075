//! Formatting of confidential and untrusted text in `Debug`, `Display` and logs.

mod one_line;
mod redacted;

pub(crate) use one_line::Excerpt;
pub use one_line::OneLine;
pub(crate) use redacted::KeysOnly;
pub use redacted::{REDACTED, Redacted};
