//! The retry policy: number of attempts and backoff.

use std::time::Duration;

/// The number of attempts and the delays between them.
///
/// ```
/// use std::time::Duration;
/// use retab_api::{RequestOptions, RetryPolicy};
///
/// let patient = RetryPolicy::default().max_attempts(6).max_delay(Duration::from_secs(30));
/// let options = RequestOptions::new().retry(patient);
/// # let _ = options;
/// ```
///
/// The client of `retab-ext` follows it. The executor of [`Client::new`](crate::Client::new) sends each request once.
///
/// Short delays and a limit of 30 s for `Retry-After`:
///
/// ```
/// use std::time::Duration;
/// use retab_api::RetryPolicy;
///
/// let impatient = RetryPolicy::default()
///     .base_delay(Duration::from_millis(100))
///     .max_retry_after(Duration::from_secs(30));
/// assert_ne!(impatient, RetryPolicy::default());
/// ```
///
/// # Retry conditions
///
/// An operation that is not idempotent is retried only if the failed attempt has not taken effect. A request with an
/// idempotency key counts as idempotent if the spec declares the key for the operation.
///
#[doc = include_str!("conditions.md")]
///
/// A request that creates something and times out may have taken effect, so the client does not retry it. The error names
/// the operation that finds the result. To avoid the timeout, run work that takes minutes in the background: see
/// [`RequestOptions::idle_timeout`](crate::RequestOptions::idle_timeout).
///
/// The client never retries a request whose body is a caller's stream. A `DELETE` request that gets 404 succeeds if an earlier
/// attempt may have taken effect.
///
/// # Delays
///
/// The backoff before the n-th retry is `base_delay * 2^(n - 1)`, at most `max_delay`, multiplied by a random factor from 0 to 1
/// (full jitter). If the response has a `Retry-After` header, the client adds its delay.
///
/// The request fails without another retry if `Retry-After` exceeds `max_retry_after`, if the delay exceeds the time left
/// until the overall timeout, or if the retry budget of the client is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a policy does nothing until it is passed to `RequestOptions::retry`"]
pub struct RetryPolicy {
    max_attempts: u32,
    base_delay: Duration,
    max_delay: Duration,
    max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// Returns a policy that never retries.
    ///
    /// ```
    /// use retab_api::RetryPolicy;
    ///
    /// assert_eq!(RetryPolicy::never(), RetryPolicy::default().max_attempts(1));
    /// ```
    pub fn never() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets the maximum number of attempts, including the first one. Defaults to 4. 0 means 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the maximum backoff before the first retry. Defaults to 500 ms. It doubles with each retry.
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// Sets the maximum backoff before any retry, not counting `Retry-After`. Defaults to 8 s.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Sets the longest `Retry-After` to wait for. Defaults to 60 s.
    pub fn max_retry_after(mut self, delay: Duration) -> Self {
        self.max_retry_after = delay;
        self
    }

    /// Returns true if the policy allows another attempt after this number of attempts.
    #[must_use]
    pub fn allows_after(self, attempts: u32) -> bool {
        attempts < self.max_attempts
    }

    /// Returns the delay after this number of attempts. Returns `None` if `Retry-After` exceeds the limit.
    #[must_use]
    pub fn delay(self, attempts: u32, retry_after: Duration, jitter: f64) -> Option<Duration> {
        if retry_after > self.max_retry_after {
            return None;
        }
        let factor = 2_u32.saturating_pow(attempts.saturating_sub(1));
        let backoff = self.base_delay.saturating_mul(factor).min(self.max_delay);
        let jitter = if jitter.is_nan() {
            1.0
        } else {
            jitter.clamp(0.0, 1.0)
        };
        Some(retry_after.saturating_add(backoff.mul_f64(jitter)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milliseconds(delay: Option<Duration>) -> Option<u128> {
        delay.map(|delay| delay.as_millis())
    }

    #[test]
    fn backoff_doubles_up_to_max_delay_and_scales_with_jitter() {
        let policy = RetryPolicy::default();
        for (attempts, backoff) in [(1, 500), (2, 1000), (5, 8000), (6, 8000), (u32::MAX, 8000)] {
            let delay = |jitter| policy.delay(attempts, Duration::ZERO, jitter);
            assert_eq!(milliseconds(delay(1.0)), Some(backoff));
            assert_eq!(milliseconds(delay(0.5)), Some(backoff / 2));
            assert_eq!(milliseconds(delay(0.0)), Some(0));
            for (jitter, expected) in [(-1.0, 0), (7.0, backoff), (f64::NAN, backoff)] {
                assert_eq!(milliseconds(delay(jitter)), Some(expected), "{jitter}");
            }
        }
    }

    #[test]
    fn retry_after_adds_to_backoff_and_is_limited() {
        let policy = RetryPolicy::default().max_retry_after(Duration::from_secs(10));
        let delay = |retry_after| milliseconds(policy.delay(1, retry_after, 1.0));
        assert_eq!(delay(Duration::from_secs(10)), Some(10_500));
        assert_eq!(delay(Duration::from_millis(10_001)), None);
        assert_eq!(delay(Duration::MAX), None);
    }
}
