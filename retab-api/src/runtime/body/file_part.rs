//! Files, as parts of a multipart body or as a whole body.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_core::Stream;
use http::HeaderValue;

use super::file_source::FileSource;
use super::source::{Chunks, Source as _};
use super::streaming_body::Piece;
use crate::runtime::error::InvalidRequest;
use crate::runtime::redaction::Redacted;

/// A file to send: a name, a media type, and a source of bytes.
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
    content: Content,
}

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    Path {
        path: PathBuf,
        /// The file's size and modification time when the request started.
        file: Option<FileSource>,
    },
    Stream {
        chunks: Arc<Mutex<Option<Chunks>>>,
        size: Option<u64>,
    },
}

impl FilePart {
    /// Creates a part from the file at `path`.
    ///
    /// The file is streamed, and read again for each attempt. Its name is the last component of the path. The request fails
    /// before anything is sent if the path does not name a readable regular file. It also fails if the file changes while
    /// the request is in flight.
    pub fn path(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        Self::new(
            name,
            Content::Path {
                path: path.to_owned(),
                file: None,
            },
        )
    }

    /// Creates a part from bytes in memory.
    pub fn bytes(file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::new(Some(file_name.into()), Content::Bytes(bytes.into()))
    }

    /// Creates a part from a stream of chunks.
    ///
    /// A stream can be read only once, so the request cannot be retried. Without a `size`, the request is sent with chunked
    /// transfer encoding. If the stream is longer or shorter than `size`, the request fails.
    pub fn stream(
        file_name: impl Into<String>,
        chunks: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
        size: Option<u64>,
    ) -> Self {
        let chunks: Chunks = Box::pin(chunks);
        Self::new(
            Some(file_name.into()),
            Content::Stream {
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

    /// Sets the media type.
    ///
    /// Defaults to the type of the file name's extension, or to `application/octet-stream` if the extension is unknown.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    fn new(file_name: Option<String>, content: Content) -> Self {
        Self {
            file_name,
            content_type: None,
            content,
        }
    }
}

/// Methods used by the bodies that contain a file.
impl FilePart {
    pub(crate) fn is_replayable(&self) -> bool {
        !matches!(self.content, Content::Stream { .. })
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

    /// Validates the name and the media type, and takes a snapshot of the file's metadata.
    pub(crate) async fn prepare(&mut self, part: &str) -> Result<(), InvalidRequest> {
        if self.name().is_empty() {
            return Err(InvalidRequest::new(format!("part {part} has no file name")));
        }
        if HeaderValue::try_from(self.media_type()).is_err() {
            let reason = format!("the content type of part {part} is not a valid header value");
            return Err(InvalidRequest::new(reason));
        }
        self.read_metadata(part).await
    }

    /// Records the size and modification time of the file.
    pub(crate) async fn read_metadata(&mut self, part: &str) -> Result<(), InvalidRequest> {
        if let Content::Path { path, file } = &mut self.content {
            *file = Some(file_source(part, path).await?);
        }
        Ok(())
    }

    /// Opens the content for one attempt.
    pub(crate) async fn open(&self, part: &'static str) -> Result<Piece, InvalidRequest> {
        let name = Arc::from(format!("the content of part {part}"));
        match &self.content {
            Content::Bytes(bytes) => Ok(Piece::Bytes(bytes.clone())),
            Content::Path { path, file } => {
                let file = match file {
                    Some(file) => file.clone(),
                    None => file_source(part, path).await?,
                };
                let chunks = file.open().await;
                Ok(Piece::Chunks {
                    name,
                    chunks: chunks.map_err(|cause| unreadable(part, path, cause))?,
                    left: Some(file.size()),
                })
            }
            Content::Stream { chunks, size } => {
                let mut chunks = chunks.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(chunks) = chunks.take() else {
                    return Err(InvalidRequest::new(format!(
                        "part {part} is a stream that an earlier attempt consumed"
                    )));
                };
                Ok(Piece::Chunks {
                    name,
                    chunks,
                    left: *size,
                })
            }
        }
    }
}

async fn file_source(part: &str, path: &Path) -> Result<FileSource, InvalidRequest> {
    let source = FileSource::from_path(path).await;
    source.map_err(|cause| unreadable(part, path, cause))
}

fn unreadable(part: &str, path: &Path, cause: io::Error) -> InvalidRequest {
    let path = path.display();
    InvalidRequest::because(format!("part {part}: cannot read {path}: {cause}"), cause)
}

impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = match self.content {
            Content::Bytes(_) => "bytes",
            Content::Path { .. } => "path",
            Content::Stream { .. } => "stream",
        };
        f.debug_struct("FilePart")
            .field("file_name", &self.file_name.as_ref().map(Redacted))
            .field("content_type", &self.media_type())
            .field("content", &content)
            .finish()
    }
}
