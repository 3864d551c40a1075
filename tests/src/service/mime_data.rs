//! The check of one document: `{filename, url}` with a data URL, or with an address that the service can read.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::files::Files;
use super::mistake::Mistakes;

/// The allow list of the fake.
const CLOUD_STORAGE: &str = "https://storage.googleapis.com/";

/// Checks the document of one block, and gives the reference that a run shows for it.
pub(crate) fn check(
    block: &str,
    document: &Value,
    files: &mut Files,
    mistakes: &mut Mistakes,
) -> Value {
    let place = ["body", "documents", block];
    let Some(fields) = document.as_object() else {
        mistakes.add(&place, "A document must be an object", "model_type");
        return Value::Null;
    };
    for name in fields
        .keys()
        .filter(|name| !matches!(name.as_str(), "filename" | "url"))
    {
        mistakes.add(
            &[&place[..], &[name]].concat(),
            "This field is not permitted",
            "extra_forbidden",
        );
    }
    let filename = fields
        .get("filename")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if filename.is_empty() || filename.contains(['/', '\\']) {
        mistakes.add(
            &[&place[..], &["filename"]].concat(),
            "A file name without folders is required",
            "value_error",
        );
    }
    let media_type = match fields.get("url").and_then(Value::as_str).map(|url| {
        if files.knows(url) || url.starts_with(CLOUD_STORAGE) {
            return Ok("application/octet-stream");
        }
        media_type_of(url)
    }) {
        Some(Ok(media_type)) => media_type,
        Some(Err(reason)) => {
            mistakes.add(&[&place[..], &["url"]].concat(), reason, "value_error");
            ""
        }
        None => {
            mistakes.add(
                &[&place[..], &["url"]].concat(),
                "Field required",
                "missing",
            );
            ""
        }
    };
    let url = fields.get("url").and_then(Value::as_str);
    let id = files.input(filename, url.unwrap_or_default());
    json!({"id": id, "filename": filename, "mime_type": media_type})
}

/// The media type of a data URL whose content decodes and is a document.
fn media_type_of(url: &str) -> Result<&str, &'static str> {
    let rest = url.strip_prefix("data:").ok_or("A data URL is required")?;
    let (media_type, content) = rest
        .split_once(";base64,")
        .ok_or("The data URL must be in base64")?;
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
    Ok(media_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_url_is_refused_for_what_is_wrong_with_it() {
        assert_eq!(
            media_type_of("data:application/pdf;base64,JVBERi0xLjQ="),
            Ok("application/pdf")
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
            assert_eq!(media_type_of(url), Err(reason), "{url}");
        }
    }
}
