//! What the service says about an error, from every form in which it says it.

use serde_json::{Map, Value};

use super::field_error::FieldError;

/// What an error answer says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ErrorBody {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) details: Option<Value>,
    pub(crate) field_errors: Vec<FieldError>,
}

/// No message is larger than this, in bytes; what is larger is not searched for one.
const LIMIT: usize = 1024 * 1024;

impl ErrorBody {
    /// Reads the body of an answer whose status is no success.
    ///
    /// A JSON object is read in the service's forms; an HTML page gives its title, as a proxy on
    /// the way has written it; anything else gives nothing, since it cannot be told from content.
    pub(crate) fn read(body: &[u8]) -> Self {
        if body.len() > LIMIT {
            return Self::default();
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => Self::of_object(&object),
            Ok(_) => Self::default(),
            Err(_) => Self {
                message: html_title(body),
                ..Self::default()
            },
        }
    }

    fn of_object(object: &Map<String, Value>) -> Self {
        match object.get("detail") {
            Some(Value::String(text)) => Self {
                message: Some(text.clone()),
                ..Self::of_fields(object)
            },
            Some(Value::Object(detail)) => Self::of_fields(detail),
            Some(Value::Array(entries)) => Self::of_list(entries, object),
            _ => Self::of_fields(object),
        }
    }

    /// `{code, message, details}` or `{status_code, message, data}`, with a list `errors` or without.
    fn of_fields(fields: &Map<String, Value>) -> Self {
        let entries = fields.get("errors").and_then(Value::as_array);
        let listed = Self::of_list(entries.map_or(&[], Vec::as_slice), fields);
        let message = fields.get("message").and_then(Value::as_str);
        Self {
            message: match (message, listed.message) {
                (Some(message), Some(errors)) => Some(format!("{message}: {errors}")),
                (message, errors) => message.map(str::to_owned).or(errors),
            },
            ..listed
        }
    }

    /// A list of mistakes, and what stands around it.
    fn of_list(entries: &[Value], around: &Map<String, Value>) -> Self {
        let field_errors: Vec<_> = entries.iter().filter_map(FieldError::read).collect();
        let lines: Vec<_> = field_errors.iter().map(FieldError::line).collect();
        Self {
            code: code_of(around),
            message: (!lines.is_empty()).then(|| lines.join("; ")),
            details: details_of(around),
            field_errors,
        }
    }
}

/// `code`, or the `error` that some proxies write instead.
fn code_of(fields: &Map<String, Value>) -> Option<String> {
    match fields.get("code").or_else(|| fields.get("error"))? {
        Value::String(code) => Some(code.clone()),
        Value::Number(code) => Some(code.to_string()),
        _ => None,
    }
}

fn details_of(fields: &Map<String, Value>) -> Option<Value> {
    let mut found = ["details", "data"]
        .iter()
        .filter_map(|name| fields.get(*name));
    found.find(|details| !details.is_null()).cloned()
}

/// The title of an HTML page, which is what tells one proxy's error from another's.
fn html_title(body: &[u8]) -> Option<String> {
    /// Titles stand at the top: no page is searched further than this.
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
    fn reads(body: &str, code: Option<&str>, message: Option<&str>) {
        let read = ErrorBody::read(body.as_bytes());
        assert_eq!(
            (read.code.as_deref(), read.message.as_deref()),
            (code, message)
        );
    }

    #[test]
    fn detail_as_text() {
        reads(r#"{"detail":"Not found"}"#, None, Some("Not found"));
    }

    #[test]
    fn detail_as_object() {
        reads(
            r#"{"detail":{"code":"quota","message":"No pages left","details":{"n":1}}}"#,
            Some("quota"),
            Some("No pages left"),
        );
    }

    #[test]
    fn detail_as_object_with_errors() {
        reads(
            r#"{"detail":{"code":"invalid","message":"Bad plan","errors":[
                {"yaml_path":"blocks[0].id","code":"dup","message":"used twice","severity":"error","details":null},
                {"yaml_path":"","message":"no start"}]}}"#,
            Some("invalid"),
            Some("Bad plan: blocks[0].id: used twice; no start"),
        );
    }

    #[test]
    fn detail_as_list_shows_no_input() {
        reads(
            r#"{"detail":[{"loc":["body","documents",0],"msg":"Field required","type":"missing","input":"SECRET"},
                {"msg":"Too short"}]}"#,
            None,
            Some("body.documents.0: Field required; Too short"),
        );
    }

    #[test]
    fn status_code_message_data() {
        reads(
            r#"{"status_code":409,"message":"Already running","data":{"x":1}}"#,
            None,
            Some("Already running"),
        );
    }

    #[test]
    fn fields_at_the_top() {
        reads(
            r#"{"code":"rate_limited","message":"Slow down","details":{}}"#,
            Some("rate_limited"),
            Some("Slow down"),
        );
        reads(r#"{"code":42,"message":null}"#, Some("42"), None);
    }

    #[test]
    fn details_stand_beside_the_message_under_either_name() {
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
            let read = ErrorBody::read(body.as_bytes());
            assert_eq!(read.details, details, "{body}");
        }
    }

    #[test]
    fn what_is_no_mistake_in_a_list_is_passed_over() {
        let body = r#"{"detail":[7,null,{"loc":["body"]},{"loc":"body","msg":""},
            {"loc":["body",null,true,{"SECRET":1}],"msg":"Odd","type":7,"input":"SECRET"}]}"#;
        let read = ErrorBody::read(body.as_bytes());
        assert_eq!(read.message.as_deref(), Some("body: Odd"));
        assert_eq!(read.field_errors.len(), 1);
        assert_eq!(read.field_errors[0].code, None);
        assert!(!format!("{read:?}").contains("SECRET"));
    }

    #[test]
    fn html_page_gives_its_title() {
        reads(
            "<!DOCTYPE html><html><head><TITLE lang=en>502\n Bad  Gateway</title></head><body>x</body></html>",
            None,
            Some("502 Bad Gateway"),
        );
        reads("<html><title>open", None, None);
        reads("<title></title>", None, None);
    }

    #[test]
    fn a_body_that_is_too_large_is_not_searched() {
        let filled = |size: usize| format!(r#"{{"detail":"{}"}}"#, "x".repeat(size - 13));
        let largest = filled(super::LIMIT);
        assert!(ErrorBody::read(largest.as_bytes()).message.is_some());
        let larger = filled(super::LIMIT + 1);
        assert_eq!(ErrorBody::read(larger.as_bytes()), ErrorBody::default());
    }

    #[test]
    fn nothing_that_can_be_read() {
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
            reads(body, None, None);
        }
    }
}
