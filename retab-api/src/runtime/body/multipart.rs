//! Replayable `multipart/form-data` bodies (RFC 7578).
//!
//! The forms of reqwest can be neither cloned nor replayed.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};

use bytes::Bytes;
use http::HeaderValue;

use super::file_part::FilePart;
use super::streaming_body::{Piece, StreamingBody};
use crate::runtime::error::InvalidRequest;
use crate::runtime::parameter_text::FormValue;

/// A multipart form.
#[derive(Clone)]
pub struct Form {
    boundary: String,
    parts: Vec<Part>,
}

#[derive(Clone)]
struct Part {
    name: &'static str,
    content: Content,
}

#[derive(Clone)]
enum Content {
    Text(Bytes),
    Json(Bytes),
    File(FilePart),
}

impl Form {
    pub(crate) fn new() -> Self {
        Self {
            boundary: random_boundary(),
            parts: Vec::new(),
        }
    }

    /// Sets the values of a field, replacing earlier ones.
    pub(crate) fn set_values(&mut self, name: &'static str, values: Vec<FormValue>) {
        let contents = values.into_iter().map(|value| match value {
            FormValue::Text(text) => Content::Text(text.into()),
            FormValue::Json(json) => Content::Json(json.into()),
        });
        self.set(name, contents);
    }

    /// Sets the file of a field, replacing earlier values.
    pub(crate) fn set_file(&mut self, name: &'static str, file: FilePart) {
        self.set(name, [Content::File(file)]);
    }

    fn set(&mut self, name: &'static str, contents: impl IntoIterator<Item = Content>) {
        let index = self.parts.iter().position(|part| part.name == name);
        self.parts.retain(|part| part.name != name);
        let index = index.unwrap_or(self.parts.len());
        let parts = contents.into_iter().map(|content| Part { name, content });
        self.parts.splice(index..index, parts);
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.parts.iter().map(|part| part.name)
    }

    pub(crate) fn is_replayable(&self) -> bool {
        self.parts.iter().all(|part| match &part.content {
            Content::Text(_) | Content::Json(_) => true,
            Content::File(file) => file.is_replayable(),
        })
    }

    pub(crate) fn content_type(&self) -> HeaderValue {
        HeaderValue::try_from(format!("multipart/form-data; boundary={}", self.boundary))
            .unwrap_or(HeaderValue::from_static("multipart/form-data"))
    }

    /// Validates the files before anything is sent.
    pub(crate) async fn prepare(&mut self) -> Result<(), InvalidRequest> {
        for part in &mut self.parts {
            if let Content::File(file) = &mut part.content {
                file.prepare(part.name).await?;
            }
        }
        Ok(())
    }

    /// Opens the encoded form for one attempt.
    pub(crate) async fn open(&self) -> Result<StreamingBody, InvalidRequest> {
        let mut pieces = Vec::with_capacity(3 * self.parts.len() + 1);
        for part in &self.parts {
            pieces.push(Piece::Bytes(self.head(part).into()));
            pieces.push(match &part.content {
                Content::Text(bytes) | Content::Json(bytes) => Piece::Bytes(bytes.clone()),
                Content::File(file) => file.open(part.name).await?,
            });
            pieces.push(Piece::Bytes(Bytes::from_static(b"\r\n")));
        }
        let end = format!("--{}--\r\n", self.boundary);
        pieces.push(Piece::Bytes(end.into()));
        Ok(StreamingBody::new(pieces))
    }

    fn head(&self, part: &Part) -> String {
        let mut head = format!(
            "--{}\r\nContent-Disposition: form-data; name=\"{}\"",
            self.boundary,
            quoted(part.name)
        );
        match &part.content {
            Content::Text(_) => {}
            Content::Json(_) => head.push_str("\r\nContent-Type: application/json"),
            Content::File(file) => {
                head.push_str("; filename=\"");
                head.push_str(&quoted(file.name()));
                head.push_str("\"\r\nContent-Type: ");
                head.push_str(&file.media_type());
            }
        }
        head.push_str("\r\n\r\n");
        head
    }
}

/// Escapes a name for a quoted string, as browsers do. Non-ASCII characters stay UTF-8.
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Returns a boundary with 128 random bits, so that no content contains it by chance or on purpose.
fn random_boundary() -> String {
    let bits = || RandomState::new().hash_one(());
    format!("retab-{:016x}{:016x}", bits(), bits())
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Form")?;
        f.debug_list().entries(self.names()).finish()
    }
}
