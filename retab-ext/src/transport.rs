//! The HTTP transport: credentials, retries, timeouts, redaction and tracing.

mod attempt;
mod command_id;
mod executor;
mod http_client;
mod progress_body;
mod redact;
mod retry_loop;
mod timeout_monitor;
mod trace;

pub(crate) use executor::{ObjectStorageTransport, Transport};
pub(crate) use http_client::HttpClient;
pub(crate) use retry_loop::RetryLoop;
