//! The HTTP server of the fake: one thread with two listeners, for the API and for object storage.
//!
//! The separate thread keeps the fake responsive while a test blocks its own runtime, or has none.

mod body;
mod exchange;
mod handler;
mod listener;
mod socket;

pub(crate) use handler::{Handler, Log};
pub(crate) use listener::Server;
