//! Request bodies: bytes, files, multipart forms, and sources that are streamed.

mod base64_source;
mod embedded_source;
mod file_part;
mod file_source;
mod json_parts;
mod multipart;
mod parts;
mod request_body;
mod source;
mod streaming_body;

pub use embedded_source::EmbeddedSource;
pub use file_part::FilePart;
pub use file_source::FileSource;
pub use multipart::Form;
pub use parts::Parts;
pub use request_body::Body;
pub use source::{Chunks, Source};
