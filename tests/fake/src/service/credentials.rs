//! The two forms in which a key may arrive: `Api-Key: KEY` and `Authorization: Bearer KEY`.

use http::{HeaderMap, StatusCode};

use crate::response::Response;

const PREFIXES: [&str; 3] = ["rt_live_", "rt_test_", "sk_retab_"];

/// Accepts either form; where both are sent they must agree.
pub(crate) fn check(headers: &HeaderMap) -> Result<(), Response> {
    let plain = text(headers, "api-key");
    let bearer = text(headers, "authorization").map(|value| match value.split_once(' ') {
        // RFC 9110, section 11.1: the scheme is the same in any case.
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim_start(),
        _ => "",
    });
    let keys: Vec<&str> = plain.into_iter().chain(bearer).collect();
    let known = |key: &&str| {
        PREFIXES
            .iter()
            .any(|prefix| key.len() > prefix.len() && key.starts_with(prefix))
    };
    match keys.as_slice() {
        [] => Err(refusal("No API key was given")),
        [first, rest @ ..] if known(first) && rest.iter().all(|key| key == first) => Ok(()),
        _ => Err(refusal("The API key is not valid")),
    }
}

fn refusal(message: &str) -> Response {
    Response::detail(StatusCode::UNAUTHORIZED, message)
}

/// A header that is there but is no text counts as an invalid key, not as a missing one.
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
    fn either_form_is_accepted_and_both_must_agree() {
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
    fn no_key_another_scheme_and_an_unknown_prefix_are_refused() {
        assert!(!accepts(&[]));
        assert!(!accepts(&[("authorization", "Basic rt_test_1")]));
        assert!(!accepts(&[("api-key", "rt_test_")]));
        assert!(!accepts(&[("api-key", "key")]));
    }
}
