//! Parses the bodies of error responses.

use serde_json::{Map, Value};

use super::field_error::FieldError;

/// The content of an error response, merged from all forms that the service uses.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ErrorBody {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) details: Option<Value>,
    pub(crate) field_errors: Vec<FieldError>,
}

/// The size in bytes above which bodies are not parsed.
const LIMIT: usize = 1024 * 1024;

impl ErrorBody {
    /// Parses the body of a response whose status is not 2xx.
    ///
    /// Understands the service's JSON objects, and the titles of HTML pages written by proxies. Ignores all other bodies,
    /// since they may be content rather than errors.
    pub(crate) fn parse(body: &[u8]) -> Self {
        if body.len() > LIMIT {
            return Self::default();
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Self::from_object(&object),
            Ok(_) => Self::default(),
            Err(_) => Self {
                message: html_title(body),
                ..Self::default()
            },
        }
    }

    fn from_object(object: &Map<String, Value>) -> Self {
        match object.get("detail") {
            Some(Value::String(text)) => Self {
                message: innermost_text(object).or(Some(text)).map(str::to_owned),
                ..Self::from_fields(object)
            },
            Some(Value::Object(detail)) => Self::from_fields(detail),
            Some(Value::Array(entries)) => Self::from_list(entries, object),
            _ => Self::from_fields(object),
        }
    }

    /// Parses `{code, message, details}`, `{status_code, message, data}` or `{error}`, with an optional list `errors`.
    fn from_fields(fields: &Map<String, Value>) -> Self {
        let entries = fields.get("errors").and_then(Value::as_array);
        let listed = Self::from_list(entries.map_or(&[], Vec::as_slice), fields);
        Self {
            message: match (text_of(fields), listed.message) {
                (Some(message), Some(errors)) => Some(format!("{message}: {errors}")),
                (message, errors) => message.map(str::to_owned).or(errors),
            },
            ..listed
        }
    }

    /// Parses a list of field errors and the object that contains it.
    fn from_list(entries: &[Value], parent: &Map<String, Value>) -> Self {
        let field_errors: Vec<_> = entries.iter().filter_map(FieldError::parse).collect();
        let lines: Vec<_> = field_errors.iter().map(FieldError::line).collect();
        Self {
            code: find_code(parent),
            message: (!lines.is_empty()).then(|| lines.join("; ")),
            details: find_details(parent),
            field_errors,
        }
    }
}

/// Returns the text that describes the error best: the innermost one, `message`, or `error`.
fn text_of(fields: &Map<String, Value>) -> Option<&str> {
    innermost_text(fields)
        .or_else(|| text(fields.get("message")?))
        .or_else(|| text_or_nested(fields.get("error")?))
}

/// Returns the text in `details.error`. The texts around it name only the kind of the error.
fn innermost_text(fields: &Map<String, Value>) -> Option<&str> {
    text_or_nested(fields.get("details")?.get("error")?)
}

/// Returns a text, or the text of an envelope.
fn text_or_nested(error: &Value) -> Option<&str> {
    text(error).or_else(|| text_of(error.as_object()?))
}

/// Returns a text that is not blank.
fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.trim().is_empty())
}

/// Returns `code`, that of an envelope in `error`, or the text of `error` beside a `message`.
fn find_code(fields: &Map<String, Value>) -> Option<String> {
    match (fields.get("code"), fields.get("error")) {
        (Some(Value::String(code)), _) => Some(code.clone()),
        (Some(Value::Number(code)), _) => Some(code.to_string()),
        (_, Some(Value::Object(error))) => find_code(error),
        (_, Some(Value::String(code))) if fields.contains_key("message") => Some(code.clone()),
        _ => None,
    }
}

fn find_details(fields: &Map<String, Value>) -> Option<Value> {
    let mut candidates = ["details", "data"]
        .iter()
        .filter_map(|name| fields.get(*name));
    candidates.find(|details| !details.is_null()).cloned()
}

/// Returns the title of an HTML page, which identifies the error of a proxy.
fn html_title(body: &[u8]) -> Option<String> {
    /// The number of bytes that are searched, since titles are near the start.
    const SEARCHED: usize = 4096;
    let top = String::from_utf8_lossy(body.get(..SEARCHED).unwrap_or(body));
    let lower = top.to_ascii_lowercase();
    let tag = lower.find("<title")?;
    let start = tag + lower.get(tag..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    let title = top.get(start..end)?.split_whitespace();
    let title = title.collect::<Vec<_>>().join(" ");
    (!title.is_empty()).then_some(title)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::ErrorBody;

    #[track_caller]
    fn assert_parses(body: &str, code: Option<&str>, message: Option<&str>) {
        let parsed = ErrorBody::parse(body.as_bytes());
        assert_eq!(
            (parsed.code.as_deref(), parsed.message.as_deref()),
            (code, message)
        );
    }

    #[test]
    fn parses_text_detail() {
        assert_parses(r#"{"detail":"Not found"}"#, None, Some("Not found"));
    }

    #[test]
    fn parses_object_detail() {
        assert_parses(
            r#"{"detail":{"code":"quota","message":"No pages left","details":{"n":1}}}"#,
            Some("quota"),
            Some("No pages left"),
        );
    }

    #[test]
    fn parses_object_detail_with_errors() {
        assert_parses(
            r#"{"detail":{"code":"invalid","message":"Bad plan","errors":[
                {"yaml_path":"blocks[0].id","code":"dup","message":"used twice","severity":"error","details":null},
                {"yaml_path":"","message":"no start"}]}}"#,
            Some("invalid"),
            Some("Bad plan: blocks[0].id: used twice; no start"),
        );
    }

    #[test]
    fn parses_list_detail_without_input() {
        assert_parses(
            r#"{"detail":[{"loc":["body","documents",0],"msg":"Field required","type":"missing","input":"SECRET"},
                {"msg":"Too short"}]}"#,
            None,
            Some("body.documents.0: Field required; Too short"),
        );
    }

    #[test]
    fn parses_status_code_message_and_data() {
        assert_parses(
            r#"{"status_code":409,"message":"Already running","data":{"x":1}}"#,
            None,
            Some("Already running"),
        );
    }

    #[test]
    fn parses_top_level_fields() {
        assert_parses(
            r#"{"code":"rate_limited","message":"Slow down","details":{}}"#,
            Some("rate_limited"),
            Some("Slow down"),
        );
        assert_parses(r#"{"code":42,"message":null}"#, Some("42"), None);
    }

    #[test]
    fn shows_the_innermost_text() {
        for (body, code, message) in [
            (
                r#"{"detail":{"code":"HTTP_EXCEPTION","message":"HTTP exception","details":{"error":"Block not found"}}}"#,
                Some("HTTP_EXCEPTION"),
                "Block not found",
            ),
            (
                r#"{"detail":{"code":"HTTP_EXCEPTION","message":"HTTP exception","details":{"error":{"message":"No start block"}}}}"#,
                Some("HTTP_EXCEPTION"),
                "No start block",
            ),
            (
                r#"{"code":"HTTP_EXCEPTION","message":"HTTP exception","details":{"error":"Gone"}}"#,
                Some("HTTP_EXCEPTION"),
                "Gone",
            ),
            (
                r#"{"detail":"HTTP exception","details":{"error":{"message":"Gone"}}}"#,
                None,
                "Gone",
            ),
            (
                r#"{"detail":{"code":"A","message":"a","details":{"error":{"code":"B","message":"b","details":{"error":"c"}}}}}"#,
                Some("A"),
                "c",
            ),
            (
                r#"{"detail":{"code":"A","message":"a","details":{"error":"b"},"errors":[{"yaml_path":"x","message":"y"}]}}"#,
                Some("A"),
                "b: x: y",
            ),
            (r#"{"error":"Too many pages"}"#, None, "Too many pages"),
            (
                r#"{"detail":{"error":"Too many pages"}}"#,
                None,
                "Too many pages",
            ),
            (
                r#"{"error":{"code":"pages","message":"Too many pages"}}"#,
                Some("pages"),
                "Too many pages",
            ),
            (
                r#"{"status":404,"error":"Not Found","message":"No such path"}"#,
                Some("Not Found"),
                "No such path",
            ),
            // Without a text inside, the text outside is the message.
            (
                r#"{"detail":{"message":"a","details":{"error":" "}}}"#,
                None,
                "a",
            ),
            (
                r#"{"detail":{"message":"a","details":{"error":{"n":1}}}}"#,
                None,
                "a",
            ),
            (
                r#"{"detail":{"message":"a","details":{"error":[7]}}}"#,
                None,
                "a",
            ),
            (r#"{"detail":{"message":"a","details":"b"}}"#, None, "a"),
        ] {
            assert_parses(body, code, Some(message));
        }
    }

    #[test]
    fn parses_details_under_either_name() {
        for (body, details) in [
            (
                r#"{"detail":{"code":"a","details":{"n":1}}}"#,
                Some(json!({"n": 1})),
            ),
            (
                r#"{"message":"b","details":[2],"data":3}"#,
                Some(json!([2])),
            ),
            (
                r#"{"status_code":409,"message":"c","data":{"n":4}}"#,
                Some(json!({"n": 4})),
            ),
            (
                r#"{"message":"d","details":null,"data":"e"}"#,
                Some(json!("e")),
            ),
            (r#"{"detail":"f","details":{"n":5}}"#, Some(json!({"n": 5}))),
            (r#"{"detail":{"code":"g","details":null}}"#, None),
        ] {
            let parsed = ErrorBody::parse(body.as_bytes());
            assert_eq!(parsed.details, details, "{body}");
        }
    }

    #[test]
    fn skips_malformed_list_entries() {
        let body = r#"{"detail":[7,null,{"loc":["body"]},{"loc":"body","msg":""},
            {"loc":["body",null,true,{"SECRET":1}],"msg":"Odd","type":7,"input":"SECRET"}]}"#;
        let parsed = ErrorBody::parse(body.as_bytes());
        assert_eq!(parsed.message.as_deref(), Some("body: Odd"));
        assert_eq!(parsed.field_errors.len(), 1);
        assert_eq!(parsed.field_errors[0].code, None);
        assert!(!format!("{parsed:?}").contains("SECRET"));
    }

    #[test]
    fn extracts_html_title() {
        assert_parses(
            "<!DOCTYPE html><html><head><TITLE lang=en>502\n Bad  Gateway</title></head><body>x</body></html>",
            None,
            Some("502 Bad Gateway"),
        );
        assert_parses("<html><title>open", None, None);
        assert_parses("<title></title>", None, None);
    }

    #[test]
    fn ignores_bodies_over_the_limit() {
        let filled = |size: usize| format!(r#"{{"detail":"{}"}}"#, "x".repeat(size - 13));
        let largest = filled(super::LIMIT);
        assert!(ErrorBody::parse(largest.as_bytes()).message.is_some());
        let larger = filled(super::LIMIT + 1);
        assert_eq!(ErrorBody::parse(larger.as_bytes()), ErrorBody::default());
    }

    #[test]
    fn ignores_unknown_bodies() {
        for body in [
            "",
            "[]",
            "null",
            "\"x\"",
            "{",
            "{}",
            r#"{"detail":7}"#,
            r#"{"detail":[]}"#,
            "upstream reset",
        ] {
            assert_parses(body, None, None);
        }
    }
}
