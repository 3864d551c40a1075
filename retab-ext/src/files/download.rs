//! The download of a stored file.

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

use super::object_storage as storage;
use crate::client::Client;
use crate::download_link;
use crate::error::{Error, ErrorKind};
use crate::id::FileId;

/// The download of a stored file, before it starts.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// let size = client.files().download("file_abc123xyz").to_path("invoice.pdf").await?;
/// println!("{size} bytes");
/// # Ok(())
/// # }
/// ```
///
/// The bytes come from the storage that the service names, to which no key is sent, and are never whole in memory.
///
/// To ask for the address and to fetch the file there are two calls, each with the retries and timeouts that the client has
/// for calls: [`RequestOptions::timeout`](crate::RequestOptions::timeout) bounds the second one to the last byte of the file.
#[derive(Clone, Debug)]
#[must_use = "a download does not start until it is told where to"]
pub struct Download {
    client: Client,
    id: FileId,
}

impl Download {
    pub(super) fn new(client: Client, id: FileId) -> Self {
        Self { client, id }
    }

    /// Starts, and gives the bytes as they arrive.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    ///
    /// let mut content = client.files().download("file_abc123xyz").stream().await?;
    /// while let Some(chunk) = content.try_next().await? {
    ///     println!("{} bytes of {}", chunk.len(), content.name());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The start is tried again as any call is, and with a new address where the one that the service gave has expired; what
    /// fails later is an item of the stream.
    ///
    /// # Errors
    /// Those of a call, and of the storage. Of the kind [`UnexpectedResponse`](ErrorKind::UnexpectedResponse) where the storage answers a success
    /// other than 200: that is not the whole file.
    pub async fn stream(self) -> Result<FileStream, Error> {
        let as_it_is = |answer| std::future::ready(Ok(answer));
        let (name, answer) = self.fetch(as_it_is).await?;
        let size = answer.headers.get(CONTENT_LENGTH);
        let size = size.and_then(|size| size.to_str().ok()?.parse().ok());
        let chunks = match answer.body {
            ResponseBody::Stream(chunks) => {
                let failed = move |error| Error::from(error).about(&self.id);
                chunks.map_err(failed).boxed()
            }
            _ => stream::empty().boxed(),
        };
        Ok(FileStream { name, size, chunks })
    }

    /// Writes the bytes to `writer` as they arrive, and gives their number.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut archive = tokio::net::TcpStream::connect("archive.example:9000").await?;
    /// client.files().download("file_abc123xyz").to_writer(&mut archive).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`stream`](Self::stream), and of the kind [`Other`](ErrorKind::Other) where the writer fails. The writer
    /// may have got a part then.
    pub async fn to_writer<W: AsyncWrite + Unpin + ?Sized>(
        self,
        writer: &mut W,
    ) -> Result<u64, Error> {
        let unwritten = |id: &FileId, cause| {
            Error::new(ErrorKind::Other, format!("{id} cannot be written: {cause}"))
                .caused_by(cause)
        };
        let id = self.id.clone();
        let mut content = self.stream().await?;
        let mut size = 0;
        while let Some(chunk) = content.try_next().await? {
            let written = writer.write_all(&chunk).await;
            written.map_err(|cause: std::io::Error| unwritten(&id, cause))?;
            size += chunk.len() as u64;
        }
        let flushed = writer.flush().await;
        flushed.map_err(|cause| unwritten(&id, cause))?;
        Ok(size)
    }

    pub(super) fn id(&self) -> &FileId {
        &self.id
    }

    /// Asks for the file's address, and for the file there, which `receive` takes in; gives its name and what is left of
    /// the answer.
    pub(super) async fn fetch<F>(
        &self,
        receive: impl Fn(Response) -> F,
    ) -> Result<(String, Response), Error>
    where
        F: Future<Output = Result<Response, retab_api::Error>>,
    {
        let mut links_left = storage::URLS - 1;
        loop {
            let link = download_link::of(&self.client, &self.id).await;
            let link = link.map_err(|error| error.about(&self.id))?;
            match self.follow(&link.download_url, &receive).await {
                Ok(answer) => return Ok((link.filename, answer)),
                Err(error) if error.status() == Some(StatusCode::GONE) && links_left > 0 => {
                    links_left -= 1;
                }
                Err(error) => return Err(error.about(&self.id)),
            }
        }
    }

    async fn follow<F>(&self, url: &str, receive: impl Fn(Response) -> F) -> Result<Response, Error>
    where
        F: Future<Output = Result<Response, retab_api::Error>>,
    {
        let operation = &storage::DOWNLOAD;
        let none = HeaderMap::new();
        let request = storage::request(&self.client, operation, url, none, Body::Empty)?;
        let answer = self.client.storage().execute(&request, receive).await?;
        let answer = answer.into_success(operation)?;
        // No part was asked for: 206 would be taken for all of it, and 204 for an empty file.
        if answer.status != StatusCode::OK {
            let reason = format!(
                "the storage answered {}, which is not the whole file",
                answer.status
            );
            return Err(Error::new(ErrorKind::UnexpectedResponse, reason));
        }
        Ok(answer)
    }
}

/// The bytes of a stored file, as they arrive.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// let content = client.files().download("file_abc123xyz").stream().await?;
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
    /// The name of the file as the service has it: anything, and so no path to write to.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The size in bytes, where the storage says it.
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
