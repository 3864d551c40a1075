//! What the generated operations are made of: calls, their way to the service, and their answers.
//!
//! Every call of every operation passes through one [`Executor`]. It turns a [`Request`] into an
//! [`Answer`]; what the answer means for the operation is decided after it, in one place.

mod answer;
mod body;
mod build_error;
mod byte_stream;
mod call;
mod decode;
#[cfg(feature = "dispatcher")]
#[allow(dead_code, reason = "how much of it is used follows from the document")]
mod dispatch;
mod effect;
mod error;
mod executor;
mod field_error;
mod file_part;
mod file_source;
#[allow(dead_code, reason = "how much of it is used follows from the document")]
mod hidden;
mod input;
mod invalid;
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "how much of it is used follows from the document"
)]
mod json;
mod list_item;
mod multipart;
mod operation;
mod options;
mod outgoing;
mod page;
mod path;
mod pieces;
mod read_by;
mod request;
mod response;
mod retry_after;
mod service_message;
mod shown;
mod source;
mod text;

pub use answer::{Answer, AnswerBody};
pub use body::Body;
pub use build_error::BuildError;
pub use byte_stream::ByteStream;
pub use call::Call;
#[cfg(feature = "dispatcher")]
pub(crate) use dispatch::Arguments;
#[cfg(feature = "dispatcher")]
#[doc(hidden)]
pub use dispatch::{DispatchError, ListVisitor, Outcome};
pub use error::{Error, ErrorKind};
pub use executor::{BoxFuture, Executor, attempt};
pub use field_error::FieldError;
pub use file_part::FilePart;
pub use file_source::FileSource;
#[allow(unused_imports, reason = "for the types of the document")]
pub(crate) use hidden::{Hidden, KeysOnly};
pub use input::{Input, InputOrNull};
#[allow(unused_imports, reason = "for the types of the document")]
pub(crate) use input::{Refused, if_some, input, nullable_as_it_is};
#[allow(unused_imports, reason = "for the types of the document")]
pub(crate) use json::{
    Alternative, alternative, nullable, object, open_enum, shaped, shaped_union, tagged,
    tagged_union, timestamp,
};
pub use json::{Nullable, ParseEnumError, UnknownValue, UnknownVariant};
pub use list_item::{ListItem, OddItem};
pub use multipart::Form;
pub use operation::{Location, Method, Operation, Parameter, RequestBody, Success};
pub use options::CallOptions;
pub use outgoing::SourceFailed;
pub use page::{Direction, ListCall, Page, Pager};
pub use pieces::Pieces;
pub use request::{Expectation, Request};
pub use response::ResponseValue;
pub use retry_after::RetryAfter;
pub use shown::OneLine;
pub use source::{Chunks, Source};
