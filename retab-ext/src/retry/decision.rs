//! What the end of an attempt says about another one.

use http::StatusCode;
use retab_api::runtime::{Response, RetryAfter};
use retab_api::{Error, ErrorKind};

/// Whether another attempt may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RetryDecision {
    /// No: it would end in the same way, or do the same thing twice.
    Stop,
    /// Yes, and the service may say after what time.
    Retry(Option<RetryAfter>),
}

impl RetryDecision {
    /// The decision on the end of an attempt, for a request that may take effect twice or not.
    pub(super) fn of(end: &Result<Response, Error>, idempotent: bool) -> Self {
        match end {
            Ok(answer) => Self::of_answer(answer, idempotent),
            Err(error) => match error.kind() {
                ErrorKind::Connect => Self::Retry(None),
                ErrorKind::Timeout | ErrorKind::Transport if idempotent => Self::Retry(None),
                _ => Self::Stop,
            },
        }
    }

    fn of_answer(answer: &Response, idempotent: bool) -> Self {
        let may_pass = is_of_a_service_in_trouble(answer.status);
        if may_pass && (idempotent || !answer.may_have_taken_effect()) {
            Self::Retry(RetryAfter::of(&answer.headers))
        } else {
            Self::Stop
        }
    }
}

/// Whether the status tells of something that passes by itself.
pub(super) fn is_of_a_service_in_trouble(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::header::RETRY_AFTER;
    use http::{HeaderMap, HeaderValue};
    use retab_api::operations::{CREATE_WORKFLOW_RUN, GET_WORKFLOW_RUN};
    use retab_api::runtime::ResponseBody;

    use super::*;

    fn of_status(status: u16, hint: Option<&'static str>) -> [RetryDecision; 2] {
        [true, false].map(|idempotent| {
            let mut headers = HeaderMap::new();
            headers.extend(hint.map(|hint| (RETRY_AFTER, HeaderValue::from_static(hint))));
            let body = ResponseBody::Buffered(Vec::new().into());
            let answer = Response::new(StatusCode::from_u16(status).unwrap(), headers, body);
            RetryDecision::of(&Ok(answer), idempotent)
        })
    }

    #[test]
    fn idempotent_calls_are_repeated_after_each_status_that_may_pass_and_others_after_refusals() {
        let again = RetryDecision::Retry(None);
        for status in [408, 500, 502, 503, 504] {
            assert_eq!(
                of_status(status, None),
                [again, RetryDecision::Stop],
                "{status}"
            );
        }
        assert_eq!(of_status(429, None), [again, again]);
        for status in [200, 202, 307, 400, 401, 404, 409, 422, 501, 520] {
            assert_eq!(
                of_status(status, None),
                [RetryDecision::Stop; 2],
                "{status}"
            );
        }
    }

    #[test]
    fn a_503_with_a_hint_is_a_refusal() {
        let hint = RetryDecision::Retry(Some(RetryAfter::Delay(Duration::from_secs(2))));
        assert_eq!(of_status(503, Some("2")), [hint, hint]);
        assert_eq!(of_status(429, Some("2")), [hint, hint]);
        assert_eq!(of_status(500, Some("2")), [hint, RetryDecision::Stop]);
    }

    #[test]
    fn errors_are_repeated_by_what_they_leave_open() {
        let timeout = |operation| Err(Error::timeout(operation, "no answer"));
        let invalid = |operation| Err(Error::invalid_request(operation, "no file"));
        assert_eq!(
            RetryDecision::of(&timeout(&GET_WORKFLOW_RUN), true),
            RetryDecision::Retry(None)
        );
        assert_eq!(
            RetryDecision::of(&timeout(&CREATE_WORKFLOW_RUN), false),
            RetryDecision::Stop
        );
        assert_eq!(
            RetryDecision::of(&invalid(&GET_WORKFLOW_RUN), true),
            RetryDecision::Stop
        );
    }
}
