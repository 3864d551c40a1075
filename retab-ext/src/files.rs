//! Uploads and downloads of stored files.

mod collection;
mod destination;
mod download;
mod download_to_path;
mod handle;
mod object_storage;
mod progress_source;
mod upload;
mod upload_many;
mod upload_session;

pub use collection::Files;
pub use download::{Download, FileStream};
pub use handle::FileHandle;
pub use upload::Upload;
pub use upload_many::UploadMany;
pub(crate) use upload_session::upload;
