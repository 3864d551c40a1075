//! Rate limiting by request kind.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;

use crate::response::Response;

/// The window in which requests are counted.
const WINDOW: TimeDelta = TimeDelta::seconds(60);

/// A rate limit and the timestamps of the counted requests, oldest first.
pub(crate) struct RateLimit {
    pub(crate) limit: usize,
    counted: HashMap<&'static str, VecDeque<DateTime<Utc>>>,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self {
            limit: 300,
            counted: HashMap::new(),
        }
    }
}

impl RateLimit {
    /// Counts a request of this kind.
    ///
    /// # Errors
    ///
    /// Returns a 429 response with `Retry-After` if the limit is reached.
    pub(crate) fn take(&mut self, kind: &'static str, now: DateTime<Utc>) -> Result<(), Response> {
        let counted = self.counted.entry(kind).or_default();
        while counted.front().is_some_and(|first| now - *first >= WINDOW) {
            counted.pop_front();
        }
        if counted.len() < self.limit {
            counted.push_back(now);
            return Ok(());
        }
        let retry_after = counted
            .front()
            .map_or(WINDOW, |first| WINDOW - (now - *first));
        let message = "Too many requests per minute";
        let error = Response::coded(
            StatusCode::TOO_MANY_REQUESTS,
            "rate_limit_exceeded",
            message,
        );
        let seconds = (retry_after.num_milliseconds() + 999) / 1000;
        Err(error.header("retry-after", &seconds.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::START;

    #[test]
    fn rejects_requests_over_the_limit_with_retry_after() {
        let mut limit = RateLimit {
            limit: 2,
            ..RateLimit::default()
        };
        let at = |milliseconds| START + TimeDelta::milliseconds(milliseconds);
        assert!(limit.take("parse", at(0)).is_ok());
        assert!(limit.take("parse", at(10_000)).is_ok());
        let error = limit.take("parse", at(10_001)).unwrap_err();
        assert_eq!(error.status(), 429);
        let headers: Vec<_> = error.headers().collect();
        assert!(headers.contains(&("retry-after", "50")), "{headers:?}");
        assert!(limit.take("extraction", at(10_001)).is_ok());
        assert!(limit.take("parse", at(59_999)).is_err());
        assert!(limit.take("parse", at(60_000)).is_ok());
        assert!(limit.take("parse", at(60_001)).is_err());
    }
}
