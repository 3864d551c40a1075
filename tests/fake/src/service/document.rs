//! Validation of input documents: `{filename, url}` with a data URL or a URL that the service can read.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::service::files::{File, Files, UNKNOWN_MEDIA_TYPE};
use crate::service::violation::Violations;

/// The URL prefix that the fake allows for remote documents.
const CLOUD_STORAGE: &str = "https://storage.googleapis.com/";

/// A valid input document.
#[derive(Debug, PartialEq)]
pub(crate) struct Document<'d> {
    filename: &'d str,
    url: &'d str,
    media_type: &'d str,
    /// The inline content. Empty for remote documents.
    content: Bytes,
}

impl Document<'_> {
    /// Adds the document to the files, unless it already refers to one, and returns a reference to the file.
    pub(crate) fn store(self, files: &mut Files, now: DateTime<Utc>) -> Value {
        let file =
            || File::complete(self.filename, self.content, now).with_media_type(self.media_type);
        let id = files.input(self.url, file);
        json!({"id": id, "filename": self.filename, "mime_type": self.media_type})
    }
}

/// Validates the document at `location` in the request, beyond what the spec requires.
pub(crate) fn check<'d>(
    location: &[&str],
    document: &'d Value,
    files: &Files,
    violations: &mut Violations,
) -> Option<Document<'d>> {
    let filename = document["filename"].as_str()?;
    let url = document["url"].as_str()?;
    if filename.is_empty() || filename.contains(['/', '\\']) {
        let message = "A file name without path separators is required";
        violations.add(&[location, &["filename"]].concat(), message, "value_error");
    }
    let is_remote = url.starts_with(CLOUD_STORAGE) || files.id_of(url).is_some();
    let (media_type, content) = if is_remote {
        (UNKNOWN_MEDIA_TYPE, Bytes::new())
    } else {
        match decode_data_url(url) {
            Ok(decoded) => decoded,
            Err(reason) => {
                violations.add(&[location, &["url"]].concat(), reason, "value_error");
                return None;
            }
        }
    };
    Some(Document {
        filename,
        url,
        media_type,
        content,
    })
}

/// Decodes a data URL into its media type and content.
fn decode_data_url(url: &str) -> Result<(&str, Bytes), &'static str> {
    let rest = url.strip_prefix("data:").ok_or("A data URL is required")?;
    let (media_type, content) = rest
        .split_once(";base64,")
        .ok_or("The data URL must be base64-encoded")?;
    let media_type = media_type.split(';').next().unwrap_or_default();
    if !matches!(media_type.split_once('/'), Some((kind, name)) if !kind.is_empty() && !name.is_empty())
    {
        return Err("The data URL must contain a media type");
    }
    let content = STANDARD
        .decode(content)
        .map_err(|_| "The data URL is not valid base64")?;
    if content.is_empty() {
        return Err("The document is empty");
    }
    if media_type == "application/pdf" && !content.starts_with(b"%PDF-") {
        return Err("The document is not a valid PDF");
    }
    Ok((media_type, content.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_valid_data_urls_and_rejects_invalid_ones() {
        assert_eq!(
            decode_data_url("data:application/pdf;base64,JVBERi0xLjQ="),
            Ok(("application/pdf", Bytes::from_static(b"%PDF-1.4")))
        );
        for (url, reason) in [
            ("https://example.com/a.pdf", "A data URL is required"),
            (
                "data:application/pdf,abc",
                "The data URL must be base64-encoded",
            ),
            (
                "data:;base64,YQ==",
                "The data URL must contain a media type",
            ),
            (
                "data:text/plain;base64,YQ",
                "The data URL is not valid base64",
            ),
            ("data:text/plain;base64,", "The document is empty"),
            (
                "data:application/pdf;base64,YQ==",
                "The document is not a valid PDF",
            ),
        ] {
            assert_eq!(decode_data_url(url), Err(reason), "{url}");
        }
    }
}
