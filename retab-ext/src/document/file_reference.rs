//! References to stored files.

use retab_api::BuildError;
use retab_api::runtime::Redacted;
use retab_api::types::{MimeData, builder};
use url::Url;

use super::file_name;
use crate::client::Client;
use crate::download_url;
use crate::error::Error;
use crate::id::FileId;
use crate::stored_file::StoredFile;

/// A reference to a stored file: its id, its storage URL, or the result of an upload.
///
/// ```
/// use retab_ext::{FileId, FileReference};
///
/// let by_id = FileReference::from(FileId::from("file_abc123xyz"));
/// let by_text = FileReference::from("file_abc123xyz");
/// assert_eq!(format!("{by_id:?}"), format!("{by_text:?}"));
/// ```
///
/// A string that contains `://` is a storage URL; any other string is an id. `Debug` redacts URLs, because they may be
/// presigned.
#[derive(Clone, Debug)]
pub struct FileReference(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Id(FileId),
    Url(Redacted<String>),
    Stored { name: String, url: Redacted<String> },
}

impl FileReference {
    /// Rejects an id that belongs to another resource.
    pub(crate) fn check_id(&self) -> Result<(), BuildError> {
        match &self.0 {
            Kind::Id(id) => id.check(),
            _ => Ok(()),
        }
    }

    /// Returns the form that requests use, with `name` instead of the stored file name if it is set.
    ///
    /// # Errors
    /// Returns an error if the storage URL is invalid, or if the request for the URL of an id fails.
    pub(crate) async fn resolve(
        &self,
        client: &Client,
        name: Option<&str>,
    ) -> Result<builder::MimeData, Error> {
        let (own_name, url) = match &self.0 {
            Kind::Stored { name, url } => (name.clone(), url.0.clone()),
            Kind::Url(url) => {
                let parsed = Url::parse(url).map_err(|_| {
                    Error::invalid_request(
                        "cannot use the storage URL of a document: it is not a valid URL",
                    )
                })?;
                let own_name = file_name::from_url(&parsed);
                (
                    own_name.unwrap_or_else(|| "document".to_owned()),
                    url.0.clone(),
                )
            }
            Kind::Id(id) => {
                let urls = download_url::fetch(client, id).await?;
                match urls.mime_data {
                    Some(stored) => (stored.filename, stored.url),
                    None => (urls.filename, urls.download_url),
                }
            }
        };
        let name = name.map_or(own_name, ToOwned::to_owned);
        Ok(MimeData::builder().filename(name).url(url))
    }
}

impl From<FileId> for FileReference {
    fn from(id: FileId) -> Self {
        Self(Kind::Id(id))
    }
}

impl From<&FileId> for FileReference {
    fn from(id: &FileId) -> Self {
        id.clone().into()
    }
}

impl From<String> for FileReference {
    fn from(text: String) -> Self {
        Self(if text.contains("://") {
            Kind::Url(Redacted(text))
        } else {
            Kind::Id(text.into())
        })
    }
}

impl From<&str> for FileReference {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&StoredFile> for FileReference {
    fn from(file: &StoredFile) -> Self {
        Self(Kind::Stored {
            name: file.name().to_owned(),
            url: Redacted(file.storage_url().to_owned()),
        })
    }
}

impl From<StoredFile> for FileReference {
    fn from(file: StoredFile) -> Self {
        (&file).into()
    }
}
