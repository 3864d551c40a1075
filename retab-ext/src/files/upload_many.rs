//! The builder for concurrent uploads.

use std::fmt;

use futures_core::Stream;
use futures_util::stream::{self, StreamExt as _};

use super::upload::Upload;
use crate::client::Client;
use crate::document::Document;
use crate::error::Error;
use crate::stored_file::StoredFile;

/// The default concurrency limit.
const CONCURRENCY: usize = 4;

/// A builder for concurrent uploads of several documents.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use futures_util::StreamExt as _;
/// use retab_ext::Document;
///
/// let scans = (1..=200).map(|page| Document::path(format!("scans/{page}.tiff")));
/// let mut uploads = client.files().upload_many(scans).stream();
/// while let Some(stored) = uploads.next().await {
///     match stored {
///         Ok(stored) => println!("{} is {}", stored.name(), stored.id()),
///         Err(error) => println!("{error}"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// A failed upload does not stop the others. The iterator is consumed lazily, so it may yield any number of documents.
#[must_use = "the uploads do not start until `send` or `stream`"]
pub struct UploadMany<I> {
    client: Client,
    documents: I,
    concurrency: usize,
}

impl<I: Iterator<Item = Document> + Send> UploadMany<I> {
    pub(super) fn new(client: Client, documents: I) -> Self {
        Self {
            client,
            documents,
            concurrency: CONCURRENCY,
        }
    }

    /// Sets the maximum number of in-flight uploads. Defaults to 4; 0 counts as 1.
    pub fn concurrency(mut self, uploads: usize) -> Self {
        self.concurrency = uploads.max(1);
        self
    }

    /// Uploads all documents and returns the results in input order.
    ///
    /// # Cancel safety
    /// Dropping the future closes the connections of in-flight uploads and discards all results. Completed uploads stay
    /// stored. Use [`stream`](Self::stream) to receive each result as soon as possible.
    pub async fn send(self) -> Vec<Result<StoredFile, Error>> {
        self.stream().collect().await
    }

    /// Returns a stream of results in input order. A result waits for those before it.
    pub fn stream(self) -> impl Stream<Item = Result<StoredFile, Error>> + Send + use<I> {
        let client = self.client;
        stream::iter(self.documents)
            .map(move |document| Upload::new(client.clone(), document).send())
            .buffered(self.concurrency)
    }
}

impl<I> fmt::Debug for UploadMany<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadMany")
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
