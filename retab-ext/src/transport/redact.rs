//! Redaction of the API key in error responses.

use bytes::{Bytes, BytesMut};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use retab_api::runtime::{REDACTED, Response, ResponseBody};

const MARKER: &[u8] = REDACTED.as_bytes();

/// Redacts the credentials of a request in the body of an error response.
///
/// Error messages print parts of the body, and some services repeat a rejected key there.
pub(super) fn redact(response: &mut Response, request_headers: &HeaderMap) {
    if response.status.is_success() {
        return;
    }
    if let ResponseBody::Buffered(body) = &mut response.body {
        for key in keys(request_headers) {
            if let Some(redacted) = replace(body, key) {
                *body = redacted;
            }
        }
    }
}

/// Returns the API keys in these headers, without their authentication scheme.
fn keys(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let values = [headers.get(AUTHORIZATION), headers.get("api-key")];
    let values = values.into_iter().flatten().map(HeaderValue::as_bytes);
    let keys = values.filter_map(|value| value.rsplit(|byte| *byte == b' ').next());
    keys.filter(|key| !key.is_empty())
}

/// Replaces each occurrence of the key with the marker. Returns `None` if the body does not contain the key.
fn replace(body: &Bytes, key: &[u8]) -> Option<Bytes> {
    let mut rest = &body[..];
    let mut redacted = BytesMut::new();
    while let Some(index) = rest.windows(key.len()).position(|window| window == key) {
        redacted.extend_from_slice(&rest[..index]);
        redacted.extend_from_slice(MARKER);
        rest = &rest[index + key.len()..];
    }
    (rest.len() < body.len()).then(|| {
        redacted.extend_from_slice(rest);
        redacted.freeze()
    })
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    fn redacted(status: StatusCode, body: &'static str) -> Bytes {
        let mut request_headers = HeaderMap::new();
        request_headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer rt_test_1"));
        let body = ResponseBody::Buffered(body.into());
        let mut response = Response::new(status, HeaderMap::new(), body);
        redact(&mut response, &request_headers);
        let ResponseBody::Buffered(body) = response.body else {
            panic!("the body is not buffered")
        };
        body
    }

    #[test]
    fn redacts_every_key_in_error_responses_only() {
        for (body, expected) in [
            (
                "no rt_test_1, not rt_test_1",
                "no [redacted], not [redacted]",
            ),
            ("rt_test_1", "[redacted]"),
            ("rt_test_", "rt_test_"),
            ("", ""),
        ] {
            assert_eq!(redacted(StatusCode::UNAUTHORIZED, body), expected);
        }
        assert_eq!(redacted(StatusCode::OK, "rt_test_1"), "rt_test_1");
    }
}
