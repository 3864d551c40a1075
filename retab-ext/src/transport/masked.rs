//! An error of the service without the key, should it repeat it.

use bytes::{Bytes, BytesMut};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};
use retab_api::runtime::{Answer, AnswerBody};

const MASK: &[u8] = b"***";

/// Masks the credentials of a request in the body of its answer, where that is an error.
///
/// What the service says of an error is shown, and some services say which key it was that they do not take.
pub(super) fn mask(answer: &mut Answer, sent: &HeaderMap) {
    if answer.status.is_success() {
        return;
    }
    if let AnswerBody::Read(body) = &mut answer.body {
        for key in keys(sent) {
            if let Some(masked) = replaced(body, key) {
                *body = masked;
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
    let mut masked = BytesMut::new();
    while let Some(at) = rest.windows(key.len()).position(|window| window == key) {
        masked.extend_from_slice(&rest[..at]);
        masked.extend_from_slice(MASK);
        rest = &rest[at + key.len()..];
    }
    (rest.len() < body.len()).then(|| {
        masked.extend_from_slice(rest);
        masked.freeze()
    })
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    fn masked(status: StatusCode, body: &'static str) -> Bytes {
        let mut sent = HeaderMap::new();
        sent.insert(AUTHORIZATION, HeaderValue::from_static("Bearer rt_test_1"));
        let body = AnswerBody::Read(body.into());
        let mut answer = Answer::new(status, HeaderMap::new(), body);
        mask(&mut answer, &sent);
        let AnswerBody::Read(body) = answer.body else {
            panic!("it was read")
        };
        body
    }

    #[test]
    fn every_key_in_an_error_is_masked_and_nothing_else() {
        for (body, expected) in [
            ("no rt_test_1, not rt_test_1", "no ***, not ***"),
            ("rt_test_1", "***"),
            ("rt_test_", "rt_test_"),
            ("", ""),
        ] {
            assert_eq!(masked(StatusCode::UNAUTHORIZED, body), expected);
        }
        assert_eq!(masked(StatusCode::OK, "rt_test_1"), "rt_test_1");
    }
}
