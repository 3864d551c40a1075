//! Streamed response bodies.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::StreamExt as _;

use crate::runtime::error::Error;
use crate::runtime::operation::Operation;

/// A streamed response body.
///
/// If the connection fails, the last item is an error that names the operation. Earlier chunks remain valid.
///
/// ```
/// use futures_util::StreamExt as _;
/// use retab_api::ByteStream;
///
/// # async fn demo(mut stream: ByteStream) -> Result<(), retab_api::Error> {
/// let mut size = 0;
/// while let Some(chunk) = stream.next().await {
///     size += chunk?.len();
/// }
/// # Ok(())
/// # }
/// ```
pub struct ByteStream {
    operation: &'static Operation,
    chunks: Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>,
}

impl ByteStream {
    /// Creates a stream from chunks, for executors.
    pub fn new(
        operation: &'static Operation,
        chunks: impl Stream<Item = Result<Bytes, Error>> + Send + 'static,
    ) -> Self {
        Self {
            operation,
            chunks: Box::pin(chunks),
        }
    }

    /// Reads the whole stream into memory.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection fails, or if the stream is longer than `limit` bytes.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future discards the stream and all bytes read so far.
    pub async fn read_to_end(mut self, limit: u64) -> Result<Bytes, Error> {
        let mut body = BytesMut::new();
        while let Some(chunk) = self.next().await {
            let chunk = chunk?;
            if body.len() as u64 + chunk.len() as u64 > limit {
                return Err(Error::too_large(self.operation, limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.chunks.as_mut().poll_next(cx)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.chunks.size_hint()
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream")
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}
