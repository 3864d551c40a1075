//! How many requests of a kind there may be in a minute.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;

use crate::response::Response;

/// The time within which requests count.
const WINDOW: TimeDelta = TimeDelta::seconds(60);

/// A limit, and the requests that count for it, the oldest first.
pub(crate) struct RateLimit {
    pub(crate) most: usize,
    counted: HashMap<&'static str, VecDeque<DateTime<Utc>>>,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self {
            most: 300,
            counted: HashMap::new(),
        }
    }
}

impl RateLimit {
    /// Counts a request of this kind, or refuses it with the time after which there is room for it.
    pub(crate) fn take(&mut self, kind: &'static str, now: DateTime<Utc>) -> Result<(), Response> {
        let counted = self.counted.entry(kind).or_default();
        while counted.front().is_some_and(|first| now - *first >= WINDOW) {
            counted.pop_front();
        }
        if counted.len() < self.most {
            counted.push_back(now);
            return Ok(());
        }
        let room = counted
            .front()
            .map_or(WINDOW, |first| WINDOW - (now - *first));
        let message = "Too many requests in a minute";
        let refusal = Response::coded(
            StatusCode::TOO_MANY_REQUESTS,
            "rate_limit_exceeded",
            message,
        );
        let seconds = (room.num_milliseconds() + 999) / 1000;
        Err(refusal.header("retry-after", &seconds.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::START;

    #[test]
    fn a_request_too_many_is_told_when_there_is_room() {
        let mut limit = RateLimit {
            most: 2,
            ..RateLimit::default()
        };
        let at = |milliseconds| START + TimeDelta::milliseconds(milliseconds);
        assert!(limit.take("parse", at(0)).is_ok());
        assert!(limit.take("parse", at(10_000)).is_ok());
        let refusal = limit.take("parse", at(10_001)).unwrap_err();
        assert_eq!(refusal.status(), 429);
        let headers: Vec<_> = refusal.headers().collect();
        assert!(headers.contains(&("retry-after", "50")), "{headers:?}");
        assert!(limit.take("extraction", at(10_001)).is_ok());
        assert!(limit.take("parse", at(59_999)).is_err());
        assert!(limit.take("parse", at(60_000)).is_ok());
        assert!(limit.take("parse", at(60_001)).is_err());
    }
}
