//! Files, upload sessions and presigned download URLs.

mod file;
mod store;

pub(crate) use file::{File, StoredContent, UNKNOWN_MEDIA_TYPE};
pub(crate) use store::{Files, MAX_STORED_FILE_SIZE, SIGNATURE};
