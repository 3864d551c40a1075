//! Sources of body bytes.

use std::io;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;

/// The chunk size of this crate's sources, in bytes.
pub(crate) const CHUNK: usize = 64 * 1024;

/// The chunks of a [`Source`].
pub type Chunks = BoxStream<'static, io::Result<Bytes>>;

/// A source of bytes that is streamed, and opened again for each attempt.
///
/// Implemented by [`Bytes`] and [`FileSource`](super::FileSource).
///
/// ```
/// use std::io;
/// use std::sync::Arc;
/// use bytes::Bytes;
/// use futures_util::StreamExt as _;
/// use retab_api::runtime::{BoxFuture, Chunks, Source};
///
/// /// Converts another source to upper case.
/// struct Uppercase(Arc<dyn Source>);
///
/// impl Source for Uppercase {
///     fn size(&self) -> u64 {
///         self.0.size()
///     }
///
///     fn open(&self) -> BoxFuture<'_, io::Result<Chunks>> {
///         Box::pin(async move {
///             let chunks = self.0.open().await?;
///             let chunks = chunks.map(|chunk| Ok(Bytes::from(chunk?.to_ascii_uppercase())));
///             Ok(Box::pin(chunks) as Chunks)
///         })
///     }
/// }
/// ```
pub trait Source: Send + Sync {
    /// Returns the size in bytes. If the source yields more or fewer bytes, the request fails.
    fn size(&self) -> u64;

    /// Opens the source at its start.
    ///
    /// # Errors
    ///
    /// Returns an error if the source cannot be read or has changed.
    fn open(&self) -> BoxFuture<'_, io::Result<Chunks>>;
}

/// Yields slices, so that encoders such as base64 never buffer the whole content.
impl Source for Bytes {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn open(&self) -> BoxFuture<'_, io::Result<Chunks>> {
        let mut left = self.clone();
        let slices = std::iter::from_fn(move || {
            let slice = left.split_to(left.len().min(CHUNK));
            (!slice.is_empty()).then_some(Ok(slice))
        });
        Box::pin(async { Ok(Box::pin(futures_util::stream::iter(slices)) as Chunks) })
    }
}
