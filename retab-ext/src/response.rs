//! Metadata of a response.

use std::fmt;

use http::{HeaderMap, StatusCode};
use retab_api::runtime::{Operation, Redacted, Response};

/// The status, headers and request id of a response.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use retab_ext::RequestOptions;
///
/// let options = RequestOptions::new().on_response(|response| {
///     eprintln!("{}: {} {:?}", response.operation(), response.status(), response.request_id());
///     let date = response.headers().get("date");
///     eprintln!("at {date:?}, after {} attempts", response.attempts());
/// });
/// let run = client.with(options).run("run_abc123xyz").get().await?;
/// println!("{}", run.status());
/// # Ok(())
/// # }
/// ```
///
/// [`RequestOptions::on_response`](crate::RequestOptions::on_response) passes it to a callback for every request of this crate.
/// Responses of [`Client::api`](crate::Client::api) provide the same data directly.
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
    pub(crate) fn new(operation: &'static Operation, response: &Response) -> Self {
        Self {
            operation: operation.id,
            status: response.status,
            headers: response.headers.clone(),
            attempts: response.attempts,
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

/// Returns the value of the header `x-request-id`.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-request-id")?.to_str().ok()
}
