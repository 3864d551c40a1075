//! The source of a document.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use retab_api::runtime::Redacted;

use super::file_reference::FileReference;
use super::reader::Reader;

/// The source of a document.
#[derive(Clone)]
pub(super) enum Origin {
    Path(PathBuf),
    Bytes(Bytes),
    Reader(Reader),
    Text(Bytes),
    Url(String),
    DataUrl(Arc<String>),
    File(FileReference),
}

/// Redacts URLs, because they may be presigned, and shows only the length of content.
impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => f.debug_tuple("Path").field(path).finish(),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Reader(_) => f.write_str("Reader"),
            Self::Text(text) => write!(f, "Text({})", text.len()),
            Self::Url(url) => f.debug_tuple("Url").field(&Redacted::always(url)).finish(),
            Self::DataUrl(url) => write!(f, "DataUrl({})", url.len()),
            Self::File(file) => file.fmt(f),
        }
    }
}
