//! What the end of an attempt says about another one.

use http::StatusCode;
use retab_api::runtime::{Answer, RetryAfter};
use retab_api::{Error, ErrorKind};

/// Whether another attempt may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// No: it would end in the same way, or do the same thing twice.
    Final,
    /// Yes, and the service may say after what time.
    Again(Option<RetryAfter>),
}

impl Verdict {
    /// The verdict on the end of an attempt, for a request that may take effect twice or not.
    pub(super) fn of(end: &Result<Answer, Error>, idempotent: bool) -> Self {
        match end {
            Ok(answer) => Self::of_answer(answer, idempotent),
            Err(error) => match error.kind() {
                ErrorKind::Connect => Self::Again(None),
                ErrorKind::Timeout | ErrorKind::Transport if idempotent => Self::Again(None),
                _ => Self::Final,
            },
        }
    }

    fn of_answer(answer: &Answer, idempotent: bool) -> Self {
        let may_pass = is_of_a_service_in_trouble(answer.status);
        if may_pass && (idempotent || !answer.may_have_taken_effect()) {
            Self::Again(RetryAfter::of(&answer.headers))
        } else {
            Self::Final
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
    use retab_api::runtime::AnswerBody;

    use super::*;

    fn of_status(status: u16, hint: Option<&'static str>) -> [Verdict; 2] {
        [true, false].map(|idempotent| {
            let mut headers = HeaderMap::new();
            headers.extend(hint.map(|hint| (RETRY_AFTER, HeaderValue::from_static(hint))));
            let body = AnswerBody::Read(Vec::new().into());
            let answer = Answer::new(StatusCode::from_u16(status).unwrap(), headers, body);
            Verdict::of(&Ok(answer), idempotent)
        })
    }

    #[test]
    fn idempotent_calls_are_repeated_after_each_status_that_may_pass_and_others_after_refusals() {
        let again = Verdict::Again(None);
        for status in [408, 500, 502, 503, 504] {
            assert_eq!(of_status(status, None), [again, Verdict::Final], "{status}");
        }
        assert_eq!(of_status(429, None), [again, again]);
        for status in [200, 202, 307, 400, 401, 404, 409, 422, 501, 520] {
            assert_eq!(of_status(status, None), [Verdict::Final; 2], "{status}");
        }
    }

    #[test]
    fn a_503_with_a_hint_is_a_refusal() {
        let hint = Verdict::Again(Some(RetryAfter::Delay(Duration::from_secs(2))));
        assert_eq!(of_status(503, Some("2")), [hint, hint]);
        assert_eq!(of_status(429, Some("2")), [hint, hint]);
        assert_eq!(of_status(500, Some("2")), [hint, Verdict::Final]);
    }

    #[test]
    fn errors_are_repeated_by_what_they_leave_open() {
        let timeout = |operation| Err(Error::timeout(operation, "no answer"));
        let invalid = |operation| Err(Error::invalid_request(operation, "no file"));
        assert_eq!(
            Verdict::of(&timeout(&GET_WORKFLOW_RUN), true),
            Verdict::Again(None)
        );
        assert_eq!(
            Verdict::of(&timeout(&CREATE_WORKFLOW_RUN), false),
            Verdict::Final
        );
        assert_eq!(
            Verdict::of(&invalid(&GET_WORKFLOW_RUN), true),
            Verdict::Final
        );
    }
}
