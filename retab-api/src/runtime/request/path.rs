//! Expands path templates into URLs.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::runtime::error::InvalidRequest;

/// Escapes everything but `pchar` of RFC 3986, and the comma, which separates list items in OpenAPI's `simple` style.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// Escapes the literal text of a template, which may already be escaped.
const LITERAL: &AsciiSet = &VALUE.remove(b'%').remove(b',');

/// Expands a path template below a base URL without a trailing slash.
///
/// Every value stays within its path segment. Empty values and segments that become `.` or `..` are errors, because they
/// would address another resource.
pub(crate) fn url(
    base: &str,
    template: &str,
    values: &[(&str, String)],
) -> Result<Url, InvalidRequest> {
    let path = expand(template, values)?;
    let url = Url::parse(&format!("{base}{path}"))
        .map_err(|source| InvalidRequest::because("cannot build a URL from the path", source))?;
    // A path that the parser normalizes would address another resource.
    if url.path().ends_with(&path) && url.query().is_none() && url.fragment().is_none() {
        Ok(url)
    } else {
        Err(InvalidRequest::new(
            "cannot build a URL from the path: URL normalization would change it",
        ))
    }
}

fn expand(template: &str, values: &[(&str, String)]) -> Result<String, InvalidRequest> {
    let mut path = String::with_capacity(template.len() + 32);
    for segment in template.trim_start_matches('/').split('/') {
        path.push('/');
        let start = path.len();
        expand_segment(segment, values, &mut path)?;
        if matches!(path.get(start..), Some("." | "..")) {
            return Err(InvalidRequest::new(format!(
                "path segment {segment} must not expand to `.` or `..`"
            )));
        }
    }
    Ok(path)
}

fn expand_segment(
    segment: &str,
    values: &[(&str, String)],
    path: &mut String,
) -> Result<(), InvalidRequest> {
    let mut rest = segment;
    while let Some((literal, from_name)) = rest.split_once('{') {
        let Some((name, after)) = from_name.split_once('}') else {
            return Err(InvalidRequest::new(
                "the path template contains a `{` without a `}`",
            ));
        };
        let value = values.iter().find(|(set, _)| *set == name);
        let value = match value.map(|(_, value)| value.as_str()) {
            None => {
                return Err(InvalidRequest::new(format!(
                    "path parameter {name} is not set"
                )));
            }
            Some("") => {
                return Err(InvalidRequest::new(format!(
                    "path parameter {name} is empty"
                )));
            }
            Some(value) => value,
        };
        push(path, literal, LITERAL);
        push(path, value, VALUE);
        rest = after;
    }
    push(path, rest, LITERAL);
    Ok(())
}

fn push(path: &mut String, text: &str, escaped: &'static AsciiSet) {
    // Writing to a String cannot fail.
    let _ = write!(path, "{}", utf8_percent_encode(text, escaped));
}

#[cfg(test)]
mod tests {
    use super::url;

    fn path_of(template: &str, values: &[&str]) -> Result<String, String> {
        let values: Vec<_> = ["a", "b"]
            .into_iter()
            .zip(values.iter().map(ToString::to_string))
            .collect();
        url("http://h/base", template, &values)
            .map(|url| url.path().to_owned())
            .map_err(|invalid| format!("{invalid:?}"))
    }

    #[test]
    fn preserves_valid_segment_characters() {
        for id in [
            "extr_01",
            "a:b@c",
            "~",
            "-._~!$&'()*+;=:@",
            "a..b",
            "...",
            ".a",
        ] {
            assert_eq!(
                path_of("/v1/x/{a}", &[id]).unwrap(),
                format!("/base/v1/x/{id}")
            );
        }
    }

    #[test]
    fn escapes_other_characters_once() {
        for (value, escaped) in [
            ("a/b", "a%2Fb"),
            ("a,b", "a%2Cb"),
            ("a?b", "a%3Fb"),
            ("a#b", "a%23b"),
            ("a%b", "a%25b"),
            ("a b", "a%20b"),
            ("ü", "%C3%BC"),
            ("%2e%2e", "%252e%252e"),
            ("%2F", "%252F"),
            ("\\", "%5C"),
            ("..\\..", "..%5C.."),
            ("\t", "%09"),
            ("a\nb", "a%0Ab"),
            ("\r", "%0D"),
            ("\0", "%00"),
            ("\"<>`{}|^[]", "%22%3C%3E%60%7B%7D%7C%5E%5B%5D"),
            ("../x", "..%2Fx"),
            ("\u{2028}", "%E2%80%A8"),
        ] {
            assert_eq!(
                path_of("/v1/x/{a}/y", &[value]).unwrap(),
                format!("/base/v1/x/{escaped}/y")
            );
        }
    }

    #[test]
    fn rejects_empty_values() {
        assert!(
            path_of("/v1/x/{a}", &[""])
                .unwrap_err()
                .contains("path parameter a is empty")
        );
        assert!(
            path_of("/{a}.{b}", &["x", ""])
                .unwrap_err()
                .contains("path parameter b is empty")
        );
    }

    #[test]
    fn rejects_missing_values() {
        assert!(
            path_of("/{a}/{b}", &["x"])
                .unwrap_err()
                .contains("path parameter b is not set")
        );
    }

    #[test]
    fn rejects_dot_segments() {
        for (template, values) in [
            ("/v1/{a}", &["."][..]),
            ("/v1/{a}", &[".."]),
            ("/v1/{a}/x", &[".."]),
            ("/v1/{a}{b}", &[".", "."]),
            ("/v1/.{a}", &["."]),
        ] {
            assert!(
                path_of(template, values)
                    .unwrap_err()
                    .contains("must not expand")
            );
        }
    }

    #[test]
    fn expands_multiple_placeholders_and_literals_in_one_segment() {
        assert_eq!(path_of("/{a}.{b}", &[".", "."]).unwrap(), "/base/...");
        assert_eq!(
            path_of("/x/{a}:verb", &["a:b"]).unwrap(),
            "/base/x/a:b:verb"
        );
        assert_eq!(path_of("/x y/{a}", &["1"]).unwrap(), "/base/x%20y/1");
    }
}
