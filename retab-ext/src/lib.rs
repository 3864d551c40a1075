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
//! # Every operation
//!
//! [`Client::api`] is the generated client of [`retab_api`], with the same key and the same connections: whatever this
//! crate has no shorter form for is called there.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! | --- | --- | --- |
//! | `rustls` | yes | https, by rustls over ring and the system's certificates |
//!
//! Without a feature for TLS, only `http` base URLs can be used; an `https` one is an error when the client is built.
//!
//! The feature compiles reqwest with rustls and without a cryptography provider, since the client is given one of its
//! own and none is installed for the process. A program that builds a `reqwest::Client` of its own beside it enables one
//! of reqwest's TLS features as well, or installs a provider: reqwest panics where it finds none.

mod api_key;
mod base_url;
mod client;
mod clock;
mod document;
mod error;
mod id;
mod media_type;
mod run;
mod tls;
mod transport;
mod version;

pub use api_key::{ApiKey, Credentials};
pub use client::{Client, ClientBuilder};
pub use clock::{Clock, SystemClock};
pub use document::Document;
pub use error::{Error, ErrorKind};
pub use id::{BlockId, RunId, WorkflowId};
pub use run::{Failure, Outcome, Polling, Run, RunRequest};
pub use version::{Version, VersionId};

/// The code of the README, which has to compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
