//! The result of an upload.

use retab_api::runtime::Redacted;

use crate::id::FileId;

/// An uploaded file.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use retab_ext::Document;
///
/// let stored = client.files().upload(Document::path("catalogue.pdf")).send().await?;
/// println!("{}: {} bytes, SHA-256 {}", stored.id(), stored.size(), stored.sha256());
/// // Other requests accept this URL as a reference to the file.
/// let url = stored.storage_url();
/// # let _ = url;
/// let run = client
///     .workflow("wf_abc123xyz")
///     .run()
///     .document("start_document-block-1", Document::file(&stored))
///     .send()
///     .await?;
/// # let _ = run;
/// # Ok(())
/// # }
/// ```
///
/// `Debug` redacts the storage URL, because it may be presigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    pub(crate) id: FileId,
    pub(crate) name: String,
    pub(crate) storage_url: Redacted<String>,
    pub(crate) size: u64,
    pub(crate) sha256: String,
}

impl StoredFile {
    /// Returns the file id.
    #[must_use]
    pub fn id(&self) -> &FileId {
        &self.id
    }

    /// Returns the file name that the service stores.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the storage URL, which requests use to refer to the file.
    #[must_use]
    pub fn storage_url(&self) -> &str {
        &self.storage_url
    }

    /// Returns the size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the SHA-256 of the content in lowercase hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}
