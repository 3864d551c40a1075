//! Whether an attempt may have taken effect.

use http::{HeaderMap, StatusCode};

use super::retry_after::RetryAfter;

/// Returns whether an attempt with this response may have taken effect.
pub(crate) fn may_have_taken_effect(status: StatusCode, headers: &HeaderMap) -> bool {
    match status {
        StatusCode::REQUEST_TIMEOUT | StatusCode::FOUND | StatusCode::SEE_OTHER => true,
        StatusCode::NOT_IMPLEMENTED => false,
        StatusCode::SERVICE_UNAVAILABLE => RetryAfter::of(headers).is_none(),
        _ => status.is_informational() || status.is_success() || status.is_server_error(),
    }
}

#[cfg(test)]
mod tests {
    use http::header::RETRY_AFTER;
    use http::{HeaderMap, HeaderValue, StatusCode};

    use super::may_have_taken_effect;

    #[test]
    fn classifies_statuses() {
        for status in [301, 307, 308, 400, 401, 404, 409, 422, 429, 501] {
            let status = StatusCode::from_u16(status).unwrap();
            assert!(
                !may_have_taken_effect(status, &HeaderMap::new()),
                "{status}"
            );
        }
        for status in [101, 200, 202, 204, 302, 303, 408, 500, 502, 503, 504, 520] {
            let status = StatusCode::from_u16(status).unwrap();
            assert!(may_have_taken_effect(status, &HeaderMap::new()), "{status}");
        }
    }

    #[test]
    fn treats_503_with_retry_after_as_rejection() {
        let unavailable = StatusCode::SERVICE_UNAVAILABLE;
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("2"));
        assert!(!may_have_taken_effect(unavailable, &headers));
        headers.insert(RETRY_AFTER, HeaderValue::from_static("soon"));
        assert!(may_have_taken_effect(unavailable, &headers));
    }
}
