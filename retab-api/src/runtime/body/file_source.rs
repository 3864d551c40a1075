//! Streamed files.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use futures_core::future::BoxFuture;
use futures_util::stream::try_unfold;
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use super::source::{CHUNK, Chunks, Source};

/// A file, with its size and modification time when the source was created.
///
/// ```no_run
/// # async fn demo() -> std::io::Result<()> {
/// use retab_api::runtime::{FileSource, Source as _};
///
/// let invoice = FileSource::from_path("invoice.pdf").await?;
/// println!("{} bytes", invoice.size());
/// # Ok(())
/// # }
/// ```
///
/// The file must not change: opening it fails if its size or modification time differs, and reading it fails before the
/// last chunk. A request therefore never contains a mixture of two versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSource {
    path: PathBuf,
    size: u64,
    /// `None` if the file system does not record modification times.
    modified: Option<SystemTime>,
}

impl FileSource {
    /// Reads the metadata of the file at `path`, without opening the file.
    ///
    /// # Errors
    ///
    /// Returns an error if `path` does not name a regular file.
    ///
    /// # Cancel safety
    ///
    /// This method is cancel safe.
    pub async fn from_path(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        // Opening a named pipe would block until it has a writer.
        let metadata = tokio::fs::metadata(&path).await?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !metadata.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "not a regular file",
            ));
        }
        Ok(Self {
            path,
            size: metadata.len(),
            modified: metadata.modified().ok(),
        })
    }

    /// Returns the path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    async fn check(&self, file: &File) -> io::Result<()> {
        let metadata = file.metadata().await?;
        if metadata.len() == self.size && metadata.modified().ok() == self.modified {
            Ok(())
        } else {
            Err(changed())
        }
    }
}

impl Source for FileSource {
    fn size(&self) -> u64 {
        self.size
    }

    fn open(&self) -> BoxFuture<'_, io::Result<Chunks>> {
        Box::pin(async move {
            if Self::from_path(&self.path).await? != *self {
                return Err(changed());
            }
            let reader = Reader {
                file: File::open(&self.path).await?,
                left: self.size,
                source: self.clone(),
            };
            Ok(Box::pin(try_unfold(reader, Reader::next)) as Chunks)
        })
    }
}

struct Reader {
    file: File,
    left: u64,
    source: FileSource,
}

impl Reader {
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        let room = usize::try_from(self.left).map_or(CHUNK, |left| left.min(CHUNK));
        if room == 0 {
            return Ok(None);
        }
        let mut chunk = BytesMut::with_capacity(room);
        (&mut self.file)
            .take(room as u64)
            .read_buf(&mut chunk)
            .await?;
        if chunk.is_empty() {
            return Err(changed());
        }
        self.left -= chunk.len() as u64;
        if self.left == 0 {
            // Checks before the last chunk is sent, while the request can still be aborted.
            self.source.check(&self.file).await?;
        }
        Ok(Some((chunk.freeze(), self)))
    }
}

fn changed() -> io::Error {
    io::Error::other("the file changed after the request started")
}
