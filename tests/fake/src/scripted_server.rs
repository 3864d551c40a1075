//! A server that replays bytes, for behavior that an HTTP mock cannot produce: broken bodies, resets, stalled responses.
//!
//! Each [`Script`] serves one connection, one after the other. After the last script, connections are refused. No HTTP
//! library sits between a test and the socket, and the server uses no timers.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! use retab_fake::scripted_server::{Script, ScriptedServer};
//!
//! let server = ScriptedServer::new([
//!     Script::new().read_request().reset(),
//!     Script::json(200, "{}"),
//! ])
//! .await;
//! // ... point a client at server.url()
//! assert!(server.requests().is_empty());
//! # }
//! ```

mod connection;
mod port;
mod recording;
mod request;
mod script;
mod server;

pub use script::{Gate, Script};
pub use server::ScriptedServer;
