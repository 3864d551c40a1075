//! The check of one document: `{filename, url}` with a data URL, or with an address that the service can read.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::service::files::{File, Files};
use crate::service::violation::Violations;

/// The allow list of the fake.
const CLOUD_STORAGE: &str = "https://storage.googleapis.com/";

/// The media type of what is not within the request.
pub(crate) const UNKNOWN: &str = "application/octet-stream";

/// A document that the service can be given.
#[derive(Debug, PartialEq)]
pub(crate) struct Document<'d> {
    filename: &'d str,
    url: &'d str,
    media_type: &'d str,
    /// Empty for what is not within the request.
    content: Bytes,
}

impl Document<'_> {
    /// Makes a file of it, unless it is one, and gives the reference that is shown for it.
    pub(crate) fn stored(self, files: &mut Files, now: DateTime<Utc>) -> Value {
        let file = || File::stored(self.filename, self.content, now).of_type(self.media_type);
        let id = files.input(self.url, file);
        json!({"id": id, "filename": self.filename, "mime_type": self.media_type})
    }
}

/// Checks the document at this place of the request; the document of the service says what fields it has.
pub(crate) fn check<'d>(
    place: &[&str],
    document: &'d Value,
    files: &Files,
    violations: &mut Violations,
) -> Option<Document<'d>> {
    let filename = document["filename"].as_str()?;
    let url = document["url"].as_str()?;
    if filename.is_empty() || filename.contains(['/', '\\']) {
        let message = "A file name without folders is required";
        violations.add(&[place, &["filename"]].concat(), message, "value_error");
    }
    let is_address = url.starts_with(CLOUD_STORAGE) || files.id_of(url).is_some();
    let (media_type, content) = if is_address {
        (UNKNOWN, Bytes::new())
    } else {
        match read(url) {
            Ok(read) => read,
            Err(reason) => {
                violations.add(&[place, &["url"]].concat(), reason, "value_error");
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

/// The media type and the content of a data URL whose content decodes and is a document.
fn read(url: &str) -> Result<(&str, Bytes), &'static str> {
    let rest = url.strip_prefix("data:").ok_or("A data URL is required")?;
    let (media_type, content) = rest
        .split_once(";base64,")
        .ok_or("The data URL must be in base64")?;
    // Parameters may follow the media type.
    let media_type = media_type.split(';').next().unwrap_or_default();
    if !matches!(media_type.split_once('/'), Some((kind, name)) if !kind.is_empty() && !name.is_empty())
    {
        return Err("The data URL must name a media type");
    }
    let content = STANDARD
        .decode(content)
        .map_err(|_| "The data URL does not decode")?;
    if content.is_empty() {
        return Err("The document is empty");
    }
    if media_type == "application/pdf" && !content.starts_with(b"%PDF-") {
        return Err("The document is not the PDF that it says to be");
    }
    Ok((media_type, content.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_url_is_refused_for_what_is_wrong_with_it() {
        assert_eq!(
            read("data:application/pdf;base64,JVBERi0xLjQ="),
            Ok(("application/pdf", Bytes::from_static(b"%PDF-1.4")))
        );
        for (url, reason) in [
            ("https://example.com/a.pdf", "A data URL is required"),
            ("data:application/pdf,abc", "The data URL must be in base64"),
            ("data:;base64,YQ==", "The data URL must name a media type"),
            ("data:text/plain;base64,YQ", "The data URL does not decode"),
            ("data:text/plain;base64,", "The document is empty"),
            (
                "data:application/pdf;base64,YQ==",
                "The document is not the PDF that it says to be",
            ),
        ] {
            assert_eq!(read(url), Err(reason), "{url}");
        }
    }
}
