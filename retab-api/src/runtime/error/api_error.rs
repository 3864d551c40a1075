//! The error of every call.

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

/// Why a call failed: what was being done, what came back, and whether trying again helps.
///
/// `Display` is one line: the operation, what went wrong, and, where the service answered, its
/// status, code, message and request id. Neither `Display` nor `Debug` shows a URL, a header, a
/// request or the body of an answer; [`body`](Self::body) and [`headers`](Self::headers) give them
/// to code that asks.
///
/// ```
/// # async fn call() -> Result<(), retab_api::Error> { Ok(()) }
/// # async fn demo() -> Result<(), retab_api::Error> {
/// use retab_api::ErrorKind;
///
/// match call().await {
///     Err(error) if error.kind() == ErrorKind::Status => {
///         eprintln!("{error}; to support: {:?}", error.request_id());
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

/// What an error keeps of a response.
pub(crate) struct ResponseParts {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// `None` for a body that was not read.
    pub(crate) body: Option<Bytes>,
    pub(crate) attempts: u32,
    /// What an executor knows of [`Error::outcome_unknown`].
    pub(crate) outcome_unknown: Option<bool>,
}

/// The kind of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request cannot be made from what was given: nothing was sent, or the source of its body
    /// failed while it was sent.
    InvalidRequest,
    /// No connection was made; nothing was sent.
    Connect,
    /// No complete answer within the time that the call was given.
    Timeout,
    /// The connection failed while the request was sent or the answer received.
    Transport,
    /// The service answered with a status that is no success (not 2xx).
    Status,
    /// The service answered in a media type that the operation does not declare.
    UnexpectedContentType,
    /// The service answered with a success and no body, where the operation declares one.
    EmptyBody,
    /// The answer is larger than [`RequestOptions::with_response_limit`](super::RequestOptions::with_response_limit) allows.
    TooLarge,
    /// The answer is not the JSON that the operation declares.
    Decode,
    /// A page of a list names as the next one a page that was read before.
    RepeatedCursor,
    /// An executor failed for a reason of its own; [`source`](StdError::source) is its error.
    Executor,
}

impl Error {
    /// The kind of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The operation that was called; `None` for an error that no call has made.
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        self.inner.operation
    }

    /// The status of the answer, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.response.as_ref().map(|response| response.status)
    }

    /// The headers of the answer, where there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.inner
            .response
            .as_ref()
            .map(|response| &response.headers)
    }

    /// The raw body of the answer, as far as it was read.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.inner.response.as_ref()?.body.as_ref()
    }

    /// The service's id of the request, from the header `x-request-id`.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(self.headers()?)
    }

    /// The service's code for what went wrong, from the body of the answer.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.inner.service.code.as_deref()
    }

    /// The service's own words on what went wrong, from the body of the answer.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.inner.service.message.as_deref()
    }

    /// The path of the value that could not be decoded, for example `data[0].lifecycle`.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.inner.json_path.as_deref()
    }

    /// Whether time ran out, be it for the connection or for the answer.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.inner.kind == ErrorKind::Timeout
            || self
                .source()
                .and_then(|source| source.downcast_ref::<reqwest::Error>())
                .is_some_and(reqwest::Error::is_timeout)
    }

    /// How many times the request was sent, or its sending tried; 1 unless the executor retried.
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

    /// Whether the call may have changed something that sending it again would change once more.
    ///
    /// That is so where the operation is not idempotent, no idempotency key that the document declares was sent, and the
    /// call [may have taken effect](Self::may_have_taken_effect). [`Operation::read_by`] reads what has become of it, and
    /// `Display` names that operation.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        self.inner.outcome_unknown.unwrap_or_else(|| {
            let repeatable = |operation: &Operation| operation.idempotent;
            self.may_have_taken_effect() && !self.operation().is_none_or(repeatable)
        })
    }

    /// Sets [`outcome_unknown`](Self::outcome_unknown), for executors that know more than kind, status and operation tell.
    #[must_use]
    pub fn with_outcome_unknown(mut self, outcome_unknown: bool) -> Self {
        self.inner.outcome_unknown = Some(outcome_unknown);
        self
    }
}

/// What executors need to report their own failures.
impl Error {
    /// The request cannot be made from what was given.
    ///
    /// `reason` is shown: it names what is wrong, and holds neither a secret nor a document.
    #[must_use]
    pub fn invalid_request(operation: &'static Operation, reason: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, Some(operation), reason)
    }

    /// The time that the call was given has run out.
    ///
    /// `reason` is shown, for example `no answer within 30 s`.
    #[must_use]
    pub fn timeout(operation: &'static Operation, reason: impl Into<String>) -> Self {
        Self::new(ErrorKind::Timeout, Some(operation), reason)
    }

    /// A failure of the connection, classed as [`ErrorKind::Connect`], [`ErrorKind::Timeout`],
    /// [`ErrorKind::InvalidRequest`] or [`ErrorKind::Transport`].
    ///
    /// The URL is taken out of `source`, since it can be signed.
    #[must_use]
    pub fn transport(operation: &'static Operation, source: reqwest::Error) -> Self {
        let source = source.without_url();
        if let Some(failed) = SourceError::find(&source) {
            return Self::invalid_request(operation, failed.to_string()).with_source(source);
        }
        let (kind, reason) = if source.is_builder() {
            (
                ErrorKind::InvalidRequest,
                "the request cannot be built".to_owned(),
            )
        } else if source.is_connect() {
            (
                ErrorKind::Connect,
                format!("no connection to {}", operation.server()),
            )
        } else if source.is_timeout() {
            (ErrorKind::Timeout, "no complete answer in time".to_owned())
        } else if source.is_body() || source.is_decode() {
            (
                ErrorKind::Transport,
                "the connection broke off within a body".to_owned(),
            )
        } else {
            (
                ErrorKind::Transport,
                "the connection failed before an answer".to_owned(),
            )
        };
        let reason = match root_cause(&source) {
            // Apart from the system's errors, what ran out of time says no more than that.
            Some(cause) if kind != ErrorKind::Timeout || cause.is::<io::Error>() => {
                format!("{reason} ({cause})")
            }
            _ => reason,
        };
        Self::new(kind, Some(operation), reason).with_source(source)
    }

    /// Sets [`source`](StdError::source), which `Display` does not show.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    /// An executor's own failure, kept as [`source`](StdError::source).
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

    /// An answer whose status is no success.
    pub(crate) fn from_status(operation: &'static Operation, response: ResponseParts) -> Self {
        let reason = format!("{} answered {}", operation.server(), response.status);
        let mut error =
            Self::new(ErrorKind::Status, Some(operation), reason).with_response(response);
        if let Some(body) = error.body() {
            error.inner.service = ErrorBody::read(body);
        }
        error
    }

    /// An answer with a success status that the operation does not allow.
    pub(crate) fn unexpected_response(
        kind: ErrorKind,
        operation: &'static Operation,
        response: ResponseParts,
        reason: impl fmt::Display,
    ) -> Self {
        let reason = format!(
            "{} answered {}, but {reason}",
            operation.server(),
            response.status
        );
        Self::new(kind, Some(operation), reason).with_response(response)
    }

    pub(crate) fn too_large(operation: &'static Operation, limit: u64) -> Self {
        let reason = format!(
            "the answer is larger than the limit of {limit} bytes; the limit is an option of the call"
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

    /// Whether trying again helps, where that can be told.
    fn advice(&self) -> Option<String> {
        let operation = self.inner.operation?;
        if self.outcome_unknown() {
            let look = match operation.lookup() {
                Some(reader) => format!(": look with {} before trying again", reader.id),
                None => ", so look before trying again".to_owned(),
            };
            return Some(format!("it may have taken effect{look}"));
        }
        match self.inner.kind {
            ErrorKind::Connect => Some("nothing was sent, so it can be tried again".to_owned()),
            ErrorKind::Timeout | ErrorKind::Transport => Some("it can be tried again".to_owned()),
            _ => None,
        }
    }
}

/// The end of the chain of causes, which says what the system said: the causes above it only say where.
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
        if let Some(advice) = self.advice() {
            write!(f, "; {advice}")?;
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
