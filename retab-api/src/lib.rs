//! Every operation of Retab's HTTP API.
//!
//! [`Client`] has a method for each operation; it gives a builder with a setter for each parameter,
//! which is sent once:
//!
//! ```
//! # async fn demo() -> Result<(), Box<dyn std::error::Error>> {
//! use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
//!
//! let key = HeaderValue::from_str("Bearer rt_test_0123456789")?;
//! let http = reqwest::Client::builder()
//!     .default_headers(HeaderMap::from_iter([(AUTHORIZATION, key)]))
//!     .redirect(reqwest::redirect::Policy::none())
//!     .build()?;
//! let client = retab_api::Client::new("https://api.retab.com", http)?;
//! let run = client.get_workflow_run().run_id("run_abc123xyz").send().await?;
//! println!("{} {:?}", run.workflow_id, run.request_id());
//! # Ok(())
//! # }
//! ```
//!
//! Every builder has a second way to send: `send_as::<T>()` decodes the answer into a type of the
//! caller's own. What all operations are is also a table, [`operations`].
//!
//! The builder of an operation that answers a list page by page is a [`ListOperation`](runtime::ListOperation):
//! a [`Paginator`](runtime::Paginator) asks for its pages one after the other.
//!
//! # What the service adds
//!
//! The service gains fields, values and variants between two versions of this crate, and answers that have them decode:
//! a value that this version does not know is kept in the case `Unknown` of its enum, and written back as it came.
//! Nothing that a new version adds breaks a program: all structs and enums are `#[non_exhaustive]`, so that a `match`
//! has an arm for what it does not name, and a pattern a `..` for fields.
//!
//! ```
//! use retab_api::types::{ListMetadata, PublicHandlePayloadType};
//!
//! fn is_document(handle: &PublicHandlePayloadType) -> Option<bool> {
//!     match handle {
//!         PublicHandlePayloadType::File => Some(true),
//!         PublicHandlePayloadType::Json => Some(false),
//!         _ => None,
//!     }
//! }
//!
//! fn next(ListMetadata { after, .. }: ListMetadata) -> Option<String> {
//!     after
//! }
//! ```
//!
//! Without them it does not compile, even where all of this version's cases and fields are named:
//!
//! ```compile_fail,E0004
//! # use retab_api::types::PublicHandlePayloadType;
//! fn is_document(handle: &PublicHandlePayloadType) -> Option<bool> {
//!     match handle {
//!         PublicHandlePayloadType::File => Some(true),
//!         PublicHandlePayloadType::Json => Some(false),
//!         PublicHandlePayloadType::Unknown(_) => None,
//!     }
//! }
//! ```
//!
//! ```compile_fail,E0638
//! # use retab_api::types::ListMetadata;
//! fn next(ListMetadata { after, before }: ListMetadata) -> Option<String> {
//!     after
//! }
//! ```
//!
//! Only decoding makes an unknown value, so that a misspelt one is not sent by accident:
//!
//! ```
//! use retab_api::types::BlockType;
//!
//! assert!("extrakt".parse::<BlockType>().is_err());
//! # let known: BlockType = "extract".parse()?;
//! # let unknown: BlockType = serde_json::from_value(serde_json::Value::from("extrakt"))?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ```compile_fail,E0277
//! # use retab_api::types::BlockType;
//! let block = BlockType::Unknown("extrakt".into());
//! ```
//!
//! ```compile_fail,E0277
//! # use retab_api::types::WorkflowRunLifecycle;
//! let lifecycle = WorkflowRunLifecycle::Unknown(serde_json::Value::Null.into());
//! ```
//!
//! ```compile_fail,E0624
//! # use retab_api::runtime::UnknownValue;
//! let value = UnknownValue::new(serde_json::Value::Null);
//! ```
//!
//! # TLS
//!
//! This crate chooses none: the [`reqwest::Client`] that it is given brings it. A program that
//! calls an `https` URL enables one of reqwest's TLS features in its own manifest.
//!
//! # Credentials, retries
//!
//! A plain [`reqwest::Client`] sends each request once, with its own default headers. What more is
//! needed is an [`Executor`](runtime::Executor), through which every call of every operation passes.

mod client;
#[allow(clippy::all, clippy::pedantic, unreachable_pub)]
#[rustfmt::skip]
mod generated {
    pub mod builder;
    pub mod operations;
    pub mod spec;
    pub mod types;
}
mod operation_lookup;
pub mod runtime;
mod spec;

pub use client::Client;
pub use generated::spec::SPEC;
pub use generated::{builder, operations, types};
pub use runtime::{
    BuildError, ByteStream, Error, ErrorKind, FieldError, FilePart, Nullable, RequestOptions,
    ResponseValue,
};
pub use spec::Spec;
