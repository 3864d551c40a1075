//! The parts of a `multipart/form-data` body (RFC 7578).

use serde_json::{Map, Value, json};

use super::violation::Violation;

/// Reads the parts as JSON: a text is a string, a file an object with `file_name`, `content_type` and `content`.
pub(super) fn read(content_type: &str, body: &[u8]) -> Result<Map<String, Value>, Violation> {
    let wrong = |reason: &str| Violation::new("part", reason);
    let boundary = parameter(content_type, "boundary");
    let boundary = boundary.ok_or_else(|| wrong("the content type has no boundary"))?;
    // The line break before a delimiter belongs to it; before the first one there is none.
    let body = [b"\r\n", body].concat();
    let delimiter = format!("\r\n--{boundary}");
    let mut pieces = split(&body, delimiter.as_bytes()).into_iter();
    if pieces.next() != Some(&[][..]) {
        return Err(wrong("something stands before the first part"));
    }
    let mut parts = Map::new();
    for piece in pieces {
        if piece == b"--" || piece == b"--\r\n" {
            return Ok(parts);
        }
        let piece = piece
            .strip_prefix(b"\r\n")
            .ok_or_else(|| wrong("a delimiter does not end its line"))?;
        let (head, content) =
            split_once(piece, b"\r\n\r\n").ok_or_else(|| wrong("a part has no end of its head"))?;
        let head = std::str::from_utf8(head).map_err(|_| wrong("the head of a part is no text"))?;
        let disposition = header(head, "content-disposition")
            .filter(|disposition| disposition.starts_with("form-data;"))
            .ok_or_else(|| wrong("a part is no form-data"))?;
        let name = parameter(disposition, "name").ok_or_else(|| wrong("a part has no name"))?;
        let content =
            std::str::from_utf8(content).map_err(|_| wrong("the content of a part is no text"))?;
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
                "it is sent more than once",
            ));
        }
    }
    Err(wrong("the last delimiter is missing"))
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.split("\r\n").find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// A parameter of `content-disposition`, in the forms that clients write: quoted, its escapes undone as the WHATWG form
/// encoding has them, or those of a quoted string (RFC 9110, section 5.6.4); a bare token; and extended (RFC 8187),
/// which comes before the others.
fn parameter(disposition: &str, name: &str) -> Option<String> {
    let mut plain = None;
    let mut rest = disposition.split_once(';')?.1;
    while let Some((found, value)) = rest.split_once('=') {
        let found = found.trim();
        let (value, after) = if let Some(quoted) = value.strip_prefix('"') {
            unquoted(quoted)?
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

/// The text up to the quote that ends it, and what follows the next semicolon.
fn unquoted(text: &str) -> Option<(String, &str)> {
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
            // A backslash is an escape before these two alone: old clients send folders of Windows as they are.
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
    fn texts_and_files_are_told_apart() {
        let body = concat!(
            "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n\r\n--c\r\n",
            "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a %22b%22.csv\"\r\n",
            "content-type: text/csv\r\n\r\n\r\n--b--\r\n",
        );
        assert_eq!(
            Value::Object(read(TYPE, body.as_bytes()).unwrap()),
            json!({
                "name": "a\r\n\r\n--c",
                "file": {"file_name": "a \"b\".csv", "content_type": "text/csv", "content": ""},
            })
        );
    }

    #[test]
    fn a_parameter_is_read_in_every_form_that_clients_write() {
        for (written, read) in [
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
                parameter(written, "filename").as_deref(),
                Some(read),
                "{written}"
            );
            assert_eq!(
                parameter(written, "name").as_deref(),
                Some("file"),
                "{written}"
            );
        }
        for broken in [
            "form-data",
            "form-data;",
            "form-data; filename=\"a",
            "form-data; filename*=a",
        ] {
            assert_eq!(parameter(broken, "filename"), None, "{broken}");
        }
    }

    #[test]
    fn a_form_that_is_broken_is_refused() {
        let part = "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n";
        for (content_type, body, reason) in [
            ("multipart/form-data", part.to_owned(), "no boundary"),
            (TYPE, part.to_owned(), "last delimiter"),
            (TYPE, format!("x{part}--b--"), "before the first part"),
            (TYPE, format!("{part}{part}--b--"), "more than once"),
            (TYPE, "--b\r\n\r\na\r\n--b--".to_owned(), "end of its head"),
            (
                TYPE,
                "--b\r\nA: b\r\n\r\na\r\n--b--".to_owned(),
                "no form-data",
            ),
        ] {
            let violation = read(content_type, body.as_bytes()).unwrap_err();
            assert!(violation.reason.contains(reason), "{violation}");
        }
    }
}
