//! A row of the retry table.

/// A row of the retry table: whether to retry a request that hits a fault, and when.
///
/// ```
/// use retab_api::runtime::RetryRule;
///
/// for rule in RetryRule::table().filter(|rule| rule.allows_retry(false)) {
///     println!("{}: retried even if not idempotent: {}", rule.fault, rule.reason);
/// }
/// ```
///
/// [`Error::retry_rule`](crate::Error::retry_rule) and [`Response::retry_rule`](crate::runtime::Response::retry_rule) return
/// the row of a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryRule {
    /// The statuses or the transport fault of the row.
    pub fault: &'static str,
    /// The delay before another attempt. `None` if another attempt would fail in the same way.
    pub delay: Option<RetryDelay>,
    /// Whether the attempt may have taken effect at the service.
    pub may_have_taken_effect: bool,
    /// The reason for the row.
    pub reason: &'static str,
}

/// The delay before another attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryDelay {
    /// The backoff of the client.
    Backoff,
    /// The delay of the `Retry-After` header, if the response has one, and the backoff.
    RetryAfter,
}

impl RetryRule {
    /// Returns whether another attempt may succeed.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        self.delay.is_some()
    }

    /// Returns whether another attempt may succeed and cannot repeat the effect of this one.
    #[must_use]
    pub const fn allows_retry(&self, idempotent: bool) -> bool {
        self.is_retryable() && (idempotent || !self.may_have_taken_effect)
    }
}
