//! Details that errors derive from the response.

use std::time::{Duration, SystemTime};

use http::header::DATE;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::api_error::{Error, ErrorKind, ResponseParts};
use super::field_error::FieldError;
use crate::runtime::operation::Operation;
use crate::runtime::retry::{self, Fault, RetryAfter, RetryRule};

impl Error {
    /// Returns additional details in the body of the response.
    #[must_use]
    pub fn details(&self) -> Option<&Value> {
        self.inner.service.details.as_ref()
    }

    /// Returns the errors in individual fields, if the service lists any.
    #[must_use]
    pub fn field_errors(&self) -> &[FieldError] {
        &self.inner.service.field_errors
    }

    /// Returns the delay requested by `Retry-After`, measured from the response.
    ///
    /// Dates are relative to the `Date` header of the response, or to the system clock if there is none.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let headers = self.headers()?;
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| httpdate::parse_http_date(date).ok());
        Some(RetryAfter::of(headers)?.delay(date.unwrap_or_else(SystemTime::now)))
    }

    /// Returns whether the status is 404.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Returns whether authentication or authorization failed: the status is 401 or 403.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        matches!(
            self.status(),
            Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
        )
    }

    /// Returns whether the rate limit was exceeded: the status is 429.
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Returns the row of the retry table for the last attempt.
    #[must_use]
    pub fn retry_rule(&self) -> &'static RetryRule {
        match self.kind() {
            ErrorKind::InvalidRequest | ErrorKind::Executor => retry::of_fault(Fault::Unsendable),
            ErrorKind::Connect => retry::of_fault(Fault::NoConnection),
            ErrorKind::Timeout | ErrorKind::Transport => retry::of_fault(Fault::NoResponse),
            _ => {
                // Errors of a response without a status come from the body of a successful one.
                let status = self.status().unwrap_or(StatusCode::OK);
                let retry_after = self.headers().and_then(RetryAfter::of);
                retry::of_status(status, retry_after.is_some())
            }
        }
    }

    /// Returns whether the cause may be transient, as listed in the [retry table](RetryRule::table).
    ///
    /// Considers only the cause. A request that is not idempotent may have taken effect, so a retry may repeat the effect.
    /// See [`outcome_unknown`](Self::outcome_unknown).
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.retry_rule().is_retryable()
    }

    /// Creates an error for a page whose next cursor was already requested.
    pub(crate) fn repeated_cursor(
        operation: &'static Operation,
        status: StatusCode,
        headers: HeaderMap,
        attempts: u32,
    ) -> Self {
        let reason = format!(
            "{} returned {status}: the page repeats an earlier cursor, so the list would never end",
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

    /// Returns whether the last attempt may have taken effect at the service, even if repeating it is harmless.
    ///
    /// The [retry table](RetryRule::table) lists the faults. See also [`outcome_unknown`](Self::outcome_unknown).
    #[must_use]
    pub fn may_have_taken_effect(&self) -> bool {
        self.retry_rule().may_have_taken_effect
    }
}
