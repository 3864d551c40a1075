//! A fake of Retab's service on a free loopback port, for offline tests and examples.
//!
//! [`FakeRetab`] checks what it receives as the service would, and answers in the service's shapes: 401 without
//! credentials, 404 for what it does not know, 422 for a request that does not fit, 202 with a run otherwise. A run moves
//! one step with each read, so that what a test sees depends on no clock. Files go to and come from a storage on another
//! port, which refuses the credentials of the service.
//!
//! The fake knows JSON only. It shares no type and no code with the client, so that a mistake in one does not hide the
//! same mistake in the other.
//!
//! [`contract`] is what the OpenAPI document says: its operations, values drawn from its schemas, and a check of what
//! arrives. It goes by that document alone.
//!
//! [`wire`] is a service that replays bytes, for what no HTTP server does on purpose.
//!
//! The HTTP server is httpmock's, with one mock that hands every request to the service's own routing; the service
//! beneath it ([`Received`] in, [`Answer`] out) knows nothing of it.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use retab_tests::FakeRetab;
//!
//! let fake = FakeRetab::start().await;
//! assert!(fake.base_url().starts_with("http://127.0.0.1:"));
//! # Ok(())
//! # }
//! ```

mod answer;
mod clock;
pub mod contract;
mod fake;
mod faults;
mod received;
mod server;
mod service;
pub mod wire;

pub use answer::Answer;
pub use clock::{Clock, Pace};
pub use fake::{Builder, FakeRetab};
pub use faults::{FAULT_FORMS, Faults, FaultsError};
pub use received::Received;
