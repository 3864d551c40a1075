//! The error of every function of this crate.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use retab_api::runtime::{FieldError, OneLine};
use serde_json::Value;

/// What went wrong: what was being done, on what, what came back, and whether trying again may help.
///
/// `Display` is one line. Neither it nor `Debug` shows a key, a URL, a header or the content of a document.
///
/// ```
/// use retab_ext::{Client, ErrorKind};
///
/// # async fn demo(client: Client) {
/// match client.get_run("run_abc123xyz").await {
///     Ok(run) => println!("{}", run.status()),
///     Err(error) if error.is_not_found() => println!("no such run"),
///     Err(error) if error.is_retryable() => println!("try again later: {error}"),
///     Err(error) => println!("{error} (request {:?})", error.request_id()),
/// }
/// # }
/// ```
///
/// What it is about, for a log and for a program:
///
/// ```
/// # fn demo(error: retab_ext::Error) {
/// if error.is_timeout() || error.is_rate_limited() {
///     println!("after {} attempts; the service asks for {:?}", error.attempts(), error.retry_after());
/// } else if error.is_auth() {
///     println!("the key is missing, wrong or not enough: {error}");
/// } else {
///     println!("{:?} {:?} {:?}", error.code(), error.message(), error.details());
///     // Both can be confidential, so that neither `Display` nor `Debug` shows them.
///     let answer = (error.headers(), error.body());
/// #   let _ = answer;
/// }
/// # }
/// ```
pub struct Error {
    inner: Box<Inner>,
}

enum Inner {
    /// A call of an operation failed, or a request to the storage.
    Api {
        /// What it was about, where the operation does not say it.
        about: Option<String>,
        error: retab_api::Error,
    },
    /// This crate has something to say itself.
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
    /// No client can be made from what was set: the key, the base URL or TLS.
    Configuration,
    /// The request cannot be made from what was given, such as a document that cannot be read; nothing was sent.
    InvalidRequest,
    /// No connection was made; nothing was sent.
    Connect,
    /// Time ran out.
    Timeout,
    /// The connection failed while the request was sent or the answer received.
    Transport,
    /// The service answered with a status that is no success.
    Status,
    /// The service answered with a success that does not fit the operation: its media type, its size or its content, or
    /// a page that leads back to one before it.
    UnexpectedResponse,
    /// A run failed.
    RunFailed,
    /// A run was cancelled.
    RunCancelled,
    /// A run waits for a review.
    RunAwaitingReview,
    /// Something else; [`source`](StdError::source) says more.
    Other,
}

impl Error {
    /// The kind of failure.
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

    /// The error of the call, where a call failed: its operation, headers, body and JSON path.
    #[must_use]
    pub fn api(&self) -> Option<&retab_api::Error> {
        match &*self.inner {
            Inner::Api { error, .. } => Some(error),
            Inner::Own { .. } => None,
        }
    }

    /// The status of the answer, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.api()?.status()
    }

    /// The service's code for what went wrong.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.api()?.code()
    }

    /// The service's own words on what went wrong.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.api()?.message()
    }

    /// The service's id of the request, to give to its support.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.api()?.request_id()
    }

    /// What the service says beyond code and message, in JSON.
    #[must_use]
    pub fn details(&self) -> Option<&Value> {
        self.api()?.details()
    }

    /// The mistakes that the service found in the request, where it lists them.
    ///
    /// ```
    /// # fn demo(error: retab_ext::Error) {
    /// for mistake in error.field_errors() {
    ///     println!("{}: {}", mistake.location.as_deref().unwrap_or("?"), mistake.message);
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        self.api().map_or(&[], retab_api::Error::field_errors)
    }

    /// How long the service asks to be left alone, counted from its answer.
    ///
    /// It comes from the header `retry-after`. Where that is a date, it counts from the date of the answer, or else from
    /// the time of this machine.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.api()?.retry_after()
    }

    /// How many times the request was sent, or its sending tried; 0 where nothing was called.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.api().map_or(0, retab_api::Error::attempts)
    }

    /// Whether the call may have changed something that sending it again would change once more.
    ///
    /// The operation is not idempotent then, and it is not known whether the call has taken effect. `Display` names the
    /// operation to look with before anything is sent again.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// match client.run("wf_abc123xyz").send().await {
    ///     Err(error) if error.outcome_unknown() => eprintln!("is there a run? {error}"),
    ///     other => println!("{}", other?.id()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        self.api().is_some_and(retab_api::Error::outcome_unknown)
    }

    /// The headers of the answer, where there was one.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.api()?.headers()
    }

    /// The body of the answer as it came, as far as it was read; of an answer that is an error, with `[redacted]` in place of the
    /// key should it repeat it. It may be confidential: `Display` and `Debug` do not show it.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        Some(self.api()?.body()?)
    }

    /// Whether the service knows nothing of what was asked for (404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.api().is_some_and(retab_api::Error::is_not_found)
    }

    /// Whether the key was missing, refused or not enough (401 and 403).
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.api().is_some_and(retab_api::Error::is_auth)
    }

    /// Whether the service asked for fewer requests (429).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.api().is_some_and(retab_api::Error::is_rate_limited)
    }

    /// Whether time ran out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout || self.api().is_some_and(retab_api::Error::is_timeout)
    }

    /// Whether the cause may pass by itself: a failed connection, a timeout, or the status 408, 429 or 5xx.
    ///
    /// This speaks of the cause alone: see [`outcome_unknown`](Self::outcome_unknown) for what sending it again may do.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &*self.inner {
            Inner::Api { error, .. } => error.is_retryable(),
            Inner::Own { kind, .. } => matches!(
                kind,
                ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport
            ),
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

    /// Says in front of the message what it is about.
    pub(crate) fn about(mut self, what: impl fmt::Display) -> Self {
        match &mut *self.inner {
            Inner::Own { message, .. } => *message = format!("{what}: {message}"),
            Inner::Api { about, .. } => {
                *about = Some(match about {
                    Some(narrower) => format!("{what}: {narrower}"),
                    None => what.to_string(),
                });
            }
        }
        self
    }

    /// The cause, which the message has to name as well: `Display` does not repeat it.
    pub(crate) fn caused_by(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        if let Inner::Own { source, .. } = &mut *self.inner {
            *source = Some(cause.into());
        }
        self
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
            // Names of files and ids of blocks are texts of others.
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
