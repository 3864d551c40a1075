//! What an error says of the service's answer, beyond its status and headers.

use std::time::{Duration, SystemTime};

use http::header::DATE;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::api_error::{Error, ErrorKind, ResponseParts};
use super::field_error::FieldError;
use crate::runtime::operation::Operation;
use crate::runtime::retry::{self, RetryAfter};

impl Error {
    /// What the service says beyond code and message, from the body of the answer.
    #[must_use]
    pub fn details(&self) -> Option<&Value> {
        self.inner.service.details.as_ref()
    }

    /// The mistakes that the service found in the request, where it lists them.
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        &self.inner.service.field_errors
    }

    /// How long the service asks to be left alone, counted from its answer.
    ///
    /// It comes from the header `retry-after`. Where that is a date, it counts from the date of the
    /// answer, or else from the time of this machine.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let headers = self.headers()?;
        let answered = headers.get(DATE).and_then(|date| date.to_str().ok());
        let answered = answered.and_then(|date| httpdate::parse_http_date(date).ok());
        Some(RetryAfter::of(headers)?.delay(answered.unwrap_or_else(SystemTime::now)))
    }

    /// Whether the service knows nothing of what was asked for (404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Whether the key was missing, refused or not enough (401 and 403).
    #[must_use]
    pub fn is_auth(&self) -> bool {
        matches!(
            self.status(),
            Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
        )
    }

    /// Whether the service asked for fewer requests (429).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether the cause may pass by itself: a failed connection, a timeout, or the status 408, 429
    /// or 5xx.
    ///
    /// This speaks of the cause alone. A request that is not idempotent may have taken effect all
    /// the same, and sending it again would do it twice.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport => true,
            ErrorKind::Status => self.status().is_some_and(|status| {
                status.is_server_error()
                    || matches!(
                        status,
                        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS
                    )
            }),
            _ => false,
        }
    }

    /// A page that leads back to one that was read before.
    pub(crate) fn repeated_cursor(
        operation: &'static Operation,
        status: StatusCode,
        headers: HeaderMap,
        attempts: u32,
    ) -> Self {
        let reason = format!(
            "{} answered {status}, but the page names one that was read before, so the list would never end",
            operation.server()
        );
        Self::new(ErrorKind::RepeatedCursor, Some(operation), reason).with_response(ResponseParts {
            status,
            headers,
            body: None,
            attempts,
            outcome_unknown: None,
        })
    }

    /// Whether the last attempt may have taken effect at the service, whatever sending it again would do.
    ///
    /// So may have what was answered as [`Response::may_have_taken_effect`] says, and what was sent, wholly or in part, and
    /// has no answer. [`outcome_unknown`](Self::outcome_unknown) asks whether that matters.
    #[must_use]
    pub fn may_have_taken_effect(&self) -> bool {
        match (self.kind(), self.status(), self.headers()) {
            (ErrorKind::InvalidRequest | ErrorKind::Connect | ErrorKind::Executor, ..) => false,
            (_, Some(status), Some(headers)) => retry::may_have_taken_effect(status, headers),
            _ => true,
        }
    }
}
