//! `cargo xtask compile-time`: measures the compile time of `retab-api` against the official crate.
//!
//! Only ratios within one run are meaningful. The two crates are compiled alternately, so that the
//! load of the machine affects both. It is not part of the required checks, because it takes minutes and
//! compiles crates that the workspace does not depend on.

mod build;
mod command;
mod project;
mod report;

pub(crate) use self::command::{Options, run};
