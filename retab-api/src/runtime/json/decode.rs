//! Decodes JSON responses without quoting their content in errors.

use std::str::Utf8Error;

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::{tracked, within};

/// The position and reason of a decode error. Does not contain the value.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) path: String,
    pub(crate) reason: String,
    line: usize,
    column: usize,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            path,
            reason,
            line,
            column,
        } = self;
        write!(
            f,
            "cannot decode JSON at {path} (line {line}, column {column}): {reason}"
        )
    }
}

pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    // Validating once is faster than string by string, as serde_json does for bytes.
    let text = std::str::from_utf8(bytes).map_err(|error| invalid_utf8(bytes, error))?;
    tracked::decode(text).map_err(|(outer, error)| {
        let (path, reason) = match error.classify() {
            Category::Data => {
                let message = without_position(&error);
                let (inner, message) = within::split(&message);
                (within::join(&outer, inner), reason_without_content(message))
            }
            // Messages about syntax do not quote the text.
            Category::Syntax | Category::Eof | Category::Io => (outer, without_position(&error)),
        };
        Failure {
            path,
            reason,
            line: error.line(),
            column: error.column(),
        }
    })
}

/// Creates the failure for bytes that are not valid UTF-8.
fn invalid_utf8(bytes: &[u8], error: Utf8Error) -> Failure {
    let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
    let mut line = before.split(|byte| *byte == b'\n');
    Failure {
        path: ".".to_owned(),
        reason: "invalid UTF-8".to_owned(),
        line: line.clone().count(),
        column: line.next_back().map_or(0, <[u8]>::len) + 1,
    }
}

fn without_position(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    match message.strip_suffix(&position) {
        Some(stripped) => stripped.to_owned(),
        None => message,
    }
}

/// Removes values from a message of serde.
///
/// Names of fields and expected types are preserved. Quoted values are replaced by their kind. Messages of an unknown form are
/// replaced, because they may quote anything.
fn reason_without_content(message: &str) -> String {
    if let Some(mismatch) = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        && let Some((found, expected)) = mismatch.rsplit_once(", expected ")
    {
        let invalid_value = message.starts_with("invalid value: ");
        let adjective = if invalid_value { "an invalid " } else { "" };
        return format!(
            "expected {expected}, found {adjective}{}",
            kind(found, invalid_value)
        );
    }
    for (prefix, what) in [
        ("unknown variant ", "an unknown variant"),
        ("unknown field ", "an unknown field"),
    ] {
        if let Some(rest) = message.strip_prefix(prefix) {
            return match rest.rsplit_once(", expected ") {
                Some((_, expected)) => format!("expected {expected}, found {what}"),
                None => what.to_owned(),
            };
        }
    }
    let quotes_no_value = ["missing field `", "duplicate field `"]
        .iter()
        .any(|prefix| message.starts_with(prefix))
        || message.starts_with("invalid length ");
    if quotes_no_value {
        message.to_owned()
    } else {
        "the value does not match its type".to_owned()
    }
}

/// Returns the kind of a value quoted by serde, with an article unless `bare`.
fn kind(found: &str, bare: bool) -> &'static str {
    let kinds = [
        ("null", "null", "null"),
        ("unit value", "null", "null"),
        ("boolean", "a boolean", "boolean"),
        ("integer", "an integer", "integer"),
        ("floating point", "a number", "number"),
        ("number", "a number", "number"),
        ("character", "a string", "string"),
        ("string", "a string", "string"),
        ("byte array", "bytes", "bytes"),
        ("map", "an object", "object"),
        ("sequence", "an array", "array"),
    ];
    kinds
        .iter()
        .find(|(prefix, ..)| found.starts_with(prefix))
        .map_or(
            "value",
            |(_, with_article, alone)| {
                if bare { alone } else { with_article }
            },
        )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde::de::{Deserializer, Error as _};

    use super::decode;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Page {
        #[serde(rename = "data")]
        _data: Vec<Item>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Item {
        #[serde(default, rename = "count")]
        _count: u8,
        #[serde(default, rename = "kind")]
        _kind: Option<Kind>,
        #[serde(default, rename = "names")]
        _names: BTreeMap<String, String>,
        #[serde(default, rename = "own", deserialize_with = "quote")]
        _own: (),
        #[serde(default, rename = "pair")]
        _pair: Option<(u8, u8)>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Good,
    }

    /// Quotes the value in its error, as custom types may.
    fn quote<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
        let text = String::deserialize(deserializer)?;
        Err(D::Error::custom(format_args!("cannot use {text}")))
    }

    #[track_caller]
    fn fails(item: &str, path: &str, reason: &str) {
        let text = format!("{{\"data\":[\n{item}]}}");
        let failure = decode::<Page>(text.as_bytes()).unwrap_err();
        assert_eq!(
            (failure.path.as_str(), failure.reason.as_str()),
            (path, reason)
        );
        assert!(!failure.to_string().contains("SECRET"), "{failure}");
        assert!(failure.to_string().contains("line 2, column "), "{failure}");
    }

    #[test]
    fn reports_kinds_instead_of_values() {
        fails(
            r#"{"count":"SECRET"}"#,
            "data[0].count",
            "expected u8, found a string",
        );
        fails(
            r#"{"count":"SECRET\", expected SECRET"}"#,
            "data[0].count",
            "expected u8, found a string",
        );
        fails(
            r#"{"count":1000}"#,
            "data[0].count",
            "expected u8, found an invalid integer",
        );
        fails(
            r#"{"count":null}"#,
            "data[0].count",
            "expected u8, found null",
        );
        fails(
            r#"{"count":true}"#,
            "data[0].count",
            "expected u8, found a boolean",
        );
        fails(
            r#"{"count":0.5}"#,
            "data[0].count",
            "expected u8, found a number",
        );
        fails(
            r#"{"count":[]}"#,
            "data[0].count",
            "expected u8, found an array",
        );
        fails(
            r#"{"count":{}}"#,
            "data[0].count",
            "expected u8, found an object",
        );
        fails(
            r#"{"names":{"a":"b","c":7}}"#,
            "data[0].names.c",
            "expected a string, found an integer",
        );
    }

    #[test]
    fn preserves_names_of_types_and_fields() {
        fails(
            r#"{"kind":"SECRET"}"#,
            "data[0].kind",
            "expected `good`, found an unknown variant",
        );
        fails(
            r#"{"other":1}"#,
            "data[0].other",
            "expected one of `count`, `kind`, `names`, `own`, `pair`, found an unknown field",
        );
        fails(
            r#"{"count":1,"count":2}"#,
            "data[0]",
            "duplicate field `count`",
        );
        fails(
            r#"{"pair":[1]}"#,
            "data[0].pair",
            "invalid length 1, expected a tuple of size 2",
        );
    }

    #[test]
    fn replaces_unknown_messages() {
        fails(
            r#"{"own":"SECRET"}"#,
            "data[0].own",
            "the value does not match its type",
        );
    }

    #[test]
    fn reports_syntax_errors_with_their_position() {
        let failure = decode::<Page>(b"{\"data\":[{\"names\":{\"a\":\"SECRET\"").unwrap_err();
        assert_eq!(failure.reason, "EOF while parsing an object");
        assert!(!failure.to_string().contains("SECRET"), "{failure}");
        let failure = decode::<Page>(b"<html>SECRET").unwrap_err();
        assert_eq!(failure.reason, "expected value");
        assert_eq!((failure.line, failure.column), (1, 1));
    }

    #[test]
    fn rejects_trailing_bytes() {
        assert!(decode::<u8>(b" 7 \n").is_ok());
        let failure = decode::<u8>(b"7 SECRET").unwrap_err();
        assert_eq!(failure.reason, "trailing characters");
    }

    #[test]
    fn rejects_invalid_utf8_with_its_position() {
        let failure = decode::<serde_json::Value>(b"{\n\"a\":\"\xff\"}").unwrap_err();
        assert_eq!(failure.reason, "invalid UTF-8");
        assert_eq!((failure.line, failure.column), (2, 6));
    }

    #[test]
    fn rejects_deep_nesting() {
        let deep = "[".repeat(100_000);
        let failure = decode::<serde_json::Value>(deep.as_bytes()).unwrap_err();
        assert_eq!(failure.reason, "recursion limit exceeded");
    }
}
