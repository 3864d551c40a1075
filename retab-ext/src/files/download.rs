//! Downloads of stored files.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, StatusCode};
use retab_api::runtime::{Body, Response, ResponseBody};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::object_storage;
use crate::client::Client;
use crate::download_url;
use crate::error::{Error, ErrorKind};
use crate::id::FileId;

/// A builder for the download of a stored file.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// let size = client.file("file_abc123xyz").download().to_path("invoice.pdf").await?;
/// println!("{size} bytes");
/// # Ok(())
/// # }
/// ```
///
/// The content is streamed from object storage, never buffered whole. The API key is not sent to object storage.
///
/// A download makes two requests: one for a presigned URL, one for the content. Each has the client's retries and
/// timeouts. For the second, [`RequestOptions::timeout`](crate::RequestOptions::timeout) limits the time until the last
/// byte arrives.
#[derive(Clone, Debug)]
#[must_use = "a download does not start until a method such as `to_path` is awaited"]
pub struct Download {
    client: Client,
    id: FileId,
}

impl Download {
    pub(super) fn new(client: Client, id: FileId) -> Self {
        Self { client, id }
    }

    /// Starts the download and returns a stream of its bytes.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    ///
    /// let mut content = client.file("file_abc123xyz").download().stream().await?;
    /// while let Some(chunk) = content.try_next().await? {
    ///     println!("{} bytes of {}", chunk.len(), content.name());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The client retries until the response starts. If the presigned URL has expired (410), the client requests a new
    /// one, up to two times. Errors after that point are yielded by the stream.
    ///
    /// # Errors
    /// Returns an error if a request fails. The kind is [`UnexpectedResponse`](ErrorKind::UnexpectedResponse) if object
    /// storage returns a success other than 200, because the content would be incomplete.
    ///
    /// # Cancel safety
    /// Dropping the future or the stream closes the connection. The stored file is not affected.
    pub async fn stream(self) -> Result<FileStream, Error> {
        let unchanged = |response| std::future::ready(Ok(response));
        let (name, response) = self.fetch(unchanged).await?;
        let size = response.headers.get(CONTENT_LENGTH);
        let size = size.and_then(|size| size.to_str().ok()?.parse().ok());
        let chunks = match response.body {
            ResponseBody::Stream(chunks) => {
                let failed = move |error| Error::from(error).about(&self.id);
                chunks.map_err(failed).boxed()
            }
            _ => stream::empty().boxed(),
        };
        Ok(FileStream { name, size, chunks })
    }

    /// Writes the content to `writer` and returns its size in bytes.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut archive = tokio::net::TcpStream::connect("archive.example:9000").await?;
    /// client.file("file_abc123xyz").download().to_writer(&mut archive).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns the errors of [`stream`](Self::stream), and an error of the kind [`Other`](ErrorKind::Other) if the
    /// writer fails. The writer may have received part of the content.
    ///
    /// # Cancel safety
    /// Not cancel safe: if the future is dropped, the writer may have received part of the content.
    pub async fn to_writer<W: AsyncWrite + Unpin + ?Sized>(
        self,
        writer: &mut W,
    ) -> Result<u64, Error> {
        let write_error = |id: &FileId, cause| {
            let reason = format!("cannot write to the writer: {cause}");
            let error = Error::new(ErrorKind::Other, reason).caused_by(cause);
            error.about(id)
        };
        let id = self.id.clone();
        let mut content = self.stream().await?;
        let mut size = 0;
        while let Some(chunk) = content.try_next().await? {
            let written = writer.write_all(&chunk).await;
            written.map_err(|cause: std::io::Error| write_error(&id, cause))?;
            size += chunk.len() as u64;
        }
        let flushed = writer.flush().await;
        flushed.map_err(|cause| write_error(&id, cause))?;
        Ok(size)
    }

    pub(super) fn id(&self) -> &FileId {
        &self.id
    }

    /// Requests a presigned URL, then the content, which `receive` processes within the attempt.
    ///
    /// Returns the file name and the processed response.
    pub(super) async fn fetch<F>(
        &self,
        receive: impl Fn(Response) -> F,
    ) -> Result<(String, Response), Error>
    where
        F: Future<Output = Result<Response, retab_api::Error>>,
    {
        // Before any error names the id, which may be a misplaced API key.
        self.id.check()?;
        let mut urls_left = object_storage::MAX_URLS - 1;
        loop {
            let urls = download_url::fetch(&self.client, &self.id).await;
            let urls = urls.map_err(|error| error.about(&self.id))?;
            match self.fetch_from(&urls.download_url, &receive).await {
                Ok(response) => return Ok((urls.filename, response)),
                Err(error) if error.status() == Some(StatusCode::GONE) && urls_left > 0 => {
                    urls_left -= 1;
                }
                Err(error) => return Err(error.about(&self.id)),
            }
        }
    }

    async fn fetch_from<F>(
        &self,
        url: &str,
        receive: impl Fn(Response) -> F,
    ) -> Result<Response, Error>
    where
        F: Future<Output = Result<Response, retab_api::Error>>,
    {
        let operation = &object_storage::DOWNLOAD;
        let headers = HeaderMap::new();
        let request = object_storage::request(&self.client, operation, url, headers, Body::Empty)?;
        let response = self.client.storage().execute(&request, receive).await?;
        let response = response.into_success(operation)?;
        // A 206 would pass for the whole file, and a 204 for an empty one.
        if response.status != StatusCode::OK {
            let reason = format!(
                "cannot download the file: object storage returned {} instead of 200 OK",
                response.status
            );
            return Err(Error::new(ErrorKind::UnexpectedResponse, reason));
        }
        Ok(response)
    }
}

/// A stream of the bytes of a stored file.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// let content = client.file("file_abc123xyz").download().stream().await?;
/// println!("{}: {:?} bytes", content.name(), content.size());
/// # Ok(())
/// # }
/// ```
pub struct FileStream {
    name: String,
    size: Option<u64>,
    chunks: BoxStream<'static, Result<Bytes, Error>>,
}

impl FileStream {
    /// Returns the file name. The service does not validate it: do not use it as a path.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the size in bytes, if object storage reports it.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.size
    }
}

impl Stream for FileStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.chunks.as_mut().poll_next(cx)
    }
}

impl fmt::Debug for FileStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStream")
            .field("name", &self.name)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}
