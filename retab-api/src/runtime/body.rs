//! Request bodies: bytes, files, multipart forms, and sources that are streamed.

mod file_part;
mod file_source;
mod multipart;
mod pieces;
mod request_body;
mod source;
mod streaming_body;

pub use file_part::FilePart;
pub use file_source::FileSource;
pub use multipart::Form;
pub use pieces::Pieces;
pub use request_body::Body;
pub use source::{Chunks, Source};
