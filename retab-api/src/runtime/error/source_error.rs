//! A body source that failed.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;

/// A source of a body could not be read, be it at once or while the body was sent.
#[derive(Debug)]
pub struct SourceError {
    pub(crate) name: Arc<str>,
    pub(crate) what: &'static str,
    pub(crate) source: Option<io::Error>,
}

impl SourceError {
    /// This failure among the causes of an error.
    ///
    /// The connection is cut off by it, and an error of the connection is what a caller sees first.
    #[must_use]
    pub fn find<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a Self> {
        std::iter::successors(Some(error), |error| (*error).source())
            .find_map(<dyn StdError>::downcast_ref)
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.what)?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl StdError for SourceError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
