//! Documents that are checked and ready to send.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use http::HeaderValue;
use retab_api::BuildError;
use retab_api::runtime::{EmbeddedSource, FileSource, Parts, Source};
use retab_api::types::{MimeData, builder};
use url::Url;

use super::constructors::Document;
use super::file_reference::FileReference;
use super::origin::Origin;
use super::{data_url, file_name};
use crate::error::Error;
use crate::media_type;

/// A document that is checked and ready to send.
pub(crate) enum Prepared {
    /// Content to embed in a request or to upload.
    Content(Content),
    /// A reference to content that the service stores or fetches.
    Reference(builder::MimeData),
    /// A stored file to refer to, with the configured name.
    Stored {
        file: FileReference,
        name: Option<String>,
    },
}

/// The content of a document and its metadata.
#[derive(Clone)]
pub(crate) struct Content {
    /// The file name, without folders.
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) source: Arc<dyn Source>,
    /// The state of the file when it was checked, or `None` if the content cannot change.
    file: Option<FileSource>,
}

impl Content {
    /// Returns the name of the document for error messages.
    pub(crate) fn label(&self) -> String {
        format!("the document {}", self.name)
    }

    /// Returns the value for the field at `path` of a request body, and the source that completes its data URL.
    pub(crate) fn embed(&self, path: &[&str]) -> Result<(MimeData, EmbeddedSource), BuildError> {
        let mime_data = MimeData::builder()
            .filename(self.name.as_str())
            .url(format!("data:{};base64,", self.media_type))
            .build()?;
        let url = path.iter().copied().chain(["url"]);
        let source = EmbeddedSource::new(url, self.label(), Arc::clone(&self.source));
        Ok((mime_data, source))
    }

    /// Returns the size of the embedded content and its metadata in a request body.
    pub(crate) fn embedded_size(&self) -> Result<u64, BuildError> {
        let (mime_data, source) = self.embed(&[])?;
        Ok(Parts::json(&mime_data, [source])?.size())
    }

    /// Returns whether both have the same name and media type and come from the same unchanged file.
    ///
    /// The content is not compared.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        self.name == other.name && self.media_type == other.media_type && self.file == other.file
    }
}

impl Document {
    /// Rejects the id of a stored file if it belongs to another resource.
    pub(crate) fn check_id(&self) -> Result<(), BuildError> {
        match &self.origin {
            Origin::File(file) => file.check_id(),
            _ => Ok(()),
        }
    }

    /// Checks that the document is readable, and determines its size and media type. Sends nothing.
    ///
    /// # Errors
    /// Returns an error if the document is unreadable, empty or invalid.
    pub(crate) async fn prepare(&self) -> Result<Prepared, Error> {
        let content = match &self.origin {
            Origin::Url(url) => return self.reference_to(url).map(Prepared::Reference),
            Origin::File(file) => {
                return Ok(Prepared::Stored {
                    file: file.clone(),
                    name: self.own_name().map(ToOwned::to_owned),
                });
            }
            Origin::Path(path) => {
                let label = path.display().to_string();
                let file = FileSource::from_path(path).await;
                let file = file.map_err(|cause| read_error(&label, cause))?;
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let source = Arc::new(file.clone());
                let content = self.content(&label, &name, None, source).await?;
                Content {
                    file: Some(file),
                    ..content
                }
            }
            Origin::Bytes(bytes) => {
                let source = Arc::new(bytes.0.clone());
                self.content(&self.label(), "", None, source).await?
            }
            Origin::Text(text) => {
                let name = self.own_name().unwrap_or("document.txt");
                let media_type = media_type::of_name(name).unwrap_or("text/plain");
                let source = Arc::new(text.0.clone());
                self.content(name, name, Some(media_type), source).await?
            }
            Origin::Reader(reader) => {
                let label = self.label();
                let spooled = reader.spool().await;
                let spooled = spooled.map_err(|cause| read_error(&label, cause))?;
                self.content(&label, "", None, spooled).await?
            }
            Origin::DataUrl(url) => {
                let label = self.label();
                let url = Arc::clone(url);
                let decoded = tokio::task::spawn_blocking(move || data_url::decode(&url)).await;
                let (media_type, bytes) = decoded
                    .map_err(|cause| read_error(&label, io::Error::other(cause)))?
                    .map_err(|reason| {
                        Error::invalid_request(format!(
                            "cannot decode the data URL of the document {label}: {reason}"
                        ))
                    })?;
                let source = Arc::new(bytes);
                self.content(&label, "", Some(&media_type), source).await?
            }
        };
        Ok(Prepared::Content(content))
    }

    async fn content(
        &self,
        label: &str,
        name: &str,
        media_type: Option<&str>,
        source: Arc<dyn Source>,
    ) -> Result<Content, Error> {
        if source.size() == 0 {
            return Err(Error::invalid_request(format!(
                "cannot send the document {label}: it is empty"
            )));
        }
        let start = first_bytes(&*source).await;
        let start = start.map_err(|cause| read_error(label, cause))?;
        let name = self.own_name().or_else(|| file_name::base_name(name));
        let media_type = match self.content_type.as_deref().or(media_type) {
            Some(media_type) => validate_media_type(label, media_type)?.to_owned(),
            None => media_type::of(name.unwrap_or_default(), &start),
        };
        let name = match name {
            Some(name) => name.to_owned(),
            None => match file_name::extension(&media_type) {
                Some(extension) => format!("document.{extension}"),
                None => "document".to_owned(),
            },
        };
        Ok(Content {
            name,
            media_type,
            source,
            file: None,
        })
    }

    /// Returns a reference to a URL that the service fetches.
    fn reference_to(&self, url: &str) -> Result<builder::MimeData, Error> {
        let invalid = |reason: &str| {
            // The message omits the URL, because it may be presigned.
            let label = self.label();
            Error::invalid_request(format!(
                "cannot use the URL of the document {label}: {reason}"
            ))
        };
        let parsed = Url::parse(url).map_err(|_| invalid("it is not a valid URL"))?;
        // Windows paths and text such as `Total: 12` parse as URLs without a host.
        if !parsed.has_host() || parsed.scheme() == "file" {
            return Err(invalid(
                "it has no host; use Document::path for a file and Document::text for text",
            ));
        }
        let name = match self.own_name() {
            Some(name) => name.to_owned(),
            None => file_name::from_url(&parsed).unwrap_or_else(|| "document".to_owned()),
        };
        Ok(MimeData::builder().filename(name).url(url))
    }

    /// Returns the configured name, without folders.
    fn own_name(&self) -> Option<&str> {
        file_name::base_name(self.file_name.as_deref()?)
    }

    /// Returns the name of a document without a path for error messages.
    fn label(&self) -> String {
        self.own_name().unwrap_or("without a name").to_owned()
    }
}

/// Returns the first bytes of a document. The first chunk of a source suffices to detect the media type.
async fn first_bytes(source: &dyn Source) -> io::Result<Bytes> {
    let first = source.open().await?.try_next().await?;
    let mut start = first.unwrap_or_default();
    start.truncate(media_type::SNIFF_LEN);
    Ok(start)
}

/// Checks that a media type is valid in a `data:` URL and in a header.
fn validate_media_type<'a>(label: &str, media_type: &'a str) -> Result<&'a str, Error> {
    let is_header = HeaderValue::from_str(media_type).is_ok();
    if is_header && media_type.contains('/') && !media_type.contains(',') {
        return Ok(media_type);
    }
    Err(Error::invalid_request(format!(
        "cannot send the document {label}: {media_type:?} is not a media type"
    )))
}

fn read_error(label: &str, cause: io::Error) -> Error {
    Error::invalid_request(format!("cannot read the document {label}: {cause}")).caused_by(cause)
}
