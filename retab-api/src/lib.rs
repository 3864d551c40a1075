//! A typed client for [Retab](https://retab.com)'s HTTP API, generated from its OpenAPI spec.
//!
//! [`Client`] has one method per operation. Each method returns a builder with one setter per parameter:
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
//! - `send_as::<T>()` decodes the response into your own type instead.
//! - [`Paginator`](runtime::Paginator) fetches the pages of [list operations](runtime::ListOperation).
//! - [`operations`] contains the method, path and parameters of every operation.
//!
//! # Authentication, retries and TLS
//!
//! [`reqwest::Client`] sends each request once, with its own default headers. Implement
//! [`Executor`](runtime::Executor) to add credentials, retries or tracing: every request passes through it.
//!
//! This crate enables no TLS backend. Enable one of reqwest's TLS features in your own manifest to use `https` URLs.
//!
//! # Forward compatibility
//!
//! Responses with unknown fields, enum values and union variants decode. Unknown values and variants become the variant
//! `Unknown`, which serializes unchanged. Only decoding creates them, so typos in requests are errors:
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
//! All types are `#[non_exhaustive]`, so new fields and variants are not breaking changes:
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

mod client;
#[cfg(doctest)]
mod compile_fail;
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
    ResponseMetadata, ResponseValue, RetryPolicy,
};
pub use spec::Spec;
