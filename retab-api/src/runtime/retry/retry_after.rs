//! The `Retry-After` header.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::RETRY_AFTER;

/// The value of a `Retry-After` header (RFC 9110, section 10.2.3).
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use retab_api::runtime::RetryAfter;
///
/// let retry_after = RetryAfter::parse("120");
/// assert_eq!(retry_after, Some(RetryAfter::Delay(Duration::from_secs(120))));
///
/// let retry_after = RetryAfter::parse("Thu, 01 Jan 1970 00:01:00 GMT");
/// let delay = retry_after.map(|date| date.delay(SystemTime::UNIX_EPOCH));
/// assert_eq!(delay, Some(Duration::from_secs(60)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RetryAfter {
    /// A delay, sent as a number of seconds.
    Delay(Duration),
    /// A date, by the clock of the service.
    At(SystemTime),
}

impl RetryAfter {
    /// Returns the value in a set of headers, or `None` if it is missing or malformed.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        Self::parse(headers.get(RETRY_AFTER)?.to_str().ok()?)
    }

    /// Parses a header value: a number of seconds, or a date in one of the three HTTP formats.
    ///
    /// Numbers over `u64::MAX` saturate.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let value = value.trim();
        if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
            let seconds = value.parse().unwrap_or(u64::MAX);
            return Some(Self::Delay(Duration::from_secs(seconds)));
        }
        httpdate::parse_http_date(value).ok().map(Self::At)
    }

    /// Returns the delay from `now`. Zero for dates in the past.
    #[must_use]
    pub fn delay(self, now: SystemTime) -> Duration {
        match self {
            Self::Delay(delay) => delay,
            Self::At(moment) => moment.duration_since(now).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const NOON: Duration = Duration::from_secs(784_111_777);

    #[test]
    fn parses_seconds_and_all_date_formats() {
        let seconds = |seconds| Some(RetryAfter::Delay(Duration::from_secs(seconds)));
        assert_eq!(RetryAfter::parse("0"), seconds(0));
        assert_eq!(RetryAfter::parse(" 120 "), seconds(120));
        assert_eq!(RetryAfter::parse(&"9".repeat(40)), seconds(u64::MAX));
        for date in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            let moment = SystemTime::UNIX_EPOCH + NOON;
            assert_eq!(
                RetryAfter::parse(date),
                Some(RetryAfter::At(moment)),
                "{date}"
            );
        }
    }

    #[test]
    fn rejects_malformed_values() {
        for value in ["", "-1", "+1", "1.5", "soon", "1e3", "06 Nov 1994"] {
            assert_eq!(RetryAfter::parse(value), None, "{value}");
        }
        let mut headers = HeaderMap::new();
        assert_eq!(RetryAfter::of(&headers), None);
        headers.insert(RETRY_AFTER, HeaderValue::from_bytes(b"\xff").unwrap());
        assert_eq!(RetryAfter::of(&headers), None);
    }

    #[test]
    fn returns_no_delay_for_past_dates() {
        let date = RetryAfter::At(SystemTime::UNIX_EPOCH + NOON);
        let before = SystemTime::UNIX_EPOCH + NOON - Duration::from_secs(90);
        assert_eq!(date.delay(before), Duration::from_secs(90));
        let after = SystemTime::UNIX_EPOCH + NOON + Duration::from_secs(1);
        assert_eq!(date.delay(after), Duration::ZERO);
    }
}
