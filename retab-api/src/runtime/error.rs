//! Errors of requests and builders.

mod api_error;
mod build_error;
mod error_body;
mod field_error;
mod invalid_request;
mod response_details;
mod source_error;

pub(crate) use api_error::ResponseParts;
pub use api_error::{Error, ErrorKind};
pub use build_error::BuildError;
pub use field_error::FieldError;
pub(crate) use invalid_request::InvalidRequest;
pub(crate) use source_error::Problem;
pub use source_error::SourceError;
