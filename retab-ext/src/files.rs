//! Files that are stored with Retab: uploaded, downloaded, referred to.

mod download;
mod link;
mod reference;
mod session;
mod storage;
mod stored_file;
mod to_path;
mod upload;
mod upload_many;
mod watched;

use crate::client::Client;
use crate::document::Document;
use crate::id::FileId;
pub use download::{Download, FileStream};
pub use reference::FileReference;
pub(crate) use session::upload;
pub use stored_file::StoredFile;
pub use upload::Upload;
pub use upload_many::UploadMany;

/// The files that are stored with Retab; [`Client::files`] gives it.
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
/// To list them and to read what is known of one, there are `client.api().list_files()` and `get_file()`.
#[derive(Clone, Debug)]
pub struct Files {
    client: Client,
}

impl Files {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Describes the upload of a document.
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

    /// Describes the upload of several documents, a few of them at a time.
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
        UploadMany::new(self.clone(), documents.into_iter())
    }

    /// Describes the download of a file.
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
