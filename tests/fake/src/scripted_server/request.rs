//! Parsing of HTTP requests.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::received_request::ReceivedRequest;

/// How the length of a body is determined.
#[derive(Clone, Copy)]
pub(super) enum Framing {
    Length(usize),
    Chunked,
}

/// Returns the offset of the body, once the head is complete.
pub(super) fn end_of_head(bytes: &[u8]) -> Option<usize> {
    Some(find(bytes, b"\r\n\r\n")? + 4)
}

/// Parses the head of a request. Returns `None` if it is invalid.
pub(super) fn parse_head(head: &[u8]) -> Option<(ReceivedRequest, Framing)> {
    let mut lines = std::str::from_utf8(head).ok()?.split("\r\n");
    let mut line = lines.next()?.split(' ');
    let method = line.next()?.parse().ok()?;
    let target = line.next()?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut headers = HeaderMap::new();
    for line in lines.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(": ")?;
        let value = HeaderValue::try_from(value).ok()?;
        headers.append(HeaderName::try_from(name).ok()?, value);
    }
    let framing = match headers.get(CONTENT_LENGTH) {
        _ if headers.contains_key(TRANSFER_ENCODING) => Framing::Chunked,
        Some(length) => Framing::Length(length.to_str().ok()?.parse().ok()?),
        None => Framing::Length(0),
    };
    let request = ReceivedRequest {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: Bytes::new(),
    };
    Some((request, framing))
}

/// Decodes a chunked body. Returns its content and its encoded length, once the body is complete.
pub(super) fn decode_chunked(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut content = Vec::new();
    let mut at = 0;
    loop {
        let line = bytes.get(at..)?;
        let end = find(line, b"\r\n")?;
        let size = std::str::from_utf8(&line[..end]).ok()?;
        let size = usize::from_str_radix(size, 16).ok()?;
        let start = at + end + 2;
        content.extend_from_slice(bytes.get(start..start + size)?);
        at = start + size + 2;
        if size == 0 {
            return (at <= bytes.len()).then_some((content, at));
        }
    }
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes
        .windows(needle.len())
        .position(|window| window == needle)
}
