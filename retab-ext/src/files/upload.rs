//! The upload of one document, as it is described.

use std::fmt;
use std::sync::Arc;

use super::progress_source::Progress;
use super::session;
use crate::client::Client;
use crate::document::{Document, Prepared};
use crate::error::Error;
use crate::stored_file::StoredFile;

/// The upload of a document, before it starts.
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
/// The document is read while it is sent, straight to the storage that the service names, and without the key. It can be
/// larger than 4 GiB.
///
/// An upload is given up by dropping the future of [`send`](Self::send): the connection is closed, and what has arrived
/// never becomes a file.
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

    /// Sets what is told how many bytes have been handed to the connection, and how many there are in all.
    ///
    /// It is called for each chunk, by the task that sends it, and so has to be quick. Where the sending starts again, so
    /// does the number of bytes.
    pub fn on_progress(mut self, progress: impl Fn(u64, u64) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// Uploads the document.
    ///
    /// The session, the sending and the completion are three calls, each with the retries and timeouts that the client has
    /// for calls: [`RequestOptions::timeout`](crate::RequestOptions::timeout) bounds the sending too. The sending is tried again
    /// from its start, and with a new session where the old one has expired. The service compares the SHA-256 of what it has
    /// with that of what was sent.
    ///
    /// # Errors
    /// Of the kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest) where the document cannot be read, has changed
    /// since it was looked at, or is one of a URL or a stored file, which this crate does not fetch. Otherwise those of a
    /// call, with the status 422 where size or SHA-256 differ.
    pub async fn send(self) -> Result<StoredFile, Error> {
        match self.document.prepare(&self.client).await? {
            Prepared::Content(content) => {
                session::upload(&self.client, &content, self.progress.as_ref()).await
            }
            Prepared::Reference(_) => Err(Error::invalid_request(
                "a document of a URL or of a stored file cannot be uploaded: its bytes are elsewhere",
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
