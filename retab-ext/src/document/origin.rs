//! Where a document comes from.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;

use super::file_reference::FileReference;
use super::reader::Reader;

/// Where a document comes from.
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

/// Names what can be named: a URL can be signed, and a data URL is the document itself.
impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => f.debug_tuple("Path").field(path).finish(),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Reader(_) => f.write_str("Reader"),
            Self::Text(text) => write!(f, "Text({})", text.len()),
            Self::Url(_) => f.write_str("Url"),
            Self::DataUrl(url) => write!(f, "DataUrl({})", url.len()),
            Self::File(file) => file.fmt(f),
        }
    }
}
