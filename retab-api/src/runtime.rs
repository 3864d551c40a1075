//! The runtime beneath the generated operations: requests, responses and everything between them.
//!
//! Every request passes through one [`Executor`], which turns a [`Request`] into a [`Response`]. Whether that response
//! is a success is decided after the executor, in one place.
//!
//! The modules import each other in one direction, from bottom to top: `redaction`, `request_id`, `operation`,
//! `response_metadata`, `json`, `retry`, `error`, `body`, `request`, `response`, `executor`, `request_builder`, `pagination`.

mod body;
mod error;
mod executor;
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "the spec decides which of these the generated code uses"
)]
mod json;
mod operation;
mod pagination;
mod parameter_text;
#[allow(
    dead_code,
    reason = "the spec decides which of these the generated code uses"
)]
mod redaction;
mod request;
mod request_builder;
mod request_id;
mod response;
mod response_metadata;
mod retry;

pub use body::{Body, Chunks, EmbeddedSource, FilePart, FileSource, Form, Parts, Source};
pub use error::{BuildError, Error, ErrorKind, FieldError, SourceError};
pub use executor::{BoxFuture, Executor, attempt};
#[allow(unused_imports, reason = "used by generated types")]
pub(crate) use json::{
    Alternative, alternative, nullable, object, open_enum, shaped, shaped_union, tagged,
    tagged_union, timestamp,
};
pub use json::{Nullable, ParseEnumError, RawJson, UnknownValue, UnknownVariant};
pub use operation::{Location, Method, Operation, Parameter, RequestBody, Success};
pub use pagination::{Direction, InvalidItem, ListItem, ListOperation, Page, Paginator};
#[allow(unused_imports, reason = "used by generated types")]
pub(crate) use redaction::KeysOnly;
pub use redaction::{OneLine, REDACTED, Redacted};
#[allow(unused_imports, reason = "used by generated builders")]
pub(crate) use request::{FirstError, input, nullable_input, when_some};
pub use request::{Input, InputOrNull, Request, RequestOptions, ResponseFormat};
pub use request_builder::RequestBuilder;
pub use response::{ByteStream, Response, ResponseBody, ResponseValue};
pub use response_metadata::ResponseMetadata;
pub use retry::{RetryAfter, RetryDelay, RetryPolicy, RetryRule};
