//! A source that reports upload progress and computes the SHA-256.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use retab_api::runtime::{BoxFuture, Chunks, Source};
use sha2::{Digest as _, Sha256};

/// A callback for upload progress, with the number of bytes sent and the total.
pub(crate) type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// A source that hashes its content and reports progress.
pub(super) struct ProgressSource {
    source: Arc<dyn Source>,
    progress: Option<Progress>,
    sha256: Arc<Mutex<Option<String>>>,
}

impl ProgressSource {
    pub(super) fn new(source: Arc<dyn Source>, progress: Option<Progress>) -> Self {
        Self {
            source,
            progress,
            sha256: Arc::default(),
        }
    }

    /// Returns the SHA-256 in lowercase hexadecimal, or `None` before the last byte was read.
    pub(super) fn sha256(&self) -> Option<String> {
        let sha256 = self.sha256.lock();
        sha256.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Source for ProgressSource {
    fn size(&self) -> u64 {
        self.source.size()
    }

    fn open(&self) -> BoxFuture<'_, io::Result<Chunks>> {
        Box::pin(async move {
            let state = ProgressStream {
                chunks: self.source.open().await?,
                hash: Sha256::new(),
                sent: 0,
                size: self.size(),
                progress: self.progress.clone(),
                sha256: Arc::clone(&self.sha256),
            };
            Ok(Box::pin(stream::try_unfold(state, ProgressStream::next)) as Chunks)
        })
    }
}

struct ProgressStream {
    chunks: Chunks,
    hash: Sha256,
    sent: u64,
    size: u64,
    progress: Option<Progress>,
    sha256: Arc<Mutex<Option<String>>>,
}

impl ProgressStream {
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        let Some(chunk) = self.chunks.next().await.transpose()? else {
            return Ok(None);
        };
        self.hash.update(&chunk);
        self.sent += chunk.len() as u64;
        if self.sent == self.size {
            let sha256 = hexadecimal(&self.hash.finalize_reset());
            *self.sha256.lock().unwrap_or_else(PoisonError::into_inner) = Some(sha256);
        }
        if let Some(progress) = &self.progress {
            progress(self.sent, self.size);
        }
        Ok(Some((chunk, self)))
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt as _;

    use super::*;

    #[tokio::test]
    async fn restarts_progress_and_hash_for_each_attempt() {
        let content = Bytes::from(vec![b'a'; 1_000_000]);
        let reported = Arc::new(Mutex::new(Vec::new()));
        let progress: Progress = {
            let reported = Arc::clone(&reported);
            Arc::new(move |sent, total| reported.lock().unwrap().push((sent, total)))
        };
        let source = ProgressSource::new(Arc::new(content.clone()), Some(progress));
        for _ in 0..2 {
            assert!(reported.lock().unwrap().is_empty());
            let chunks: Vec<Bytes> = source.open().await.unwrap().try_collect().await.unwrap();
            assert!(chunks.concat() == content);
            // FIPS 180-2, appendix B.3.
            let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
            assert_eq!(source.sha256().as_deref(), Some(expected));
            let reports = std::mem::take(&mut *reported.lock().unwrap());
            assert!(reports.is_sorted() && reports.iter().all(|(_, total)| *total == 1_000_000));
            assert_eq!(reports.last(), Some(&(1_000_000, 1_000_000)));
        }
    }

    #[tokio::test]
    async fn has_no_hash_before_the_last_byte() {
        let source = ProgressSource::new(Arc::new(Bytes::from(vec![0; 200_000])), None);
        let mut chunks = source.open().await.unwrap();
        chunks.try_next().await.unwrap();
        assert_eq!(source.sha256(), None);
    }
}
