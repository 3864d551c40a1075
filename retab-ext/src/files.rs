//! Stored files: uploads and downloads.

mod collection;
mod download;
mod download_to_path;
mod object_storage;
mod progress_source;
mod session;
mod upload;
mod upload_many;

pub use collection::Files;
pub use download::{Download, FileStream};
pub(crate) use session::upload;
pub use upload::Upload;
pub use upload_many::UploadMany;
