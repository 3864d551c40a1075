//! `cargo xtask vendor`: copies a revision of the upstream spec to `openapi/`.
//!
//! Upgrades 3.0 specs to 3.1 and rejects specs that the generator does not support. By default, only the
//! structure is vendored, without prose. [`structure`] describes it, and the canonical order that makes
//! revisions comparable line by line.

mod command;
mod fetch;
mod structure;
#[cfg(test)]
mod tests;

pub(crate) use self::command::{Options, run};
