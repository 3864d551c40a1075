//! What `Debug`, `Display` and logs may show of confidential and of foreign text.

mod one_line;
mod redacted;

pub(crate) use one_line::Excerpt;
pub use one_line::OneLine;
pub(crate) use redacted::KeysOnly;
pub use redacted::Redacted;
