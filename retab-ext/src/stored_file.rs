//! What an upload gives.

use std::fmt;

use crate::id::FileId;

/// A file that was uploaded.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use retab_ext::Document;
///
/// let stored = client.files().upload(Document::path("catalogue.pdf")).send().await?;
/// println!("{}: {} bytes, SHA-256 {}", stored.id(), stored.size(), stored.sha256());
/// // What other requests refer to it by, where they take a URL.
/// let url = stored.storage_url();
/// # let _ = url;
/// let run = client
///     .run("wf_abc123xyz")
///     .document("start_document-block-1", Document::file(&stored))
///     .send()
///     .await?;
/// # let _ = run;
/// # Ok(())
/// # }
/// ```
///
/// `Debug` does not show the storage URL, which can be signed.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredFile {
    pub(crate) id: FileId,
    pub(crate) name: String,
    pub(crate) storage_url: String,
    pub(crate) size: u64,
    pub(crate) sha256: String,
}

impl StoredFile {
    /// The id under which the service keeps it.
    #[must_use]
    pub fn id(&self) -> &FileId {
        &self.id
    }

    /// Its name as the service has it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the service keeps it: what a request refers to it by.
    #[must_use]
    pub fn storage_url(&self) -> &str {
        &self.storage_url
    }

    /// Its size in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The SHA-256 of its bytes, in lowercase hexadecimal digits.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

impl fmt::Debug for StoredFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredFile")
            .field("id", &self.id.as_str())
            .field("name", &self.name)
            .field("size", &self.size)
            .field("sha256", &self.sha256)
            .finish_non_exhaustive()
    }
}
