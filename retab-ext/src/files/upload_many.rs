//! The upload of several documents, a few of them at a time.

use std::fmt;

use futures_core::Stream;
use futures_util::stream::{self, StreamExt as _};

use super::upload::Upload;
use crate::client::Client;
use crate::document::Document;
use crate::error::Error;
use crate::stored_file::StoredFile;

/// How many uploads are under way at a time unless told otherwise.
const CONCURRENCY: usize = 4;

/// The upload of several documents, before it starts.
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
/// One that fails does not stop the others. The documents are taken from the iterator as uploads come to their end, so
/// that there can be any number of them.
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

    /// Sets how many uploads are under way at a time, 4 by default; 0 counts as 1.
    pub fn concurrency(mut self, uploads: usize) -> Self {
        self.concurrency = uploads.max(1);
        self
    }

    /// Uploads all of them, and gives what became of each, in the order of the documents.
    pub async fn send(self) -> Vec<Result<StoredFile, Error>> {
        self.stream().collect().await
    }

    /// What becomes of each document, in their order, as soon as it and those before it have come to their end.
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
