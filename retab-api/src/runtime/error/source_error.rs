//! Errors of body sources.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;

/// The error of a body source that cannot be opened or read.
#[derive(Debug)]
pub struct SourceError {
    pub(crate) name: Arc<str>,
    pub(crate) problem: Problem,
}

#[derive(Debug)]
pub(crate) enum Problem {
    Open(io::Error),
    Read(io::Error),
    TooLong,
    TooShort,
}

impl SourceError {
    /// Returns the source error among an error and its sources.
    ///
    /// A failing source aborts the connection, so reqwest reports a connection error.
    #[must_use]
    pub fn find<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Self> {
        std::iter::successors(Some(error), |error| (*error).source())
            .find_map(<dyn StdError>::downcast_ref)
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.problem {
            Problem::Open(source) => write!(f, "cannot open {name}: {source}"),
            Problem::Read(source) => write!(f, "cannot read {name} to the end: {source}"),
            Problem::TooLong => write!(f, "{name} is longer than its declared size"),
            Problem::TooShort => write!(f, "{name} is shorter than its declared size"),
        }
    }
}

impl StdError for SourceError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.problem {
            Problem::Open(source) | Problem::Read(source) => Some(source),
            Problem::TooLong | Problem::TooShort => None,
        }
    }
}
