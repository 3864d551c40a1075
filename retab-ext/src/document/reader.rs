//! Reader documents, copied once to a temporary file.

use std::io;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;

use retab_api::runtime::{BoxFuture, Chunks, FileSource, Source};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::sync::Mutex;

use crate::temp_file::TempFile;

/// The size of the read buffer in bytes.
const BUFFER_SIZE: usize = 256 * 1024;

/// A reader and the file that it is copied to. Clones share both.
#[derive(Clone)]
pub(super) struct Reader {
    state: Arc<Mutex<State>>,
}

enum State {
    Unread {
        reader: Pin<Box<dyn AsyncRead + Send>>,
        length: Option<u64>,
    },
    /// Copying failed or was cancelled.
    Consumed,
    Spooled(Arc<Spooled>),
}

impl Reader {
    pub(super) fn new(reader: impl AsyncRead + Send + 'static, length: Option<u64>) -> Self {
        let reader = Box::pin(reader);
        Self {
            state: Arc::new(Mutex::new(State::Unread { reader, length })),
        }
    }

    /// Returns the file with the content of the reader. The first call copies it.
    pub(super) async fn spool(&self) -> io::Result<Arc<Spooled>> {
        let mut state = self.state.lock().await;
        if let State::Spooled(spooled) = &*state {
            return Ok(Arc::clone(spooled));
        }
        // A partially read reader cannot be retried, so it stays consumed if this future is dropped.
        match mem::replace(&mut *state, State::Consumed) {
            State::Unread { reader, length } => {
                let spooled = Arc::new(copy(reader, length).await?);
                *state = State::Spooled(Arc::clone(&spooled));
                Ok(spooled)
            }
            State::Consumed | State::Spooled(_) => Err(io::Error::other(
                "an earlier attempt consumed its reader and failed or was cancelled",
            )),
        }
    }
}

async fn copy(reader: Pin<Box<dyn AsyncRead + Send>>, length: Option<u64>) -> io::Result<Spooled> {
    let (temporary, mut file) = TempFile::create().await?;
    // One extra byte detects a reader that returns too much.
    let limit = length.map_or(u64::MAX, |length| length.saturating_add(1));
    let mut reader = BufReader::with_capacity(BUFFER_SIZE, reader.take(limit));
    let read = tokio::io::copy_buf(&mut reader, &mut file).await?;
    file.flush().await?;
    match length {
        Some(length) if read > length => Err(io::Error::other(format!(
            "its reader returned more than the expected {length} bytes"
        ))),
        Some(length) if read < length => Err(io::Error::other(format!(
            "its reader returned {read} bytes instead of {length}"
        ))),
        _ => Ok(Spooled {
            file: FileSource::from_path(temporary.path()).await?,
            _temporary: temporary,
        }),
    }
}

/// The content of a reader in a temporary file, which is removed on drop.
pub(super) struct Spooled {
    file: FileSource,
    _temporary: TempFile,
}

impl Source for Spooled {
    fn size(&self) -> u64 {
        self.file.size()
    }

    fn open(&self) -> BoxFuture<'_, io::Result<Chunks>> {
        self.file.open()
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use bytes::Bytes;
    use futures_util::TryStreamExt as _;

    use super::*;

    fn path_of(spooled: &Spooled) -> PathBuf {
        spooled.file.path().to_owned()
    }

    #[tokio::test]
    async fn reads_reader_once_and_repeats_its_content() {
        let content: Vec<u8> = (0..=255).cycle().take(700_001).collect();
        for length in [None, Some(700_001)] {
            let reader = Reader::new(io::Cursor::new(content.clone()), length);
            for reader in [reader.clone(), reader] {
                let spooled = reader.spool().await.unwrap();
                assert_eq!(spooled.size(), 700_001);
                let chunks: Vec<Bytes> = spooled.open().await.unwrap().try_collect().await.unwrap();
                assert!(chunks.concat() == content);
            }
        }
    }

    #[tokio::test]
    async fn rejects_and_consumes_reader_of_unexpected_length() {
        for (length, reason) in [
            (3, "more than the expected 3 bytes"),
            (5, "returned 4 bytes instead of 5"),
        ] {
            let reader = Reader::new(io::Cursor::new("four"), Some(length));
            let error = reader.spool().await.err().unwrap();
            assert!(error.to_string().contains(reason), "{error}");
            let error = reader.spool().await.err().unwrap();
            assert!(error.to_string().contains("consumed its reader"), "{error}");
        }
    }

    #[test]
    fn removes_temporary_file_with_the_document() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let path = runtime.block_on(async {
            let reader = Reader::new(io::Cursor::new("x"), None);
            let path = path_of(&reader.spool().await.unwrap());
            assert!(path.exists());
            path
        });
        // Dropping the runtime waits for its blocking threads.
        drop(runtime);
        assert!(!path.exists());
    }
}
