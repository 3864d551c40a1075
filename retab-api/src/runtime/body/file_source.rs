//! A file that is read while it is sent.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use futures_core::future::BoxFuture;
use futures_util::stream::try_unfold;
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use super::source::{CHUNK, Chunks, Source};

/// A file as it was when it was looked at.
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
/// Once its size or its time of modification is another, it cannot be opened any more; where that comes while it is
/// read, its last chunk is an error. So what is sent is never a mixture of two files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSource {
    path: PathBuf,
    size: u64,
    /// `None` where the system keeps no such time.
    modified: Option<SystemTime>,
}

impl FileSource {
    /// Looks at the file at `path`, without opening it.
    ///
    /// # Errors
    ///
    /// There is nothing, a folder, or something without an end of its own, such as a pipe.
    pub async fn from_path(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        // Not by opening it: that would wait for the writer of a named pipe.
        let metadata = tokio::fs::metadata(&path).await?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !metadata.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "it is not a regular file",
            ));
        }
        Ok(Self {
            path,
            size: metadata.len(),
            modified: metadata.modified().ok(),
        })
    }

    /// The path that it was looked at under.
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
            let reading = Reading {
                file: File::open(&self.path).await?,
                left: self.size,
                seen: self.clone(),
            };
            Ok(Box::pin(try_unfold(reading, Reading::next)) as Chunks)
        })
    }
}

/// A file on the way to its end.
struct Reading {
    file: File,
    left: u64,
    seen: FileSource,
}

impl Reading {
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
            // While the last chunk is still held back, the request can be cut off.
            self.seen.check(&self.file).await?;
        }
        Ok(Some((chunk.freeze(), self)))
    }
}

fn changed() -> io::Error {
    io::Error::other("it has changed since the call began")
}
