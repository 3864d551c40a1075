//! How often a call is sent, and how long the pauses are.

use std::time::Duration;

/// How often a call is sent at most, and the pauses in between.
///
/// ```
/// use std::time::Duration;
/// use retab_ext::{Client, RetryPolicy};
///
/// let client = Client::builder()
///     .api_key("rt_test_example")
///     .base_url("http://127.0.0.1:8080")
///     .retry(RetryPolicy::default().max_attempts(6).max_delay(Duration::from_secs(30)))
///     .build()?;
/// # let _ = client;
/// # Ok::<(), retab_ext::Error>(())
/// ```
///
/// Short pauses, and a service that asks for more than half a minute is not waited for:
///
/// ```
/// use std::time::Duration;
/// use retab_ext::RetryPolicy;
///
/// let impatient = RetryPolicy::default()
///     .base_delay(Duration::from_millis(100))
///     .max_retry_after(Duration::from_secs(30));
/// assert_ne!(impatient, RetryPolicy::default());
/// ```
///
/// Which calls are sent again is not a setting:
///
/// - any call, when no connection was made, or the answer was 429, or 503 with `Retry-After`: it has not taken effect;
/// - an idempotent one also after a fault of the connection, a timeout of the attempt, and 408, 500, 502, 503 and 504. A
///   call with an idempotency key counts as one where the document declares the key.
///
/// A call whose body is a stream of the caller's is sent once. A deletion that is answered 404 after an attempt that may
/// have taken effect is a success.
///
/// The pause before the n-th retry is drawn between nothing and `base_delay` times 2 to the (n - 1), at most `max_delay`.
/// Where the answer has `Retry-After`, that time passes first; where it asks for more than `max_retry_after`, the call ends
/// at once with that answer. It ends as well where the pause would outlast the time of the whole call, or where the
/// client's [budget](crate::ClientBuilder::retry_budget) is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "it does nothing until it is given to a client or a call"]
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
    /// Every call is sent once.
    ///
    /// ```
    /// use retab_ext::RetryPolicy;
    ///
    /// assert_eq!(RetryPolicy::never(), RetryPolicy::default().max_attempts(1));
    /// ```
    pub fn never() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets how often a call is sent at most, the first time included; 4 by default. 0 is the same as 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the longest pause before the first retry, 500 ms by default; it doubles with each retry.
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// Sets the longest pause before any retry, without what the service asks for; 8 s by default.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Sets the longest `Retry-After` that is waited for, 60 s by default.
    pub fn max_retry_after(mut self, hint: Duration) -> Self {
        self.max_retry_after = hint;
        self
    }

    /// Whether there may be another attempt after so many.
    pub(super) fn allows_after(self, attempts: u32) -> bool {
        attempts < self.max_attempts
    }

    /// The pause after so many attempts, of which `fraction` is kept to; `None` where the service asks for too long a one.
    pub(super) fn pause(self, attempts: u32, hint: Duration, fraction: f64) -> Option<Duration> {
        if hint > self.max_retry_after {
            return None;
        }
        let doubled = 2_u32.saturating_pow(attempts.saturating_sub(1));
        let longest = self.base_delay.saturating_mul(doubled).min(self.max_delay);
        let fraction = if fraction.is_nan() {
            1.0
        } else {
            fraction.clamp(0.0, 1.0)
        };
        Some(hint.saturating_add(longest.mul_f64(fraction)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milliseconds(pause: Option<Duration>) -> Option<u128> {
        pause.map(|pause| pause.as_millis())
    }

    #[test]
    fn pauses_double_up_to_the_cap_and_are_drawn_from_nothing_to_all_of_it() {
        let policy = RetryPolicy::default();
        for (attempts, whole) in [(1, 500), (2, 1000), (5, 8000), (6, 8000), (u32::MAX, 8000)] {
            let pause = |fraction| policy.pause(attempts, Duration::ZERO, fraction);
            assert_eq!(milliseconds(pause(1.0)), Some(whole));
            assert_eq!(milliseconds(pause(0.5)), Some(whole / 2));
            assert_eq!(milliseconds(pause(0.0)), Some(0));
            for (odd, kept) in [(-1.0, 0), (7.0, whole), (f64::NAN, whole)] {
                assert_eq!(milliseconds(pause(odd)), Some(kept), "{odd}");
            }
        }
    }

    #[test]
    fn the_hint_passes_first_and_one_that_is_too_long_ends_the_call() {
        let policy = RetryPolicy::default().max_retry_after(Duration::from_secs(10));
        let pause = |hint| milliseconds(policy.pause(1, hint, 1.0));
        assert_eq!(pause(Duration::from_secs(10)), Some(10_500));
        assert_eq!(pause(Duration::from_millis(10_001)), None);
        assert_eq!(pause(Duration::MAX), None);
    }
}
