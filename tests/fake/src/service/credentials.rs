//! API key authentication with `Api-Key: KEY` or `Authorization: Bearer KEY`.

use http::{HeaderMap, StatusCode};

use crate::response::Response;

const PREFIXES: [&str; 3] = ["rt_live_", "rt_test_", "sk_retab_"];

/// Accepts either header. If both are present, they must contain the same key.
pub(crate) fn check(headers: &HeaderMap) -> Result<(), Response> {
    let api_key = text(headers, "api-key");
    let bearer = text(headers, "authorization").map(|value| match value.split_once(' ') {
        // RFC 9110, section 11.1: the scheme is case-insensitive.
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim_start(),
        _ => "",
    });
    let keys: Vec<&str> = api_key.into_iter().chain(bearer).collect();
    let is_valid = |key: &&str| {
        PREFIXES
            .iter()
            .any(|prefix| key.len() > prefix.len() && key.starts_with(prefix))
    };
    match keys.as_slice() {
        [] => Err(unauthorized("No API key was provided")),
        [first, rest @ ..] if is_valid(first) && rest.iter().all(|key| key == first) => Ok(()),
        _ => Err(unauthorized("The API key is not valid")),
    }
}

fn unauthorized(message: &str) -> Response {
    Response::detail(StatusCode::UNAUTHORIZED, message)
}

/// Returns a header value, or an empty string if the value is not text, so that it counts as an invalid key.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        check(&headers).is_ok()
    }

    #[test]
    fn accepts_either_header_and_requires_equal_keys() {
        assert!(accepts(&[("api-key", "rt_live_1")]));
        assert!(accepts(&[("authorization", "Bearer sk_retab_1")]));
        assert!(accepts(&[("authorization", "bearer sk_retab_1")]));
        assert!(!accepts(&[("authorization", "Basic sk_retab_1")]));
        assert!(accepts(&[
            ("api-key", "rt_test_1"),
            ("authorization", "Bearer rt_test_1")
        ]));
        assert!(!accepts(&[
            ("api-key", "rt_test_1"),
            ("authorization", "Bearer rt_test_2")
        ]));
    }

    #[test]
    fn rejects_missing_keys_other_schemes_and_unknown_prefixes() {
        assert!(!accepts(&[]));
        assert!(!accepts(&[("authorization", "Basic rt_test_1")]));
        assert!(!accepts(&[("api-key", "rt_test_")]));
        assert!(!accepts(&[("api-key", "key")]));
    }
}
