//! Whether an attempt may have changed something at the service.

use http::{HeaderMap, StatusCode};

use super::answer::Answer;
use super::error::{Error, ErrorKind};
use super::retry_after::RetryAfter;

impl Answer {
    /// Whether the attempt may have taken effect at the service.
    ///
    /// A success has. So may have an attempt that the service gave up on (408 and most of 5xx), that it answers in another
    /// protocol (101), or whose outcome it has elsewhere (302, 303). A request that was refused has not: the others of 3xx
    /// and 4xx, 501, and a 503 that says when to come back.
    #[must_use]
    pub fn may_have_taken_effect(&self) -> bool {
        of_answer(self.status, &self.headers)
    }
}

impl Error {
    /// Whether the last attempt may have taken effect at the service, whatever sending it again would do.
    ///
    /// So may have what was answered as [`Answer::may_have_taken_effect`] says, and what was sent, wholly or in part, and
    /// has no answer. [`outcome_unknown`](Self::outcome_unknown) asks whether that matters.
    #[must_use]
    pub fn may_have_taken_effect(&self) -> bool {
        match (self.kind(), self.status(), self.headers()) {
            (ErrorKind::InvalidRequest | ErrorKind::Connect | ErrorKind::Executor, ..) => false,
            (_, Some(status), Some(headers)) => of_answer(status, headers),
            _ => true,
        }
    }
}

fn of_answer(status: StatusCode, headers: &HeaderMap) -> bool {
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

    use super::of_answer;

    #[test]
    fn an_attempt_that_was_refused_has_no_effect() {
        for status in [301, 307, 308, 400, 401, 404, 409, 422, 429, 501] {
            let status = StatusCode::from_u16(status).unwrap();
            assert!(!of_answer(status, &HeaderMap::new()), "{status}");
        }
        for status in [101, 200, 202, 204, 302, 303, 408, 500, 502, 503, 504, 520] {
            let status = StatusCode::from_u16(status).unwrap();
            assert!(of_answer(status, &HeaderMap::new()), "{status}");
        }
    }

    #[test]
    fn a_503_that_says_when_to_come_back_is_a_refusal() {
        let unavailable = StatusCode::SERVICE_UNAVAILABLE;
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("2"));
        assert!(!of_answer(unavailable, &headers));
        headers.insert(RETRY_AFTER, HeaderValue::from_static("soon"));
        assert!(of_answer(unavailable, &headers));
    }
}
