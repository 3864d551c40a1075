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
//! The builder of an operation that answers a list page by page is a [`ListCall`](runtime::ListCall):
//! a [`Pager`](runtime::Pager) asks for its pages one after the other.
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
mod document;
#[allow(clippy::all, clippy::pedantic, unreachable_pub)]
#[rustfmt::skip]
mod generated;
pub mod runtime;

pub use client::Client;
pub use document::Document;
#[cfg(feature = "dispatcher")]
#[doc(hidden)]
pub use generated::dispatcher;
pub use generated::{DOCUMENT, builder, operations, types};
pub use runtime::{
    BuildError, ByteStream, CallOptions, Error, ErrorKind, FieldError, FilePart, Nullable,
    ResponseValue,
};
