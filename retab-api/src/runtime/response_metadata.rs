//! Metadata of a response.

use std::fmt;

use super::operation::Operation;
use super::redaction::Redacted;
use super::request_id::request_id;
use http::{HeaderMap, StatusCode};

/// The status, headers and request id of a response.
///
/// ```
/// # async fn demo(client: retab_api::Client) -> Result<(), retab_api::Error> {
/// use retab_api::RequestOptions;
///
/// let options = RequestOptions::new().on_response(|response| {
///     eprintln!("{}: {} {:?}", response.operation(), response.status(), response.request_id());
///     let date = response.headers().get("date");
///     eprintln!("at {date:?}, after {} attempts", response.attempts());
/// });
/// let runs = client.with(options).list_workflow_runs().send().await?;
/// println!("{} runs", runs.data.len());
/// # Ok(())
/// # }
/// ```
///
/// [`RequestOptions::on_response`](crate::RequestOptions::on_response) passes it to a callback for every request.
/// [`ResponseValue`](crate::ResponseValue) provides the same data for one response.
///
/// `Debug` redacts the headers.
#[derive(Clone)]
pub struct ResponseMetadata {
    operation: &'static str,
    status: StatusCode,
    headers: HeaderMap,
    attempts: u32,
}

impl ResponseMetadata {
    /// Creates the metadata of a response, for executors that send requests without a generated builder.
    #[must_use]
    pub fn new(
        operation: &'static Operation,
        status: StatusCode,
        headers: HeaderMap,
        attempts: u32,
    ) -> Self {
        Self {
            operation: operation.id,
            status,
            headers,
            attempts,
        }
    }

    /// Returns the id of the operation, such as `get_workflow_run`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Returns the status code.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the request id, which Retab's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// Returns the number of attempts.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

impl fmt::Debug for ResponseMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseMetadata")
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("request_id", &self.request_id())
            .field("attempts", &self.attempts)
            .field("headers", &Redacted(&self.headers))
            .finish()
    }
}
