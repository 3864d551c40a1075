//! What the service says about an error, from every form in which it says it.

use serde_json::{Map, Value};

/// Code and message of an error answer.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ServiceMessage {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
}

/// No message is larger than this, in bytes; what is larger is not searched for one.
const LIMIT: usize = 1024 * 1024;

impl ServiceMessage {
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
                code: None,
                message: html_title(body),
            },
        }
    }

    fn of_object(object: &Map<String, Value>) -> Self {
        match object.get("detail") {
            Some(Value::String(text)) => Self {
                code: code_of(object),
                message: Some(text.clone()),
            },
            Some(Value::Object(detail)) => Self::of_fields(detail),
            Some(Value::Array(entries)) => Self {
                code: code_of(object),
                message: listed(entries, validation_line),
            },
            _ => Self::of_fields(object),
        }
    }

    /// `{code, message, details}`, with a list `errors` or without.
    fn of_fields(fields: &Map<String, Value>) -> Self {
        let message = fields.get("message").and_then(Value::as_str);
        let errors = fields
            .get("errors")
            .and_then(Value::as_array)
            .and_then(|errors| listed(errors, configuration_line));
        Self {
            code: code_of(fields),
            message: match (message, errors) {
                (Some(message), Some(errors)) => Some(format!("{message}: {errors}")),
                (message, errors) => message.map(str::to_owned).or(errors),
            },
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

fn listed(entries: &[Value], line: fn(&Value) -> Option<String>) -> Option<String> {
    let lines: Vec<_> = entries.iter().filter_map(line).collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}

/// `{loc, msg, type, input}`; `input` is what the caller sent and is not shown.
fn validation_line(entry: &Value) -> Option<String> {
    let text = entry.get("msg")?.as_str()?;
    let location: Vec<_> = entry
        .get("loc")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|step| match step {
            Value::String(name) => Some(name.clone()),
            Value::Number(index) => Some(index.to_string()),
            _ => None,
        })
        .collect();
    if location.is_empty() {
        Some(text.to_owned())
    } else {
        Some(format!("{}: {text}", location.join(".")))
    }
}

/// `{yaml_path, code, message, severity, details}`.
fn configuration_line(entry: &Value) -> Option<String> {
    let text = entry.get("message")?.as_str()?;
    match entry.get("yaml_path").and_then(Value::as_str) {
        Some(path) if !path.is_empty() => Some(format!("{path}: {text}")),
        _ => Some(text.to_owned()),
    }
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
    use super::ServiceMessage;

    #[track_caller]
    fn reads(body: &str, code: Option<&str>, message: Option<&str>) {
        let read = ServiceMessage::read(body.as_bytes());
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
        assert!(ServiceMessage::read(largest.as_bytes()).message.is_some());
        let larger = filled(super::LIMIT + 1);
        assert_eq!(
            ServiceMessage::read(larger.as_bytes()),
            ServiceMessage::default()
        );
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
