//! The client for Retab's document API.
//!
//! A document goes through a workflow:
//!
//! ```no_run
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use retab_ext::{Client, Document, Outcome, Version};
//!
//! let client = Client::from_env()?;
//! let run = client
//!     .run("wf_abc123xyz")
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
//! [`Client::from_env`] reads `RETAB_API_KEY` and, where it is set, `RETAB_API_BASE_URL`; [`Client::builder`] takes both
//! from code. The default base URL is `https://api.retab.com`.
//!
//! # Documents and files
//!
//! A [`Document`] is a path, bytes, a reader, a text, a URL or a stored file. It is read while the request is sent, never
//! whole in memory, and again where the request is sent again. Up to
//! [`RunRequest::DEFAULT_INLINE_LIMIT`] documents go within the request; beyond that the largest are uploaded first.
//! [`Client::files`] uploads and downloads, straight to and from the storage and without the key.
//!
//! # Versions
//!
//! A run takes the version in production, the draft or a pinned one: [`Version`]. [`Client::workflow`] tells which one is in
//! production, pins it, and lists, compares and restores versions. [`Run::version_id`] is what actually ran.
//!
//! # Runs
//!
//! [`Client::run`] describes a new run. Where a workflow has one start block for documents, its id can be left out:
//! [`RunRequest::only_document`]. [`Runs::handle`] is a run by a stored id; either waits, watches, cancels, restarts, and reads
//! [`Outputs`] as types of yours. [`Client::runs`] lists runs, and exports them as a table.
//!
//! # Every operation
//!
//! [`Client::api`] is the generated client of [`retab_api`], with the same key and the same connections: whatever this
//! crate has no shorter form for is called there.
//!
//! # Lists
//!
//! A list operation is one call for one page. [`List`] makes a stream of it, of items or of pages, that asks for a page
//! when it has come to it:
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
//! # Retries, timeouts
//!
//! Every call is sent again where that is safe and may help: [`RetryPolicy`] says when. A connection is given 10 s to be
//! made, and a call is given up when no byte has moved for 300 s; a call, and an attempt of it, may be bounded as well.
//! [`ClientBuilder`] sets all of it for a client, [`RequestOptions`] for the calls of [`Client::with`].
//!
//! Where a call that is not idempotent has failed and may have taken effect all the same,
//! [`Error::outcome_unknown`] is true, and the message names the operation to look with.
//!
//! # Tracing
//!
//! Each call is a `tracing` span `retab.call` and each attempt of it a span `retab.attempt`, with OpenTelemetry's names
//! for HTTP: `http.request.method`, `http.request.resend_count`, `http.response.status_code`, `url.template`,
//! `server.address`, `server.port`, `error.type`; and `retab.operation`, `retab.request_id`, `retab.attempts`. No span and
//! no event has a query, a header or a body.
//!
//! # Errors
//!
//! Every function of this crate fails with one [`Error`]: a line that says what was called, what came back, and whether
//! trying again helps, and accessors for the parts of it, down to the single mistakes that the service found in a request
//! ([`Error::field_errors`]). [`Error::api`] has the error of the generated crate beneath.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! | --- | --- | --- |
//! | `rustls` | yes | https, by rustls over ring and the system's certificates |
//! | `native-tls` | no | https, by the TLS of the system: `OpenSSL`, Secure Transport or `SChannel` |
//!
//! With both, rustls is used. Without either, only `http` base URLs can be used; an `https` one is an error when the
//! client is built.
//!
//! `rustls` compiles reqwest with rustls and without a cryptography provider, since the client is given one of its
//! own and none is installed for the process. A program that builds a `reqwest::Client` of its own beside it enables one
//! of reqwest's TLS features as well, or installs a provider: reqwest panics where it finds none.

mod api_key;
mod base64_source;
mod base_url;
mod client;
mod clock;
mod deadline;
mod document;
mod download_url;
mod embedded;
mod error;
mod files;
mod id;
mod media_type;
mod options;
mod pages;
mod pagination;
mod response;
mod retry;
mod run;
mod runs;
mod stored_file;
mod temp_file;
mod tls;
mod transport;
mod version;
mod workflow;

pub use api_key::{ApiKey, Credentials};
pub use client::{Client, ClientBuilder};
pub use clock::{Clock, SystemClock};
pub use document::{Document, FileReference};
pub use error::{Error, ErrorKind};
pub use files::{Download, FileStream, Files, Upload, UploadMany};
pub use id::{BlockId, FileId, RunId, WorkflowId};
pub use options::RequestOptions;
pub use pages::{Items, Pages};
pub use pagination::{List, Pagination};
pub use response::ResponseMetadata;
pub use retab_api::runtime::{InvalidItem, ListItem, Page};
pub use retab_api::{FieldError, ResponseValue};
pub use retry::RetryPolicy;
pub use run::{
    Cancellation, CancellationStatus, Failure, Outcome, Output, Outputs, Polling, Run, RunHandle,
    RunRequest,
};
pub use runs::{Export, ExportedTable, RunList, Runs};
pub use stored_file::StoredFile;
pub use version::{Version, VersionId};
pub use workflow::WorkflowHandle;

/// Compiles the code in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
