//! Decoding of `multipart/form-data` bodies (RFC 7578).

use serde_json::{Map, Value, json};

use super::violation::Violation;

/// Decodes the parts into JSON: a text part into a string, a file part into an object with `file_name`, `content_type` and
/// `content`.
pub(super) fn decode(content_type: &str, body: &[u8]) -> Result<Map<String, Value>, Violation> {
    let error = |reason: &str| Violation::new("part", reason);
    let boundary = parameter(content_type, "boundary");
    let boundary = boundary.ok_or_else(|| error("the content type has no boundary"))?;
    // A delimiter includes the preceding line break, which the first delimiter does not have.
    let body = [b"\r\n", body].concat();
    let delimiter = format!("\r\n--{boundary}");
    let mut pieces = split(&body, delimiter.as_bytes()).into_iter();
    if pieces.next() != Some(&[][..]) {
        return Err(error("there is data before the first part"));
    }
    let mut parts = Map::new();
    for piece in pieces {
        if piece == b"--" || piece == b"--\r\n" {
            return Ok(parts);
        }
        let piece = piece
            .strip_prefix(b"\r\n")
            .ok_or_else(|| error("a delimiter is not followed by a line break"))?;
        let (head, content) = split_once(piece, b"\r\n\r\n")
            .ok_or_else(|| error("the head of a part does not end"))?;
        let head =
            std::str::from_utf8(head).map_err(|_| error("the head of a part is not UTF-8"))?;
        let disposition = header(head, "content-disposition")
            .filter(|disposition| disposition.starts_with("form-data;"))
            .ok_or_else(|| error("a part is not form-data"))?;
        let name = parameter(disposition, "name").ok_or_else(|| error("a part has no name"))?;
        let content = std::str::from_utf8(content)
            .map_err(|_| error("the content of a part is not UTF-8"))?;
        let value = match parameter(disposition, "filename") {
            Some(file_name) => json!({
                "file_name": file_name,
                "content_type": header(head, "content-type"),
                "content": content,
            }),
            None => json!(content),
        };
        if parts.insert(name.clone(), value).is_some() {
            return Err(Violation::new(
                format!("part/{name}"),
                "sent more than once",
            ));
        }
    }
    Err(error("the closing delimiter is missing"))
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.split("\r\n").find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// Returns a parameter of a header value in any common form: a token, a quoted string with the escapes of the WHATWG form
/// encoding or of RFC 9110 (section 5.6.4), or an extended value (RFC 8187), which takes precedence.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut plain = None;
    let mut rest = header.split_once(';')?.1;
    while let Some((found, value)) = rest.split_once('=') {
        let found = found.trim();
        let (value, after) = if let Some(quoted) = value.strip_prefix('"') {
            unquote(quoted)?
        } else {
            let (token, after) = value.split_once(';').unwrap_or((value, ""));
            (token.trim().to_owned(), after)
        };
        if found.eq_ignore_ascii_case(name) {
            plain.get_or_insert(value);
        } else if let Some(extended) = found.strip_suffix('*')
            && extended.eq_ignore_ascii_case(name)
        {
            let text = value.splitn(3, '\'').nth(2)?;
            let text = percent_encoding::percent_decode_str(text).decode_utf8();
            return Some(text.ok()?.into_owned());
        }
        rest = after;
    }
    plain
}

/// Decodes a quoted string. Returns its value and the rest after the next semicolon.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => {
                let value = value
                    .replace("%22", "\"")
                    .replace("%0D", "\r")
                    .replace("%0A", "\n");
                let after = text[at + 1..].trim_start();
                return Some((value, after.strip_prefix(';').unwrap_or(after)));
            }
            // A backslash escapes only these two: old clients send Windows paths without escaping.
            '\\' if text[at + 1..].starts_with(['"', '\\']) => {
                value.extend(characters.next().map(|(_, escaped)| escaped));
            }
            other => value.push(other),
        }
    }
    None
}

fn split<'b>(mut bytes: &'b [u8], by: &[u8]) -> Vec<&'b [u8]> {
    let mut pieces = Vec::new();
    while let Some((piece, rest)) = split_once(bytes, by) {
        pieces.push(piece);
        bytes = rest;
    }
    pieces.push(bytes);
    pieces
}

fn split_once<'b>(bytes: &'b [u8], by: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let at = bytes.windows(by.len()).position(|window| window == by)?;
    Some((&bytes[..at], &bytes[at + by.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=b";

    #[test]
    fn decodes_text_and_file_parts() {
        let body = concat!(
            "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n\r\n--c\r\n",
            "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a %22b%22.csv\"\r\n",
            "content-type: text/csv\r\n\r\n\r\n--b--\r\n",
        );
        assert_eq!(
            Value::Object(decode(TYPE, body.as_bytes()).unwrap()),
            json!({
                "name": "a\r\n\r\n--c",
                "file": {"file_name": "a \"b\".csv", "content_type": "text/csv", "content": ""},
            })
        );
    }

    #[test]
    fn decodes_parameter_in_every_common_form() {
        for (header, expected) in [
            ("form-data; name=file; filename=a.csv", "a.csv"),
            (r#"form-data; name="file"; FileName="a.csv""#, "a.csv"),
            (
                r#"form-data; filename="a;b=\"c\\.csv"; name="file""#,
                r#"a;b="c\.csv"#,
            ),
            (
                r#"form-data; name="file"; filename="e.csv"; filename*=UTF-8''%C3%A9.csv"#,
                "é.csv",
            ),
            (
                r#"form-data; name="file"; filename="C:\dir\a.csv""#,
                r"C:\dir\a.csv",
            ),
        ] {
            assert_eq!(
                parameter(header, "filename").as_deref(),
                Some(expected),
                "{header}"
            );
            assert_eq!(
                parameter(header, "name").as_deref(),
                Some("file"),
                "{header}"
            );
        }
        for invalid in [
            "form-data",
            "form-data;",
            "form-data; filename=\"a",
            "form-data; filename*=a",
        ] {
            assert_eq!(parameter(invalid, "filename"), None, "{invalid}");
        }
    }

    #[test]
    fn rejects_invalid_form() {
        let part = "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n";
        for (content_type, body, reason) in [
            ("multipart/form-data", part.to_owned(), "no boundary"),
            (TYPE, part.to_owned(), "closing delimiter"),
            (TYPE, format!("x{part}--b--"), "before the first part"),
            (TYPE, format!("{part}{part}--b--"), "more than once"),
            (
                TYPE,
                "--b\r\n\r\na\r\n--b--".to_owned(),
                "head of a part does not end",
            ),
            (
                TYPE,
                "--b\r\nA: b\r\n\r\na\r\n--b--".to_owned(),
                "not form-data",
            ),
        ] {
            let violation = decode(content_type, body.as_bytes()).unwrap_err();
            assert!(violation.reason.contains(reason), "{violation}");
        }
    }
}
