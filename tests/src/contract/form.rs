//! The parts of a `multipart/form-data` body (RFC 7578).

use serde_json::{Map, Value, json};

use super::mistake::Mistake;

/// Reads the parts as JSON: a text is a string, a file an object with `file_name`, `content_type` and `content`.
pub(super) fn read(content_type: &str, body: &[u8]) -> Result<Map<String, Value>, Mistake> {
    let wrong = |reason: &str| Mistake::new("part", reason);
    let boundary = content_type
        .split(';')
        .find_map(|parameter| parameter.trim().strip_prefix("boundary="))
        .ok_or_else(|| wrong("the content type has no boundary"))?
        .trim_matches('"');
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
        let name = quoted(disposition, "name").ok_or_else(|| wrong("a part has no name"))?;
        let content =
            std::str::from_utf8(content).map_err(|_| wrong("the content of a part is no text"))?;
        let value = match quoted(disposition, "filename") {
            Some(file_name) => json!({
                "file_name": file_name,
                "content_type": header(head, "content-type"),
                "content": content,
            }),
            None => json!(content),
        };
        if parts.insert(name.clone(), value).is_some() {
            return Err(Mistake::new(
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

/// A quoted parameter, its escapes undone as the WHATWG form encoding has them.
fn quoted(disposition: &str, name: &str) -> Option<String> {
    let (_, rest) = disposition.split_once(&format!("; {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(
        value
            .replace("%22", "\"")
            .replace("%0D", "\r")
            .replace("%0A", "\n"),
    )
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
            let mistake = read(content_type, body.as_bytes()).unwrap_err();
            assert!(mistake.reason.contains(reason), "{mistake}");
        }
    }
}
