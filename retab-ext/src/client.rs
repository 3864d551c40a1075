//! The client and its builder.

mod builder;
mod connected;
mod http;

pub use builder::ClientBuilder;
pub use connected::Client;
