//! The collection of stored files.

use super::download::Download;
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
/// client.files().download(stored.id()).to_path("copy.pdf").await?;
/// # Ok(())
/// # }
/// ```
///
/// To list files or read their metadata, use `client.api().list_files()` and `client.api().get_file()`.
#[derive(Clone, Debug)]
pub struct Files {
    client: Client,
}

impl Client {
    /// Returns the collection of stored files, for uploads and downloads.
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

    /// Returns a builder for the download of a file.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let path = client.files().download("file_abc123xyz").to_folder("downloads").await?;
    /// println!("{}", path.display());
    /// # Ok(())
    /// # }
    /// ```
    pub fn download(&self, id: impl Into<FileId>) -> Download {
        Download::new(self.client.clone(), id.into())
    }
}
