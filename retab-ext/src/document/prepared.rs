//! A document that was looked at, and can be sent.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use http::HeaderValue;
use retab_api::BuildError;
use retab_api::runtime::{FileSource, Source};
use retab_api::types::{MimeData, builder};
use url::Url;

use super::constructors::Document;
use super::origin::Origin;
use super::{data_url, file_name};
use crate::client::Client;
use crate::embedded::Embedded;
use crate::error::Error;
use crate::media_type;

/// A document that was looked at, and can be sent.
pub(crate) enum Prepared {
    /// It has bytes, which go into a request or are uploaded.
    Content(Content),
    /// The service has its bytes or fetches them.
    Reference(builder::MimeData),
}

/// The bytes of a document, and what is said of them.
#[derive(Clone)]
pub(crate) struct Content {
    /// What it is called, without folders.
    pub(crate) name: String,
    /// What it is.
    pub(crate) media_type: String,
    /// Its bytes.
    pub(crate) source: Arc<dyn Source>,
    /// How the file was when it was looked at; `None` where it cannot change.
    file: Option<FileSource>,
}

impl Content {
    /// What errors call it.
    pub(crate) fn label(&self) -> String {
        format!("the document {}", self.name)
    }

    /// Embeds the content in the body of a request.
    pub(crate) fn embed(&self, embedded: &mut Embedded) -> Result<MimeData, BuildError> {
        let source = Arc::clone(&self.source);
        embedded.add(self.label(), &self.name, &self.media_type, source)
    }

    /// Whether this is what `other` was, as far as can be told without reading it.
    pub(crate) fn is_still(&self, other: &Self) -> bool {
        self.name == other.name && self.media_type == other.media_type && self.file == other.file
    }
}

impl Document {
    /// Whether it is a file that the service has.
    pub(crate) fn is_stored(&self) -> bool {
        matches!(self.origin, Origin::File(_))
    }

    /// Looks at the document: whether it is there, how large it is, and what it is.
    pub(crate) async fn prepare(&self, client: &Client) -> Result<Prepared, Error> {
        let content = match &self.origin {
            Origin::Url(url) => return self.reference_to(url).map(Prepared::Reference),
            Origin::File(file) => {
                let found = file.resolve(client, self.own_name()).await?;
                return Ok(Prepared::Reference(found));
            }
            Origin::Path(path) => {
                let label = path.display().to_string();
                let file = FileSource::from_path(path).await;
                let file = file.map_err(|cause| unreadable(&label, cause))?;
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let source = Arc::new(file.clone());
                let content = self.content(&label, &name, None, source).await?;
                Content {
                    file: Some(file),
                    ..content
                }
            }
            Origin::Bytes(bytes) => {
                let source = Arc::new(bytes.clone());
                self.content(&self.label(), "", None, source).await?
            }
            Origin::Text(text) => {
                let name = self.own_name().unwrap_or("document.txt");
                let media_type = media_type::of_name(name).unwrap_or("text/plain");
                let source = Arc::new(text.clone());
                self.content(name, name, Some(media_type), source).await?
            }
            Origin::Reader(reader) => {
                let label = self.label();
                let spooled = reader.spooled().await;
                let spooled = spooled.map_err(|cause| unreadable(&label, cause))?;
                self.content(&label, "", None, spooled).await?
            }
            Origin::DataUrl(url) => {
                let label = self.label();
                let url = Arc::clone(url);
                let decoded = tokio::task::spawn_blocking(move || data_url::decode(&url)).await;
                let (media_type, bytes) = decoded
                    .map_err(|cause| unreadable(&label, io::Error::other(cause)))?
                    .map_err(|reason| {
                        Error::invalid_request(format!("the data URL of {label} {reason}"))
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
                "the document {label} is empty"
            )));
        }
        let start = start(&*source).await;
        let start = start.map_err(|cause| unreadable(label, cause))?;
        let name = self.own_name().or_else(|| file_name::without_folders(name));
        let media_type = match self.content_type.as_deref().or(media_type) {
            Some(media_type) => checked(label, media_type)?.to_owned(),
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

    /// The address itself, which the service can read.
    fn reference_to(&self, url: &str) -> Result<builder::MimeData, Error> {
        let refused = |reason: &str| {
            // Not the URL: it can be signed.
            let label = self.label();
            Error::invalid_request(format!("the URL of the document {label} {reason}"))
        };
        let parsed = Url::parse(url).map_err(|_| refused("is no URL"))?;
        // A path of Windows and a line of text can look like a URL, and have no host.
        if !parsed.has_host() || parsed.scheme() == "file" {
            return Err(refused(
                "names no host; a file is Document::path, a text Document::text",
            ));
        }
        let name = match self.own_name() {
            Some(name) => name.to_owned(),
            None => file_name::of_url(&parsed).unwrap_or_else(|| "document".to_owned()),
        };
        Ok(MimeData::builder().filename(name).url(url))
    }

    /// The name that was set, without folders.
    fn own_name(&self) -> Option<&str> {
        file_name::without_folders(self.file_name.as_deref()?)
    }

    /// What errors call a document without a path.
    fn label(&self) -> String {
        self.own_name().unwrap_or("without a name").to_owned()
    }
}

/// The first bytes of a document; a chunk of any source is more than what tells media types apart.
async fn start(source: &dyn Source) -> io::Result<Bytes> {
    let first = source.open().await?.try_next().await?;
    let mut start = first.unwrap_or_default();
    start.truncate(media_type::SNIFF_LEN);
    Ok(start)
}

/// A media type that can stand in a data URL and in a header.
fn checked<'a>(label: &str, media_type: &'a str) -> Result<&'a str, Error> {
    let is_header = HeaderValue::from_str(media_type).is_ok();
    if is_header && media_type.contains('/') && !media_type.contains(',') {
        return Ok(media_type);
    }
    Err(Error::invalid_request(format!(
        "the media type of the document {label} is none: {media_type:?}"
    )))
}

fn unreadable(label: &str, cause: io::Error) -> Error {
    Error::invalid_request(format!("the document {label} cannot be read: {cause}")).caused_by(cause)
}
