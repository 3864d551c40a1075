//! The builder for the upload of one document.

use std::fmt;
use std::sync::Arc;

use super::progress_source::Progress;
use super::upload_session;
use crate::client::Client;
use crate::document::{Document, Prepared};
use crate::error::Error;
use crate::stored_file::StoredFile;

/// A builder for the upload of a document.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use retab_ext::Document;
///
/// let stored = client
///     .files()
///     .upload(Document::path("catalogue.pdf"))
///     .on_progress(|sent, total| println!("{sent} of {total} bytes"))
///     .send()
///     .await?;
/// println!("{} is {}", stored.name(), stored.id());
/// # Ok(())
/// # }
/// ```
///
/// The content is streamed to object storage without the API key. Documents may exceed 4 GiB.
#[derive(Clone)]
#[must_use = "an upload does not start until `send`"]
pub struct Upload {
    client: Client,
    document: Document,
    progress: Option<Progress>,
}

impl Upload {
    pub(super) fn new(client: Client, document: Document) -> Self {
        Self {
            client,
            document,
            progress: None,
        }
    }

    /// Registers a callback for progress, with the number of bytes sent and the total.
    ///
    /// The task that sends the upload runs the callback for each chunk, so it should return quickly. Bytes count as
    /// sent when they are passed to the connection. A retry starts again from 0.
    pub fn on_progress(mut self, progress: impl Fn(u64, u64) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// Uploads the document.
    ///
    /// An upload makes three requests: one opens an upload session, one sends the content to object storage, one
    /// completes the session. Each has the client's retries and timeouts, so
    /// [`RequestOptions::timeout`](crate::RequestOptions::timeout) also limits the transfer. A retry of the transfer
    /// starts from the beginning. If the session has expired (410), the client opens a new one, up to two times. The
    /// service verifies the SHA-256 of the content.
    ///
    /// # Errors
    /// Returns an error of the kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the document cannot be
    /// read, has changed since it was checked, or is a URL or a stored file, which the client does not download.
    /// Otherwise returns an error if a request fails, with status 422 if the size or the SHA-256 differs.
    ///
    /// # Cancel safety
    /// Dropping the future closes the connection. The upload becomes a stored file only if the completion request has
    /// already been sent. A [reader](Document::reader) that is being copied is consumed.
    pub async fn send(self) -> Result<StoredFile, Error> {
        match self.document.prepare().await? {
            Prepared::Content(content) => {
                upload_session::upload(&self.client, &content, self.progress.as_ref()).await
            }
            Prepared::Reference(_) | Prepared::Stored { .. } => Err(Error::invalid_request(
                "cannot upload a URL or a stored file: the client does not download documents",
            )),
        }
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("document", &self.document)
            .finish_non_exhaustive()
    }
}
