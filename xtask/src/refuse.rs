//! Rejection of specs that the generator does not support, before any file is written.
//!
//! Each error names the location, the violated rule and a fix. Violations that the generator can work around are
//! handled by [`crate::repair`].

mod checks;
mod operations;
mod references;
mod structure;
mod violations;

pub(crate) use self::checks::check;
