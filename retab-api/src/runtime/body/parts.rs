//! Bodies concatenated from fragments and sources.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use super::source::Source;
use super::streaming_body::{Piece, StreamingBody};
use crate::runtime::error::SourceError;

/// A body of known length, concatenated from bytes and [`Source`]s.
///
/// ```
/// use std::sync::Arc;
/// use bytes::Bytes;
/// use retab_api::runtime::{FileSource, Parts};
///
/// # async fn demo() -> Result<(), Box<dyn std::error::Error>> {
/// let file = FileSource::from_path("rows.txt").await?;
/// let parts = Parts::new()
///     .with_bytes("header line\n")
///     .with_source("the file rows.txt", Arc::new(file));
/// let body: reqwest::Body = parts.open().await?;
/// # Ok(())
/// # }
/// ```
///
/// The body is sent with its exact length. Each attempt reads the sources again.
#[derive(Clone, Default)]
pub struct Parts {
    parts: Vec<Part>,
}

#[derive(Clone)]
enum Part {
    Fragment(Bytes),
    Source {
        name: Arc<str>,
        source: Arc<dyn Source>,
    },
}

impl Parts {
    /// Creates an empty body.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends bytes.
    #[must_use]
    pub fn with_bytes(mut self, bytes: impl Into<Bytes>) -> Self {
        self.parts.push(Part::Fragment(bytes.into()));
        self
    }

    /// Appends a source.
    ///
    /// Error messages contain `name`. It may contain a file name, but no secret.
    #[must_use]
    pub fn with_source(mut self, name: impl Into<Arc<str>>, source: Arc<dyn Source>) -> Self {
        self.parts.push(Part::Source {
            name: name.into(),
            source,
        });
        self
    }

    /// Returns the total size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        let sizes = self.parts.iter().map(|part| match part {
            Part::Fragment(bytes) => bytes.len() as u64,
            Part::Source { source, .. } => source.size(),
        });
        sizes.fold(0, u64::saturating_add)
    }

    /// Returns the content if it is one fragment in memory, or the parts otherwise.
    pub(crate) fn into_bytes(self) -> Result<Bytes, Self> {
        match &self.parts[..] {
            [Part::Fragment(bytes)] => Ok(bytes.clone()),
            _ => Err(self),
        }
    }

    /// Opens the body for one attempt, reading all sources from their start.
    ///
    /// If a source fails later, the request fails, and [`SourceError::find`] returns the cause from reqwest's error.
    ///
    /// # Errors
    ///
    /// Returns an error if a source cannot be opened.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe.
    pub async fn open(&self) -> Result<reqwest::Body, SourceError> {
        let mut opened = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            opened.push(match part {
                Part::Fragment(bytes) => Piece::Bytes(bytes.clone()),
                Part::Source { name, source } => Piece::open(name, &**source).await?,
            });
        }
        Ok(reqwest::Body::wrap(StreamingBody::new(opened)))
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.parts.iter().map(|part| match part {
            Part::Fragment(bytes) => format!("{} bytes", bytes.len()),
            Part::Source { name, source } => format!("{name}: {} bytes", source.size()),
        });
        f.debug_list().entries(parts).finish()
    }
}
