//! A fake of the [Retab](https://retab.com) API for offline tests and examples.
//!
//! [`FakeRetab`] is an HTTP server on a loopback port. It validates every request against the OpenAPI spec of the service,
//! simulates the most important resources in memory, and responds to all other operations with values sampled from the
//! spec. The program `fake_retab` serves the same fake to clients in other languages.
//!
//! # Quick start
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//! use retab_fake::{FakeRetab, Pace};
//!
//! let fake = FakeRetab::builder().pace(Pace::ByClock).start().await?;
//!
//! // Point a client at the fake and create a run with it.
//! let (base_url, api_key) = (fake.base_url(), FakeRetab::API_KEY);
//!
//! // Two seconds later, the run has completed.
//! fake.clock().advance(Duration::from_secs(2));
//!
//! // Inspect the requests that the client sent.
//! assert_eq!(fake.requests().len(), 0);
//! # let _ = (base_url, api_key);
//! # Ok(())
//! # }
//! ```
//!
//! # What the fake does
//!
//! - **Validation**: responds 401 without valid credentials, 404 for unknown resources, and 422 for a request that violates
//!   the spec, with every violation and its path.
//! - **Simulation**: stores workflows, runs, files, extractions, tables, reviews and more in memory. The README lists what
//!   is simulated, what is sampled and what is missing.
//! - **Object storage**: listens on a second port for uploads and downloads with presigned URLs. It rejects the credentials
//!   of the API, so that a test notices a client that leaks them.
//! - **Custom responses**: [`FakeRetab::queue_response`] overrides the next response.
//!
//! # Determinism
//!
//! By default, a run advances one step with each read ([`Pace::ByReads`]), and the [`Clock`] is stopped, so that tests depend
//! on no timing. With [`Pace::ByClock`], a run advances one step per second of that clock, which the test controls. Sampled
//! responses depend only on the operation and the [seed](FakeRetabBuilder::seed).
//!
//! # Faults
//!
//! [`Faults`] make requests fail: error statuses with `Retry-After`, connection resets before or after processing, truncated
//! responses and stalls. [`FAULT_SYNTAX`] describes the rules.
//!
//! # Independence from the client
//!
//! The fake handles plain JSON and shares no types or code with the Retab client, so that an error in one cannot hide the
//! same error in the other. The [`spec`] module reads the OpenAPI spec for it: operations, sampling, validation.
//! [`scripted_server`] is a lower-level test double that replays bytes, for behavior that an HTTP server cannot produce.

mod clock;
mod fake;
mod faults;
mod received_request;
mod response;
pub mod scripted_server;
mod server;
mod service;
pub mod spec;

pub use clock::{Clock, Pace};
pub use fake::{FakeRetab, FakeRetabBuilder};
pub use faults::{FAULT_SYNTAX, Faults, FaultsError};
pub use received_request::ReceivedRequest;
pub use response::Response;
