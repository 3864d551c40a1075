//! Bytes and sources, one after the other, as one body of a known length.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use super::source::Source;
use super::streaming_body::{Piece, StreamingBody};
use crate::runtime::error::SourceError;

/// What a body is made of while it is sent: bytes in memory and [`Source`]s, in their order.
///
/// ```
/// use std::sync::Arc;
/// use bytes::Bytes;
/// use retab_api::runtime::{FileSource, Pieces};
///
/// # async fn demo() -> Result<(), Box<dyn std::error::Error>> {
/// let file = FileSource::from_path("rows.txt").await?;
/// let pieces = Pieces::new()
///     .with_bytes("first a line\n")
///     .with_source("the file rows.txt", Arc::new(file));
/// let body: reqwest::Body = pieces.open().await?;
/// # Ok(())
/// # }
/// ```
///
/// It is sent with its exact length, and the sources are read again each time.
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
    /// Without any piece yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes.
    #[must_use]
    pub fn with_bytes(mut self, bytes: impl Into<Bytes>) -> Self {
        self.pieces.push(Part::Bytes(bytes.into()));
        self
    }

    /// Adds a source. Its name stands in errors, and may tell a file but no secret.
    #[must_use]
    pub fn with_source(mut self, name: impl Into<Arc<str>>, source: Arc<dyn Source>) -> Self {
        self.pieces.push(Part::Source {
            name: name.into(),
            source,
        });
        self
    }

    /// The number of bytes in all.
    #[must_use]
    pub fn size(&self) -> u64 {
        let sizes = self.pieces.iter().map(|piece| match piece {
            Part::Bytes(bytes) => bytes.len() as u64,
            Part::Source { source, .. } => source.size(),
        });
        sizes.fold(0, u64::saturating_add)
    }

    /// The body for one attempt, its sources opened at their beginnings.
    ///
    /// A source that fails later fails the sending; [`SourceError::find`] finds it in reqwest's error.
    ///
    /// # Errors
    ///
    /// A source cannot be opened.
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
