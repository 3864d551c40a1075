//! Where the bytes of a body come from.

use std::io;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;

/// How many bytes a source of this crate gives at a time.
pub(crate) const CHUNK: usize = 64 * 1024;

/// The bytes of a [`Source`], as they are read.
pub type Chunks = BoxStream<'static, io::Result<Bytes>>;

/// Bytes that are read while they are sent, and once more for each attempt.
///
/// Bytes in memory and a [`FileSource`](super::FileSource) are such sources; others are made of them, or of something
/// else that can be read again.
///
/// ```
/// use std::io;
/// use std::sync::Arc;
/// use bytes::Bytes;
/// use futures_util::StreamExt as _;
/// use retab_api::runtime::{BoxFuture, Chunks, Source};
///
/// /// The bytes of another source, in capitals.
/// struct Capitals(Arc<dyn Source>);
///
/// impl Source for Capitals {
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
    /// How many bytes there are. A source that gives more or fewer fails the request it is sent with.
    fn size(&self) -> u64;

    /// Opens it at its beginning.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is no longer what it was.
    fn open(&self) -> BoxFuture<'_, io::Result<Chunks>>;
}

/// Slices of the bytes: what is made of them, such as their base64, need not stand whole in memory.
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
