//! A reader as a document: read once, into a temporary file.

use std::io;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;

use retab_api::runtime::{BoxFuture, Chunks, FileSource, Source};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::sync::Mutex;

use crate::temp_file::TempFile;

/// How much is read at a time.
const CHUNK: usize = 256 * 1024;

/// A reader, and what became of it; clones share it.
#[derive(Clone)]
pub(super) struct Reader {
    state: Arc<Mutex<State>>,
}

enum State {
    Unread {
        reader: Pin<Box<dyn AsyncRead + Send>>,
        length: Option<u64>,
    },
    /// Reading it has failed, or was given up.
    UsedUp,
    Spooled(Arc<Spooled>),
}

impl Reader {
    pub(super) fn new(reader: impl AsyncRead + Send + 'static, length: Option<u64>) -> Self {
        let reader = Box::pin(reader);
        Self {
            state: Arc::new(Mutex::new(State::Unread { reader, length })),
        }
    }

    /// Everything that the reader gave, read by the first call that needs it.
    pub(super) async fn spooled(&self) -> io::Result<Arc<Spooled>> {
        let mut state = self.state.lock().await;
        if let State::Spooled(spooled) = &*state {
            return Ok(Arc::clone(spooled));
        }
        // Whoever drops this future leaves a reader behind of which part is gone.
        match mem::replace(&mut *state, State::UsedUp) {
            State::Unread { reader, length } => {
                let spooled = Arc::new(spool(reader, length).await?);
                *state = State::Spooled(Arc::clone(&spooled));
                Ok(spooled)
            }
            State::UsedUp | State::Spooled(_) => Err(io::Error::other(
                "its reader was used up by an earlier call, which failed or was given up",
            )),
        }
    }
}

async fn spool(reader: Pin<Box<dyn AsyncRead + Send>>, length: Option<u64>) -> io::Result<Spooled> {
    let (temporary, mut file) = TempFile::create().await?;
    // One byte more than is expected tells a reader that gives too much.
    let limit = length.map_or(u64::MAX, |length| length.saturating_add(1));
    let mut reader = BufReader::with_capacity(CHUNK, reader.take(limit));
    let read = tokio::io::copy_buf(&mut reader, &mut file).await?;
    file.flush().await?;
    match length {
        Some(length) if read > length => Err(io::Error::other(format!(
            "its reader gives more than the {length} bytes that were expected"
        ))),
        Some(length) if read < length => Err(io::Error::other(format!(
            "its reader gives {read} bytes where {length} were expected"
        ))),
        _ => Ok(Spooled {
            file: FileSource::from_path(temporary.path()).await?,
            _temporary: temporary,
        }),
    }
}

/// What a reader gave, in a temporary file that goes with it.
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
    async fn a_reader_is_read_once_and_gives_the_same_each_time() {
        let content: Vec<u8> = (0..=255).cycle().take(700_001).collect();
        for length in [None, Some(700_001)] {
            let reader = Reader::new(io::Cursor::new(content.clone()), length);
            for reader in [reader.clone(), reader] {
                let spooled = reader.spooled().await.unwrap();
                assert_eq!(spooled.size(), 700_001);
                let chunks: Vec<Bytes> = spooled.open().await.unwrap().try_collect().await.unwrap();
                assert!(chunks.concat() == content);
            }
        }
    }

    #[tokio::test]
    async fn a_reader_of_another_length_is_refused_and_used_up() {
        for (length, reason) in [
            (3, "gives more than the 3 bytes"),
            (5, "gives 4 bytes where 5 were expected"),
        ] {
            let reader = Reader::new(io::Cursor::new("four"), Some(length));
            let refused = reader.spooled().await.err().unwrap();
            assert!(refused.to_string().contains(reason), "{refused}");
            let refused = reader.spooled().await.err().unwrap();
            assert!(refused.to_string().contains("used up"), "{refused}");
        }
    }

    #[test]
    fn the_temporary_file_goes_with_the_document() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let path = runtime.block_on(async {
            let reader = Reader::new(io::Cursor::new("x"), None);
            let path = path_of(&reader.spooled().await.unwrap());
            assert!(path.exists());
            path
        });
        // It waits for what was given to the other threads.
        drop(runtime);
        assert!(!path.exists());
    }
}
