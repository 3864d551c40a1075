//! Decoding of `data:` URLs (RFC 2397).

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use percent_encoding::percent_decode_str;

/// Padding is optional: browsers accept unpadded `data:` URLs.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Returns the media type and the content of a `data:` URL.
///
/// # Errors
/// Returns the reason, which contains none of the content, if the URL is invalid.
pub(super) fn decode(url: &str) -> Result<(String, Bytes), &'static str> {
    let start = url
        .get(..5)
        .filter(|start| start.eq_ignore_ascii_case("data:"));
    let rest = start
        .and(url.get(5..))
        .ok_or("it does not start with `data:`")?;
    let (head, content) = rest
        .split_once(',')
        .ok_or("it has no comma before its content")?;
    let content: Vec<u8> = percent_decode_str(content).collect();
    let (media_type, content) = match strip_base64(head) {
        Some(media_type) => {
            let mut text = content;
            text.retain(|byte| !byte.is_ascii_whitespace());
            let content = BASE64
                .decode(text)
                .map_err(|_| "its content is not valid base64")?;
            (media_type, content)
        }
        None => (head, content),
    };
    let media_type = match media_type {
        "" => "text/plain".to_owned(),
        parameters if parameters.starts_with(';') => format!("text/plain{parameters}"),
        media_type => media_type.to_owned(),
    };
    Ok((media_type, content.into()))
}

fn strip_base64(head: &str) -> Option<&str> {
    let (media_type, last) = head.rsplit_once(';')?;
    last.trim()
        .eq_ignore_ascii_case("base64")
        .then_some(media_type)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn decodes_base64_and_percent_encoding() {
        for (url, media_type, content) in [
            (
                "data:application/pdf;base64,JVBERi0=",
                "application/pdf",
                "%PDF-",
            ),
            (
                "DATA:text/plain;Base64,VG90YWw6IDEy",
                "text/plain",
                "Total: 12",
            ),
            (
                "data:text/plain;base64,VG90YWw6%20IDE",
                "text/plain",
                "Total: 1",
            ),
            (
                "data:text/plain;base64,VG90YW\nw6IDE%3D",
                "text/plain",
                "Total: 1",
            ),
            ("data:,Total%3A%2012", "text/plain", "Total: 12"),
            ("data:;charset=utf-8,a,b", "text/plain;charset=utf-8", "a,b"),
            (
                "data:text/csv;charset=utf-8;base64,YTti",
                "text/csv;charset=utf-8",
                "a;b",
            ),
        ] {
            let decoded = decode(url).unwrap();
            assert_eq!(decoded.0, media_type, "{url}");
            assert_eq!(decoded.1, content.as_bytes(), "{url}");
        }
    }

    #[test]
    fn rejects_invalid_urls_without_showing_content() {
        for (url, reason) in [
            ("https://a.example/", "it does not start with `data:`"),
            ("dätä", "it does not start with `data:`"),
            ("", "it does not start with `data:`"),
            ("data:text/plain", "it has no comma before its content"),
            (
                "data:text/plain;base64,*",
                "its content is not valid base64",
            ),
        ] {
            assert_eq!(decode(url), Err(reason), "{url}");
        }
    }
}
