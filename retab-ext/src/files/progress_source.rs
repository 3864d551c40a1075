//! A document on its way to the storage: how far it is, and what its SHA-256 is.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use retab_api::runtime::{BoxFuture, Chunks, Source};
use sha2::{Digest as _, Sha256};

/// What is told how many bytes have left, of how many.
pub(crate) type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// A source that hashes what it gives, and tells how far it is.
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

    /// The SHA-256 of what was given, in lowercase hexadecimal digits; `None` before the last byte.
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
            let passing = Passing {
                chunks: self.source.open().await?,
                hash: Sha256::new(),
                passed: 0,
                size: self.size(),
                progress: self.progress.clone(),
                sha256: Arc::clone(&self.sha256),
            };
            Ok(Box::pin(stream::try_unfold(passing, Passing::next)) as Chunks)
        })
    }
}

struct Passing {
    chunks: Chunks,
    hash: Sha256,
    passed: u64,
    size: u64,
    progress: Option<Progress>,
    sha256: Arc<Mutex<Option<String>>>,
}

impl Passing {
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        let Some(chunk) = self.chunks.next().await.transpose()? else {
            return Ok(None);
        };
        self.hash.update(&chunk);
        self.passed += chunk.len() as u64;
        if self.passed == self.size {
            let sha256 = hexadecimal(&self.hash.finalize_reset());
            *self.sha256.lock().unwrap_or_else(PoisonError::into_inner) = Some(sha256);
        }
        if let Some(progress) = &self.progress {
            progress(self.passed, self.size);
        }
        Ok(Some((chunk, self)))
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt as _;

    use super::*;

    #[tokio::test]
    async fn each_opening_is_told_from_its_beginning() {
        let content = Bytes::from(vec![b'a'; 1_000_000]);
        let told = Arc::new(Mutex::new(Vec::new()));
        let progress: Progress = {
            let told = Arc::clone(&told);
            Arc::new(move |sent, total| told.lock().unwrap().push((sent, total)))
        };
        let source = ProgressSource::new(Arc::new(content.clone()), Some(progress));
        for _ in 0..2 {
            assert!(told.lock().unwrap().is_empty());
            let chunks: Vec<Bytes> = source.open().await.unwrap().try_collect().await.unwrap();
            assert!(chunks.concat() == content);
            // FIPS 180-2, appendix B.3.
            let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
            assert_eq!(source.sha256().as_deref(), Some(expected));
            let told = std::mem::take(&mut *told.lock().unwrap());
            assert!(told.is_sorted() && told.iter().all(|(_, total)| *total == 1_000_000));
            assert_eq!(told.last(), Some(&(1_000_000, 1_000_000)));
        }
    }

    #[tokio::test]
    async fn there_is_no_hash_before_the_last_byte() {
        let source = ProgressSource::new(Arc::new(Bytes::from(vec![0; 200_000])), None);
        let mut chunks = source.open().await.unwrap();
        chunks.try_next().await.unwrap();
        assert_eq!(source.sha256(), None);
    }
}
