//! An error of the service without the key, should it repeat it.

use bytes::{Bytes, BytesMut};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use retab_api::runtime::{Redacted, Response, ResponseBody};

const MARKER: &[u8] = Redacted::MARKER.as_bytes();

/// Masks the credentials of a request in the body of its answer, where that is an error.
///
/// What the service says of an error is shown, and some services say which key it was that they do not take.
pub(super) fn redact(answer: &mut Response, sent: &HeaderMap) {
    if answer.status.is_success() {
        return;
    }
    if let ResponseBody::Buffered(body) = &mut answer.body {
        for key in keys(sent) {
            if let Some(redacted) = replaced(body, key) {
                *body = redacted;
            }
        }
    }
}

/// The keys among these headers, without the scheme in front of them.
fn keys(sent: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let values = [sent.get(AUTHORIZATION), sent.get("api-key")];
    let values = values.into_iter().flatten().map(HeaderValue::as_bytes);
    let keys = values.filter_map(|value| value.rsplit(|byte| *byte == b' ').next());
    keys.filter(|key| !key.is_empty())
}

/// The body with the mask in place of each key; `None` where there is none.
fn replaced(body: &Bytes, key: &[u8]) -> Option<Bytes> {
    let mut rest = &body[..];
    let mut redacted = BytesMut::new();
    while let Some(at) = rest.windows(key.len()).position(|window| window == key) {
        redacted.extend_from_slice(&rest[..at]);
        redacted.extend_from_slice(MARKER);
        rest = &rest[at + key.len()..];
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
        let mut sent = HeaderMap::new();
        sent.insert(AUTHORIZATION, HeaderValue::from_static("Bearer rt_test_1"));
        let body = ResponseBody::Buffered(body.into());
        let mut answer = Response::new(status, HeaderMap::new(), body);
        redact(&mut answer, &sent);
        let ResponseBody::Buffered(body) = answer.body else {
            panic!("it was read")
        };
        body
    }

    #[test]
    fn every_key_in_an_error_is_redacted_and_nothing_else() {
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
