//! The error type of this crate.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use retab_api::runtime::{BuildError, FieldError, OneLine};
use serde_json::Value;

/// An error returned by this crate.
///
/// ```
/// use retab_ext::{Client, ErrorKind};
///
/// # async fn demo(client: Client) {
/// match client.run("run_abc123xyz").get().await {
///     Ok(run) => println!("{}", run.status()),
///     Err(error) if error.is_not_found() => println!("no such run"),
///     Err(error) if error.is_retryable() => println!("retry later: {error}"),
///     Err(error) => println!("{error} (request {:?})", error.request_id()),
/// }
/// # }
/// ```
///
/// Details for logs and for programs:
///
/// ```
/// # fn demo(error: retab_ext::Error) {
/// if error.is_timeout() || error.is_rate_limited() {
///     println!("failed after {} attempts, retry after {:?}", error.attempts(), error.retry_after());
/// } else if error.is_auth() {
///     println!("check the API key and its permissions: {error}");
/// } else {
///     println!("{:?} {:?} {:?}", error.code(), error.message(), error.details());
///     // `Display` and `Debug` omit both, because they can be confidential.
///     let response = (error.headers(), error.body());
/// #   let _ = response;
/// }
/// # }
/// ```
///
/// `Display` prints one line with the operation, the response, and whether a retry helps. Neither `Display` nor `Debug`
/// prints API keys, URLs, headers or document contents.
pub struct Error {
    inner: Box<Inner>,
}

enum Inner {
    /// A request to the service or to object storage failed.
    Api {
        /// Context that the operation does not provide, such as a file name.
        about: Option<String>,
        error: retab_api::Error,
    },
    /// An error that originates in this crate.
    Own {
        kind: ErrorKind,
        message: String,
        source: Option<Box<dyn StdError + Send + Sync>>,
    },
}

/// The kind of an [`Error`].
///
/// ```
/// use retab_ext::{Client, ErrorKind};
///
/// let error = Client::builder().build().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Configuration);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client could not be built because the API key, the base URL or the TLS setup is invalid.
    Configuration,
    /// The request could not be built, or a document could not be read while sending it. No complete request was sent.
    InvalidRequest,
    /// The connection could not be established. Nothing was sent.
    Connect,
    /// A timeout expired.
    Timeout,
    /// The connection failed while sending the request or receiving the response.
    Transport,
    /// The service returned an error status (not 2xx).
    Status,
    /// The service returned a success status, but the response has an unexpected media type, size or content, or it repeats a
    /// pagination cursor.
    UnexpectedResponse,
    /// A run failed.
    RunFailed,
    /// A run was cancelled.
    RunCancelled,
    /// A run is awaiting a review.
    RunAwaitingReview,
    /// Any other failure. See [`source`](StdError::source).
    Other,
}

impl Error {
    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match &*self.inner {
            Inner::Api { error, .. } => match error.kind() {
                retab_api::ErrorKind::InvalidRequest => ErrorKind::InvalidRequest,
                retab_api::ErrorKind::Connect => ErrorKind::Connect,
                retab_api::ErrorKind::Timeout => ErrorKind::Timeout,
                retab_api::ErrorKind::Transport => ErrorKind::Transport,
                retab_api::ErrorKind::Status => ErrorKind::Status,
                retab_api::ErrorKind::UnexpectedContentType
                | retab_api::ErrorKind::EmptyBody
                | retab_api::ErrorKind::TooLarge
                | retab_api::ErrorKind::Decode
                | retab_api::ErrorKind::RepeatedCursor => ErrorKind::UnexpectedResponse,
                _ => ErrorKind::Other,
            },
            Inner::Own { kind, .. } => *kind,
        }
    }

    /// Returns the underlying error of the generated client, if a request failed.
    ///
    /// It provides the operation, headers, body and JSON path.
    #[must_use]
    pub fn api(&self) -> Option<&retab_api::Error> {
        match &*self.inner {
            Inner::Api { error, .. } => Some(error),
            Inner::Own { .. } => None,
        }
    }

    /// Returns the status of the response, if any.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.api()?.status()
    }

    /// Returns the error code of the service.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.api()?.code()
    }

    /// Returns the error message of the service.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.api()?.message()
    }

    /// Returns the request id, which Retab's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.api()?.request_id()
    }

    /// Returns the details that the service adds to code and message, as JSON.
    #[must_use]
    pub fn details(&self) -> Option<&Value> {
        self.api()?.details()
    }

    /// Returns the invalid fields of the request, as reported by the service.
    ///
    /// ```
    /// # fn demo(error: retab_ext::Error) {
    /// for field in error.field_errors() {
    ///     println!("{}: {}", field.location.as_deref().unwrap_or("?"), field.message);
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        self.api().map_or(&[], retab_api::Error::field_errors)
    }

    /// Returns the delay requested by `Retry-After`, measured from the response.
    ///
    /// If the header contains a date, the delay is relative to the `Date` header of the response, or else to the system time.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.api()?.retry_after()
    }

    /// Returns the number of attempts, or 0 if no request was made.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.api().map_or(0, retab_api::Error::attempts)
    }

    /// Returns true if the operation is not idempotent and may have taken effect.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// match client.workflow("wf_abc123xyz").run().send().await {
    ///     Err(error) if error.outcome_unknown() => eprintln!("check for a new run: {error}"),
    ///     other => println!("{}", other?.id()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A retry could then apply the change twice. `Display` names the operation to check with before retrying.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        self.api().is_some_and(retab_api::Error::outcome_unknown)
    }

    /// Returns the headers of the response, if any.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.api()?.headers()
    }

    /// Returns the raw body of the response, as far as it was read.
    ///
    /// The body may be confidential, so `Display` and `Debug` omit it. If an error response repeats the API key, the key is
    /// replaced with `[redacted]`.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        Some(self.api()?.body()?)
    }

    /// Returns true if the resource does not exist (404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.api().is_some_and(retab_api::Error::is_not_found)
    }

    /// Returns true if the API key is missing, invalid or lacks permissions (401 or 403).
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.api().is_some_and(retab_api::Error::is_auth)
    }

    /// Returns true if the service limited the request rate (429).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.api().is_some_and(retab_api::Error::is_rate_limited)
    }

    /// Returns true if a timeout expired.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout || self.api().is_some_and(retab_api::Error::is_timeout)
    }

    /// Returns true if the cause may be transient, as listed in [`RetryPolicy`](crate::RetryPolicy#retry-conditions), or if the
    /// deadline of a wait passed.
    ///
    /// This does not mean that a retry is safe. Check [`outcome_unknown`](Self::outcome_unknown) first.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &*self.inner {
            Inner::Api { error, .. } => error.is_retryable(),
            // Only waits create their own timeouts.
            Inner::Own { kind, .. } => *kind == ErrorKind::Timeout,
        }
    }

    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner::Own {
                kind,
                message: message.into(),
                source: None,
            }),
        }
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    pub(crate) fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidRequest, message)
    }

    /// Prepends context to the message, such as a file name.
    pub(crate) fn about(mut self, context: impl fmt::Display) -> Self {
        match &mut *self.inner {
            Inner::Own { message, .. } => *message = format!("{context}: {message}"),
            Inner::Api { about, .. } => {
                *about = Some(match about {
                    Some(inner) => format!("{context}: {inner}"),
                    None => context.to_string(),
                });
            }
        }
        self
    }

    /// Sets the source. The message must describe it as well, since `Display` does not print sources.
    pub(crate) fn caused_by(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        if let Inner::Own { source, .. } = &mut *self.inner {
            *source = Some(cause.into());
        }
        self
    }
}

/// For values that cannot be used in a request, such as the id of another resource. The kind is
/// [`InvalidRequest`](ErrorKind::InvalidRequest).
impl From<BuildError> for Error {
    fn from(error: BuildError) -> Self {
        Self::invalid_request(format!("cannot build the request: {error}")).caused_by(error)
    }
}

impl From<retab_api::Error> for Error {
    fn from(error: retab_api::Error) -> Self {
        Self {
            inner: Box::new(Inner::Api { about: None, error }),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.inner {
            Inner::Api { about, error } => {
                if let Some(about) = about {
                    write!(f, "{}: ", OneLine(about))?;
                }
                error.fmt(f)
            }
            // File names and block ids are untrusted and may contain line breaks.
            Inner::Own { message, .. } => OneLine(message).fmt(f),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.kind())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &*self.inner {
            Inner::Api { error, .. } => error.source(),
            Inner::Own { source, .. } => source.as_deref().map(|source| source as _),
        }
    }
}
