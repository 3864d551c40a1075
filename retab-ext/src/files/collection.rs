//! The collection of stored files.

use retab_api::builder::ListFiles;

use super::handle::FileHandle;
use super::upload::Upload;
use super::upload_many::UploadMany;
use crate::client::Client;
use crate::document::Document;
use crate::id::FileId;

/// The stored files, from [`Client::files`].
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use retab_ext::Document;
///
/// let stored = client.files().upload(Document::path("catalogue.pdf")).send().await?;
/// client.file(stored.id()).download().to_path("copy.pdf").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Files {
    client: Client,
}

impl Client {
    /// Returns the collection of stored files, for uploads, handles and lists.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Document;
    ///
    /// let stored = client.files().upload(Document::path("catalogue.pdf")).send().await?;
    /// println!("{} is {}", stored.name(), stored.id());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn files(&self) -> Files {
        Files::new(self.clone())
    }
}

impl Files {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Returns a builder for the upload of a document.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Document;
    ///
    /// let stored = client.files().upload(Document::path("catalogue.pdf")).send().await?;
    /// println!("{} is {}", stored.name(), stored.id());
    /// # Ok(())
    /// # }
    /// ```
    pub fn upload(&self, document: Document) -> Upload {
        Upload::new(self.client.clone(), document)
    }

    /// Returns a builder for concurrent uploads of several documents.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Document;
    ///
    /// let scans = (1..=200).map(|page| Document::path(format!("scans/{page}.tiff")));
    /// for stored in client.files().upload_many(scans).concurrency(8).send().await {
    ///     println!("{}", stored?.id());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn upload_many<I>(&self, documents: I) -> UploadMany<I::IntoIter>
    where
        I: IntoIterator<Item = Document, IntoIter: Send>,
    {
        UploadMany::new(self.client.clone(), documents.into_iter())
    }

    /// Returns a handle to a stored file, like [`Client::file`]. Sends no request.
    #[must_use]
    pub fn handle(&self, id: impl Into<FileId>) -> FileHandle {
        self.client.file(id)
    }

    /// Returns a [`List`](crate::List) of the stored files, with optional filters.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    /// use retab_ext::List as _;
    ///
    /// let mut files = client.files().list().filename("invoice").items();
    /// while let Some(file) = files.try_next().await? {
    ///     println!("{} is {}", file.id, file.filename);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> ListFiles {
        self.client.api().list_files()
    }
}
