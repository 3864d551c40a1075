//! The error type of all requests.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::error_body::ErrorBody;
use super::source_error::SourceError;
use crate::runtime::operation::Operation;
use crate::runtime::redaction::Excerpt;
use crate::runtime::request_id::request_id;

/// The error of a failed request.
///
/// `Display` is one line. It contains the operation, the reason and, if there was a response, its status, error code,
/// message and request id. Neither `Display` nor `Debug` contains URLs, headers or bodies. Use [`body`](Self::body) and
/// [`headers`](Self::headers) to access them.
///
/// ```
/// # async fn request() -> Result<(), retab_api::Error> { Ok(()) }
/// # async fn demo() -> Result<(), retab_api::Error> {
/// use retab_api::ErrorKind;
///
/// match request().await {
///     Err(error) if error.kind() == ErrorKind::Status => {
///         eprintln!("{error}; request id for support: {:?}", error.request_id());
///     }
///     other => other?,
/// }
/// # Ok(())
/// # }
/// ```
pub struct Error {
    pub(super) inner: Box<Inner>,
}

pub(super) struct Inner {
    kind: ErrorKind,
    operation: Option<&'static Operation>,
    reason: String,
    response: Option<ResponseParts>,
    pub(super) service: ErrorBody,
    json_path: Option<String>,
    attempts: u32,
    outcome_unknown: Option<bool>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The parts of a response that an error stores.
pub(crate) struct ResponseParts {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// `None` if the body was not read.
    pub(crate) body: Option<Bytes>,
    pub(crate) attempts: u32,
    /// The executor's value of [`Error::outcome_unknown`].
    pub(crate) outcome_unknown: Option<bool>,
}

/// The kind of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request is invalid, and nothing was sent; or the source of its body failed while it was sent.
    InvalidRequest,
    /// The connection could not be established; nothing was sent.
    Connect,
    /// The response was not complete before the timeout.
    Timeout,
    /// The connection failed while the request was sent or the response was received.
    Transport,
    /// The status of the response is not 2xx.
    Status,
    /// The media type of the response is not declared by the operation.
    UnexpectedContentType,
    /// The response is successful but has no body, although the operation declares one.
    EmptyBody,
    /// The response exceeds the limit set by [`RequestOptions::response_limit`](crate::RequestOptions::response_limit).
    TooLarge,
    /// The response is not the JSON that the operation declares.
    Decode,
    /// A page of a list names the cursor of an earlier page as the next one.
    RepeatedCursor,
    /// An executor failed. Its error is the [`source`](StdError::source).
    Executor,
}

impl Error {
    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// Returns the operation, or `None` if the error does not belong to a request.
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        self.inner.operation
    }

    /// Returns the status of the response, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.response.as_ref().map(|response| response.status)
    }

    /// Returns the headers of the response, if there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.inner
            .response
            .as_ref()
            .map(|response| &response.headers)
    }

    /// Returns the raw body of the response, possibly truncated.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.inner.response.as_ref()?.body.as_ref()
    }

    /// Returns the request id assigned by the service, from the header `x-request-id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(self.headers()?)
    }

    /// Returns the error code in the body of the response.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.inner.service.code.as_deref()
    }

    /// Returns the error message in the body of the response: the innermost text if the body is an envelope.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.inner.service.message.as_deref()
    }

    /// Returns the path of the value that could not be decoded, for example `data[0].lifecycle`.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.inner.json_path.as_deref()
    }

    /// Returns whether a timeout caused the error, while connecting or while waiting for the response.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.inner.kind == ErrorKind::Timeout
            || self
                .source()
                .and_then(|source| source.downcast_ref::<reqwest::Error>())
                .is_some_and(reqwest::Error::is_timeout)
    }

    /// Returns the number of attempts, including attempts that failed to connect. 1 unless the executor retries.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// Sets [`attempts`](Self::attempts), for executors that retry.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.inner.attempts = attempts;
        self
    }

    /// Returns whether the request may have had an effect that a retry would repeat.
    ///
    /// This is the case if the request [may have taken effect](Self::may_have_taken_effect), the operation is not
    /// idempotent, and the request contained no idempotency key declared by the spec. `Display` then names the
    /// [operation that shows the effect](Operation::lookup).
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        self.inner.outcome_unknown.unwrap_or_else(|| {
            let idempotent = |operation: &Operation| operation.idempotent;
            self.may_have_taken_effect() && !self.operation().is_none_or(idempotent)
        })
    }

    /// Sets [`outcome_unknown`](Self::outcome_unknown), for executors that know more than kind, status and operation.
    #[must_use]
    pub fn with_outcome_unknown(mut self, outcome_unknown: bool) -> Self {
        self.inner.outcome_unknown = Some(outcome_unknown);
        self
    }
}

/// Constructors for executors.
impl Error {
    /// Creates an error for a request that cannot be built.
    ///
    /// `Display` contains `reason`, which must contain neither secrets nor documents.
    #[must_use]
    pub fn invalid_request(operation: &'static Operation, reason: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, Some(operation), reason)
    }

    /// Creates a timeout error.
    ///
    /// `Display` contains `reason`, for example `no response within 30 s`.
    #[must_use]
    pub fn timeout(operation: &'static Operation, reason: impl Into<String>) -> Self {
        Self::new(ErrorKind::Timeout, Some(operation), reason)
    }

    /// Creates an error from a failure of reqwest.
    ///
    /// The kind is [`ErrorKind::Connect`], [`ErrorKind::Timeout`], [`ErrorKind::InvalidRequest`] or
    /// [`ErrorKind::Transport`]. The URL is removed from `source`, because presigned URLs are secrets.
    #[must_use]
    pub fn transport(operation: &'static Operation, source: reqwest::Error) -> Self {
        let source = source.without_url();
        if let Some(error) = SourceError::find(&source) {
            return Self::invalid_request(operation, error.to_string()).with_source(source);
        }
        let (kind, reason) = if source.is_builder() {
            (
                ErrorKind::InvalidRequest,
                "cannot build the request".to_owned(),
            )
        } else if source.is_connect() {
            (
                ErrorKind::Connect,
                format!("cannot connect to {}", operation.server()),
            )
        } else if source.is_timeout() {
            (
                ErrorKind::Timeout,
                "timed out before the response was complete".to_owned(),
            )
        } else if source.is_body() || source.is_decode() {
            (
                ErrorKind::Transport,
                "connection lost while transferring a body".to_owned(),
            )
        } else {
            (
                ErrorKind::Transport,
                "connection lost before the response".to_owned(),
            )
        };
        let reason = match root_cause(&source) {
            // The message of any other timeout error adds nothing.
            Some(cause) if kind != ErrorKind::Timeout || cause.is::<io::Error>() => {
                format!("{reason} ({cause})")
            }
            _ => reason,
        };
        Self::new(kind, Some(operation), reason).with_source(source)
    }

    /// Sets [`source`](StdError::source), which `Display` does not contain.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    /// Creates an error from an executor's own failure, which becomes the [`source`](StdError::source).
    #[must_use]
    pub fn from_executor(
        operation: &'static Operation,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        let source = source.into();
        Self::new(ErrorKind::Executor, Some(operation), source.to_string()).with_source(source)
    }
}

impl Error {
    pub(crate) fn invalid_base_url(reason: &'static str) -> Self {
        Self::new(ErrorKind::InvalidRequest, None, reason)
    }

    /// Creates an error for a response whose status is not 2xx.
    pub(crate) fn from_status(operation: &'static Operation, response: ResponseParts) -> Self {
        let reason = format!("{} returned {}", operation.server(), response.status);
        let mut error =
            Self::new(ErrorKind::Status, Some(operation), reason).with_response(response);
        if let Some(body) = error.body() {
            error.inner.service = ErrorBody::parse(body);
        }
        error
    }

    /// Creates an error for a successful response with invalid content.
    pub(crate) fn unexpected_response(
        kind: ErrorKind,
        operation: &'static Operation,
        response: ResponseParts,
        reason: impl fmt::Display,
    ) -> Self {
        let reason = format!(
            "{} returned {}: {reason}",
            operation.server(),
            response.status
        );
        Self::new(kind, Some(operation), reason).with_response(response)
    }

    pub(crate) fn too_large(operation: &'static Operation, limit: u64) -> Self {
        let reason = format!(
            "the response exceeds the limit of {limit} bytes; raise the response limit in the request options"
        );
        Self::new(ErrorKind::TooLarge, Some(operation), reason)
    }

    pub(crate) fn with_json_path(mut self, path: String) -> Self {
        self.inner.json_path = Some(path);
        self
    }

    pub(crate) fn with_response(mut self, response: ResponseParts) -> Self {
        self.inner.attempts = response.attempts;
        self.inner.outcome_unknown = response.outcome_unknown;
        self.inner.response = Some(response);
        self
    }

    pub(super) fn new(
        kind: ErrorKind,
        operation: Option<&'static Operation>,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                operation,
                reason: reason.into(),
                response: None,
                service: ErrorBody::default(),
                json_path: None,
                attempts: 1,
                outcome_unknown: None,
                source: None,
            }),
        }
    }

    /// Returns advice on retrying, if the kind of the error allows any.
    fn hint(&self) -> Option<String> {
        let operation = self.inner.operation?;
        if self.outcome_unknown() {
            let reader = match operation.lookup() {
                Some(reader) => format!(" with {}", reader.id),
                None => String::new(),
            };
            return Some(format!(
                "it may have taken effect: check{reader} before retrying"
            ));
        }
        match self.inner.kind {
            ErrorKind::Connect => Some("nothing was sent, so retrying is safe".to_owned()),
            ErrorKind::Timeout | ErrorKind::Transport => Some("retrying is safe".to_owned()),
            _ => None,
        }
    }
}

/// Returns the last error in the chain of sources, usually the error of the operating system.
fn root_cause(error: &dyn StdError) -> Option<&(dyn StdError + 'static)> {
    let mut cause = error.source()?;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    Some(cause)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.inner;
        if let Some(operation) = inner.operation {
            write!(f, "{}: ", operation.id)?;
        }
        write!(f, "{}", Excerpt(&inner.reason))?;
        if let Some(code) = self.code() {
            write!(f, ", code {}", Excerpt(code))?;
        }
        if let Some(message) = self.message() {
            write!(f, ": {}", Excerpt(message))?;
        }
        if let Some(request_id) = self.request_id() {
            write!(f, " (request id {})", Excerpt(request_id))?;
        }
        if inner.attempts > 1 {
            write!(f, ", after {} attempts", inner.attempts)?;
        }
        if let Some(hint) = self.hint() {
            write!(f, "; {hint}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.inner.kind)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
