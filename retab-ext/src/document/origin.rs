//! The source of a document.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use retab_api::runtime::Redacted;

use super::file_reference::FileReference;
use super::reader::Reader;

/// The source of a document. `Debug` redacts content, and URLs because they may be presigned.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    Path(PathBuf),
    Bytes(Redacted<Bytes>),
    Reader(Redacted<Reader>),
    Text(Redacted<Bytes>),
    Url(Redacted<String>),
    DataUrl(Redacted<Arc<String>>),
    File(FileReference),
}
