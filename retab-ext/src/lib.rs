//! A client for Retab's document API.
//!
//! Run a document through a workflow:
//!
//! ```no_run
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use retab_ext::{Client, Document, Outcome, Version};
//!
//! let client = Client::from_env()?;
//! let run = client
//!     .workflow("wf_abc123xyz")
//!     .run()
//!     .document("start_document-block-1", Document::path("invoice.pdf"))
//!     .version(Version::Draft)
//!     .metadata("tenant", "acme")
//!     .send()
//!     .await?;
//! match run.wait().await? {
//!     Outcome::Completed { run, .. } => println!("{} is done", run.id()),
//!     other => println!("{} is {}", run.id(), other.run().status()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Key and base URL
//!
//! [`Client::from_env`] reads `RETAB_API_KEY` and the optional `RETAB_API_BASE_URL`. [`Client::builder`] sets both in code.
//! The default base URL is `https://api.retab.com`.
//!
//! # Documents and files
//!
//! A [`Document`] is a path, bytes, a reader, text, a URL or a stored file. Documents are streamed, never buffered whole.
//! Each retry reads the document again. A request carries up to [`RunRequest::DEFAULT_INLINE_LIMIT`] of documents inline;
//! beyond that the largest ones are uploaded first. [`Client::files`] uploads files directly to object
//! storage, without sending the API key. [`Client::file`] returns a handle to a stored file, which downloads it.
//!
//! # Versions
//!
//! A run uses the production version, the draft or a pinned version: see [`Version`]. [`Client::workflow`] returns a handle
//! that pins the production version and lists, compares and restores versions. [`Run::version_id`] is the version that ran.
//!
//! # Runs
//!
//! [`WorkflowHandle::run`] builds a new run. [`RunRequest::only_document`] finds the block id if the workflow has exactly
//! one start block for documents. [`Client::run`] returns a handle to an existing run by its id. Both can wait, watch, cancel,
//! restart and deserialize [`Outputs`] into your own types. [`Client::runs`] lists runs and exports them as a table.
//!
//! # Handles and ids
//!
//! `client.run(id)`, `client.workflow(id)` and `client.file(id)` return a handle without sending a request. A handle
//! serializes to its id. `client.runs()`, `client.workflows()` and `client.files()` are the collections.
//!
//! Ids are strings with a type. A request with the id of another resource, such as a `run_...` where a workflow is
//! expected, fails before anything is sent. Ids with unknown prefixes are sent as they are.
//!
//! # All operations
//!
//! [`Client::api`] returns the generated [`retab_api`] client, which exposes every operation of the service. It shares the API
//! key, connections, retries and timeouts of this client.
//!
//! # Pagination
//!
//! List operations return one page. [`List`] turns them into streams of items or pages, fetched lazily:
//!
//! ```no_run
//! # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
//! use futures_util::TryStreamExt as _;
//! use retab_ext::List as _;
//!
//! let mut runs = client.api().list_workflow_runs().workflow_id("wf_abc123xyz").items();
//! while let Some(run) = runs.try_next().await? {
//!     println!("{}", run.id);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Retries and timeouts
//!
//! The client retries failed requests if a retry is safe; [`RetryPolicy`] lists the conditions. The connect timeout
//! defaults to 10 s and the idle timeout to 300 s. The attempt timeout and the overall timeout are off by default.
//! [`ClientBuilder`] configures them for a client, [`RequestOptions`] for the requests of [`Client::with`].
//!
//! If a request that is not idempotent fails but may have taken effect, [`Error::outcome_unknown`] returns true and the error
//! message names the operation to check with.
//!
//! # Tracing
//!
//! The client creates a `tracing` span `retab.request` for each request and a span `retab.attempt`
//! for each attempt. The fields follow the OpenTelemetry conventions for HTTP: `http.request.method`,
//! `http.request.resend_count`, `http.response.status_code`, `url.template`, `server.address`, `server.port`, `error.type`.
//! Three more are specific to this crate: `retab.operation`, `retab.request_id`, `retab.attempts`. Spans and events never
//! contain query strings, headers or bodies.
//!
//! # Errors
//!
//! Every function of this crate returns the same [`Error`]. Its message is one line with the operation, the response, and
//! whether a retry helps. Accessors return the details, such as the invalid fields of a request ([`Error::field_errors`]).
//! [`Error::api`] returns the underlying error of `retab_api`.
//!
//! # Features
//!
//! | feature | default | effect |
//! | --- | --- | --- |
//! | `rustls` | yes | Enables `https` with rustls, ring and the system's certificates. |
//! | `native-tls` | no | Enables `https` with the system's TLS: `OpenSSL`, Secure Transport or `SChannel`. |
//!
//! If both are enabled, the client uses rustls. Without either, [`ClientBuilder::build`] rejects `https` base URLs.
//!
//! ## Other users of reqwest
//!
//! Cargo builds reqwest once for a program, with the union of the requested features. The feature `rustls` of this crate
//! enables reqwest's `rustls-no-provider`, so every `reqwest::Client` requires a crypto provider. This crate passes ring to
//! its own clients and installs no provider for the process, because only a program can choose one.
//!
//! A program is affected if another part of it uses reqwest 0.13 for `http` only, without a TLS feature:
//! `reqwest::Client::new` panics there. Choose one:
//!
//! - Install ring first in `main`, and add `rustls = { version = "0.23", default-features = false, features = ["ring"] }`
//!   to the dependencies. reqwest also requires the system's root certificates then.
//!
//!   ```
//!   # #[cfg(feature = "rustls")]
//!   rustls::crypto::ring::default_provider().install_default().ok();
//!   ```
//!
//! - Enable the feature `native-tls` of this crate, or the feature `rustls` of reqwest, which compiles aws-lc.
//! - Disable the default features of this crate, if the base URL and object storage use `http`.

mod api_key;
mod base_url;
mod client;
mod clock;
mod deadline;
mod document;
mod download_url;
mod error;
mod files;
mod handle;
mod id;
mod media_type;
mod pages;
mod pagination;
mod retry;
mod run;
mod runs;
mod stored_file;
mod temp_file;
mod tls;
mod transport;
mod version;
mod workflow;
mod workflows;

pub use api_key::{ApiKey, Credentials};
pub use client::{Client, ClientBuilder};
pub use clock::{Clock, SystemClock};
pub use document::{Document, FileReference};
pub use error::{Error, ErrorKind};
pub use files::{Download, FileHandle, FileStream, Files, Upload, UploadMany};
pub use id::{BlockId, FileId, RunId, VersionId, WorkflowId};
pub use pages::{Items, Pages};
pub use pagination::{List, Pagination};
pub use retab_api::runtime::{InvalidItem, ListItem, Page};
pub use retab_api::{FieldError, RequestOptions, ResponseMetadata, ResponseValue, RetryPolicy};
pub use run::{
    Cancellation, CancellationStatus, Failure, Outcome, Output, Outputs, Polling, Run, RunHandle,
    RunRequest,
};
pub use runs::{Export, ExportedTable, RunList, Runs};
pub use stored_file::StoredFile;
pub use version::Version;
pub use workflow::WorkflowHandle;
pub use workflows::Workflows;

/// Compiles the code in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
