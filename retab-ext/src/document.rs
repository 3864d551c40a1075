//! Documents: sources, names, media types and preparation for a request.

mod constructors;
mod data_url;
pub(crate) mod file_name;
mod file_reference;
mod origin;
mod prepared;
mod reader;

pub use constructors::Document;
pub use file_reference::FileReference;
pub(crate) use prepared::{Content, Prepared};
