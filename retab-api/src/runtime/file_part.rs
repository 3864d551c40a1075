//! A file as a part of a multipart body.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_core::Stream;
use http::HeaderValue;
use tokio::fs::File;
use tokio_util::io::ReaderStream;

use super::invalid::Invalid;
use super::outgoing::{Chunks, Piece};

/// How much of a file is read at a time.
const CHUNK: usize = 64 * 1024;

/// A file to send: its name, its media type, and where its bytes come from.
///
/// ```
/// use retab_api::FilePart;
///
/// let by_path = FilePart::path("prices.csv");
/// let in_memory = FilePart::bytes("prices.csv", "item;price\n").content_type("text/csv");
/// ```
#[derive(Clone)]
pub struct FilePart {
    file_name: Option<String>,
    content_type: Option<String>,
    source: Source,
}

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    /// The size is the one that the file had when the call began.
    Path {
        path: PathBuf,
        size: Option<u64>,
    },
    Stream {
        chunks: Arc<Mutex<Option<Chunks>>>,
        size: Option<u64>,
    },
}

impl FilePart {
    /// The file at `path`, read while it is sent and once more for each attempt.
    ///
    /// Its name is the last part of the path. A path that is missing, that cannot be read or that
    /// is no file fails the call before anything is sent; a file whose size changes during the
    /// call fails it rather than send what is neither the one nor the other.
    pub fn path(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        Self::new(
            name,
            Source::Path {
                path: path.to_owned(),
                size: None,
            },
        )
    }

    /// Bytes in memory under a file name.
    pub fn bytes(file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::new(Some(file_name.into()), Source::Bytes(bytes.into()))
    }

    /// A stream of chunks under a file name, with its size where that is known.
    ///
    /// It can be read once, so the call cannot be tried again. Without a size the request is sent
    /// in chunks; a stream that is longer or shorter than its size fails the call.
    pub fn stream(
        file_name: impl Into<String>,
        chunks: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
        size: Option<u64>,
    ) -> Self {
        let chunks: Chunks = Box::pin(chunks);
        Self::new(
            Some(file_name.into()),
            Source::Stream {
                chunks: Arc::new(Mutex::new(Some(chunks))),
                size,
            },
        )
    }

    /// Sets the file name.
    #[must_use]
    pub fn file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = Some(file_name.into());
        self
    }

    /// Sets the media type, which otherwise follows from the extension of the file name, and is
    /// `application/octet-stream` where that says nothing.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    fn new(file_name: Option<String>, source: Source) -> Self {
        Self {
            file_name,
            content_type: None,
            source,
        }
    }
}

/// What the form asks of a part.
impl FilePart {
    pub(crate) fn is_replayable(&self) -> bool {
        !matches!(self.source, Source::Stream { .. })
    }

    pub(crate) fn name(&self) -> &str {
        self.file_name.as_deref().unwrap_or_default()
    }

    pub(crate) fn media_type(&self) -> String {
        self.content_type.clone().unwrap_or_else(|| {
            mime_guess::from_path(self.name())
                .first_or_octet_stream()
                .essence_str()
                .to_owned()
        })
    }

    /// Checks what can be checked before anything is sent, and notes the size of a file.
    pub(crate) async fn prepare(&mut self, part: &str) -> Result<(), Invalid> {
        if self.name().is_empty() {
            return Err(Invalid::new(format!("part {part} has no file name")));
        }
        if HeaderValue::try_from(self.media_type()).is_err() {
            let reason = format!("the content type of part {part} is no header value");
            return Err(Invalid::new(reason));
        }
        if let Source::Path { path, size } = &mut self.source {
            *size = Some(open(part, path).await?.1);
        }
        Ok(())
    }

    /// The content for one attempt.
    pub(crate) async fn open(&self, part: &'static str) -> Result<Piece, Invalid> {
        match &self.source {
            Source::Bytes(bytes) => Ok(Piece::Bytes(bytes.clone())),
            Source::Path { path, size } => {
                let (file, found) = open(part, path).await?;
                if size.is_some_and(|size| size != found) {
                    let path = path.display();
                    return Err(Invalid::new(format!(
                        "part {part}: the size of {path} has changed since the call began"
                    )));
                }
                Ok(Piece::Chunks {
                    part,
                    chunks: Box::pin(ReaderStream::with_capacity(file, CHUNK)),
                    left: *size,
                })
            }
            Source::Stream { chunks, size } => {
                let mut chunks = chunks.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(chunks) = chunks.take() else {
                    return Err(Invalid::new(format!(
                        "part {part} is a stream, which was used up by an earlier attempt"
                    )));
                };
                Ok(Piece::Chunks {
                    part,
                    chunks,
                    left: *size,
                })
            }
        }
    }
}

/// Opens a file and tells its size.
async fn open(part: &str, path: &Path) -> Result<(File, u64), Invalid> {
    let refused = |source: io::Error| {
        let path = path.display();
        Invalid::because(format!("part {part}: cannot read {path}: {source}"), source)
    };
    // Asked before the file is opened: opening a named pipe waits for its writer.
    let metadata = tokio::fs::metadata(path).await.map_err(refused)?;
    if !metadata.is_file() {
        let path = path.display();
        return Err(Invalid::new(format!("part {part}: {path} is no file")));
    }
    let file = File::open(path).await.map_err(refused)?;
    let size = file.metadata().await.map_err(refused)?.len();
    Ok((file, size))
}

impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match self.source {
            Source::Bytes(_) => "bytes",
            Source::Path { .. } => "path",
            Source::Stream { .. } => "stream",
        };
        f.debug_struct("FilePart")
            .field("source", &source)
            .field("content_type", &self.media_type())
            .finish_non_exhaustive()
    }
}
