//! Classification of attempts as retryable or final.

use http::StatusCode;
use retab_api::runtime::{Response, RetryAfter};
use retab_api::{Error, ErrorKind};

/// Whether to retry after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RetryDecision {
    /// Another attempt would fail the same way or could apply a change twice.
    Stop,
    /// Another attempt may succeed. Contains the `Retry-After` header, if any.
    Retry(Option<RetryAfter>),
}

impl RetryDecision {
    /// Classifies the result of an attempt.
    pub(super) fn of(result: &Result<Response, Error>, idempotent: bool) -> Self {
        match result {
            Ok(response) => Self::of_response(response, idempotent),
            Err(error) => match error.kind() {
                ErrorKind::Connect => Self::Retry(None),
                ErrorKind::Timeout | ErrorKind::Transport if idempotent => Self::Retry(None),
                _ => Self::Stop,
            },
        }
    }

    fn of_response(response: &Response, idempotent: bool) -> Self {
        let safe = idempotent || !response.may_have_taken_effect();
        if safe && is_retryable_status(response.status) {
            Self::Retry(RetryAfter::of(&response.headers))
        } else {
            Self::Stop
        }
    }
}

/// Returns true if the status indicates a transient failure.
pub(super) fn is_retryable_status(status: StatusCode) -> bool {
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

    /// Returns the decisions for an idempotent request and for one that is not.
    fn of_status(status: u16, retry_after: Option<&'static str>) -> [RetryDecision; 2] {
        [true, false].map(|idempotent| {
            let mut headers = HeaderMap::new();
            let value = retry_after.map(HeaderValue::from_static);
            headers.extend(value.map(|value| (RETRY_AFTER, value)));
            let body = ResponseBody::Buffered(Vec::new().into());
            let response = Response::new(StatusCode::from_u16(status).unwrap(), headers, body);
            RetryDecision::of(&Ok(response), idempotent)
        })
    }

    #[test]
    fn retries_idempotent_requests_on_transient_statuses_and_others_on_429() {
        let retry = RetryDecision::Retry(None);
        for status in [408, 500, 502, 503, 504] {
            assert_eq!(
                of_status(status, None),
                [retry, RetryDecision::Stop],
                "{status}"
            );
        }
        assert_eq!(of_status(429, None), [retry, retry]);
        for status in [200, 202, 307, 400, 401, 404, 409, 422, 501, 520] {
            assert_eq!(
                of_status(status, None),
                [RetryDecision::Stop; 2],
                "{status}"
            );
        }
    }

    #[test]
    fn retries_all_requests_on_503_with_retry_after() {
        let delayed = RetryDecision::Retry(Some(RetryAfter::Delay(Duration::from_secs(2))));
        assert_eq!(of_status(503, Some("2")), [delayed, delayed]);
        assert_eq!(of_status(429, Some("2")), [delayed, delayed]);
        assert_eq!(of_status(500, Some("2")), [delayed, RetryDecision::Stop]);
    }

    #[test]
    fn retries_timeouts_of_idempotent_requests_only() {
        let timeout = |operation| Err(Error::timeout(operation, "no response"));
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
