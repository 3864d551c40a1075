//! Responses: as an executor returns them, as a stream of bytes, and as a typed value.

mod byte_stream;
mod decode;
mod message;
mod value;

pub use byte_stream::ByteStream;
pub(crate) use decode::decode;
pub use message::{Response, ResponseBody};
pub use value::ResponseValue;
