//! A fake of Retab's service on a free loopback port, for offline tests and examples.
//!
//! [`FakeRetab`] checks every request to every operation against the OpenAPI document, and answers in the service's
//! shapes: 401 without credentials, 404 for what it does not know, 422 for a request that does not fit. It keeps workflows
//! with their versions, runs with their steps, and files; what it keeps nothing of it answers by a sample of the
//! document's schema. A run moves one step with each read, so that what a test sees depends on no clock, or by a [`Clock`]
//! that the test turns. Files go to and come from a storage on another port, which refuses the credentials of the
//! service. [`Faults`] let requests fail. The program `fake_retab` is the same for clients in other languages.
//!
//! The fake knows JSON only. It shares no type and no code with the client, so that a mistake in one does not hide the
//! same mistake in the other.
//!
//! [`spec`] is what the OpenAPI document says: its operations, values drawn from its schemas, and a check of what
//! arrives. It goes by that document alone.
//!
//! [`scripted_server`] is a service that replays bytes, for what no HTTP server does on purpose. `FAULTS.md`, beside the manifest of
//! this crate, says what the client does in each of the faults that it can play.
//!
//! The server is hyper's, on a thread of its own. A mock server answers from a closure that sees whole requests and gives
//! whole answers; a fake has to reset a connection, to break off an answer, to let it wait, to take an upload of any size
//! without holding it, and to serve hundreds of connections at once, and it has to be there in a program. The mocks of
//! single endpoints in the tests, which know no state and answer what they are told, are httpmock's. The service beneath
//! the server ([`ReceivedRequest`] in, [`Response`] out) knows nothing of it.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use retab_fake::FakeRetab;
//!
//! let fake = FakeRetab::start().await;
//! assert!(fake.base_url().starts_with("http://127.0.0.1:"));
//! # Ok(())
//! # }
//! ```

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
pub use fake::{Builder, FakeRetab};
pub use faults::{FAULT_SYNTAX, Faults, FaultsError};
pub use received_request::ReceivedRequest;
pub use response::Response;
