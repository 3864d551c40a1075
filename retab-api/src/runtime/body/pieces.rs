//! Bodies concatenated from bytes and sources.

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
/// use retab_api::runtime::{FileSource, Pieces};
///
/// # async fn demo() -> Result<(), Box<dyn std::error::Error>> {
/// let file = FileSource::from_path("rows.txt").await?;
/// let pieces = Pieces::new()
///     .with_bytes("header line\n")
///     .with_source("the file rows.txt", Arc::new(file));
/// let body: reqwest::Body = pieces.open().await?;
/// # Ok(())
/// # }
/// ```
///
/// The body is sent with its exact length. Each attempt reads the sources again.
#[derive(Clone, Default)]
pub struct Pieces {
    pieces: Vec<Part>,
}

#[derive(Clone)]
enum Part {
    Bytes(Bytes),
    Source {
        name: Arc<str>,
        source: Arc<dyn Source>,
    },
}

impl Pieces {
    /// Creates an empty body.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends bytes.
    #[must_use]
    pub fn with_bytes(mut self, bytes: impl Into<Bytes>) -> Self {
        self.pieces.push(Part::Bytes(bytes.into()));
        self
    }

    /// Appends a source.
    ///
    /// Error messages contain `name`. It may contain a file name, but no secret.
    #[must_use]
    pub fn with_source(mut self, name: impl Into<Arc<str>>, source: Arc<dyn Source>) -> Self {
        self.pieces.push(Part::Source {
            name: name.into(),
            source,
        });
        self
    }

    /// Returns the total size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        let sizes = self.pieces.iter().map(|piece| match piece {
            Part::Bytes(bytes) => bytes.len() as u64,
            Part::Source { source, .. } => source.size(),
        });
        sizes.fold(0, u64::saturating_add)
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
        let mut opened = Vec::with_capacity(self.pieces.len());
        for piece in &self.pieces {
            opened.push(match piece {
                Part::Bytes(bytes) => Piece::Bytes(bytes.clone()),
                Part::Source { name, source } => Piece::open(name, &**source).await?,
            });
        }
        Ok(reqwest::Body::wrap(StreamingBody::new(opened)))
    }
}

impl fmt::Debug for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pieces = self.pieces.iter().map(|piece| match piece {
            Part::Bytes(bytes) => format!("{} bytes", bytes.len()),
            Part::Source { name, source } => format!("{name}: {} bytes", source.size()),
        });
        f.debug_list().entries(pieces).finish()
    }
}
