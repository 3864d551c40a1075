//! Requests: their options, their parameters, and the message that an executor sends.

mod input;
mod message;
mod options;
pub(crate) mod path;

pub(crate) use input::{FirstError, input, nullable_input, when_some};
pub use input::{Input, InputOrNull};
pub use message::{Request, ResponseFormat};
pub use options::RequestOptions;
