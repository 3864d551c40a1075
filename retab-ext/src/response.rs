//! What is known of an answer beside its value.

use std::fmt;

use http::{HeaderMap, StatusCode};
use retab_api::runtime::{Operation, Response};

/// Status, headers and request id of the answer to a call.
///
/// [`RequestOptions::on_response`](crate::RequestOptions::on_response) gives it for every call of this crate; the answers of
/// [`Client::api`](crate::Client::api) have it themselves.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use retab_ext::RequestOptions;
///
/// let told = RequestOptions::new().on_response(|response| {
///     eprintln!("{}: {} {:?}", response.operation(), response.status(), response.request_id());
///     let date = response.headers().get("date");
///     eprintln!("at {date:?}, after {} attempts", response.attempts());
/// });
/// let run = client.with(told).get_run("run_abc123xyz").await?;
/// println!("{}", run.status());
/// # Ok(())
/// # }
/// ```
///
/// `Debug` shows no header.
#[derive(Clone)]
pub struct ResponseMetadata {
    operation: &'static str,
    status: StatusCode,
    headers: HeaderMap,
    attempts: u32,
}

impl ResponseMetadata {
    pub(crate) fn new(operation: &'static Operation, answer: &Response) -> Self {
        Self {
            operation: operation.id,
            status: answer.status,
            headers: answer.headers.clone(),
            attempts: answer.attempts,
        }
    }

    /// The id of the operation that was called, such as `get_workflow_run`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The status, be it a success or not.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The service's id of the request, to give to its support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// How many times the request was sent.
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
            .finish_non_exhaustive()
    }
}

/// The service's id of a request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-request-id")?.to_str().ok()
}
