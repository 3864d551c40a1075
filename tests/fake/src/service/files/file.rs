//! A file and its upload state.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde_json::{Value, json};

use crate::received_request::ReceivedRequest;
use crate::response::Response;
use crate::service::hash::sha256;
use crate::service::timestamp;

/// The media type of files of unknown type.
pub(crate) const UNKNOWN_MEDIA_TYPE: &str = "application/octet-stream";

/// A file, which becomes visible once its upload is complete.
pub(crate) struct File {
    pub(super) name: String,
    pub(super) content_type: Option<String>,
    /// The announced size.
    pub(super) size: u64,
    /// The announced SHA-256.
    pub(super) sha256: Option<String>,
    pub(crate) content: Option<StoredContent>,
    pub(crate) is_complete: bool,
    pub(super) is_corrupted: bool,
    pub(super) expires_at: DateTime<Utc>,
    /// Whether the upload session is expired regardless of the clock.
    pub(super) is_expired: bool,
    pub(super) created_at: DateTime<Utc>,
}

/// Content received by the object storage.
#[derive(Clone)]
pub(crate) struct StoredContent {
    /// The bytes, unless they were too large to store or were dropped.
    pub(crate) bytes: Option<Bytes>,
    pub(crate) size: u64,
    /// The SHA-256 in lowercase hexadecimal.
    pub(crate) sha256: String,
}

impl StoredContent {
    /// Returns the number of bytes stored.
    pub(super) fn stored_bytes(&self) -> usize {
        self.bytes.as_ref().map_or(0, Bytes::len)
    }

    /// Replaces the bytes with zeros.
    pub(super) fn corrupted(self) -> Self {
        let bytes = self.bytes.map(|bytes| Bytes::from(vec![0; bytes.len()]));
        Self {
            sha256: bytes
                .as_ref()
                .map_or_else(|| "0".repeat(64), |bytes| sha256(bytes)),
            bytes,
            size: self.size,
        }
    }
}

impl File {
    /// Creates a complete file.
    pub(crate) fn complete(name: &str, bytes: Bytes, now: DateTime<Utc>) -> Self {
        let content = StoredContent {
            size: bytes.len() as u64,
            sha256: sha256(&bytes),
            bytes: Some(bytes),
        };
        Self {
            name: name.to_owned(),
            content_type: None,
            size: content.size,
            sha256: None,
            content: Some(content),
            is_complete: true,
            is_corrupted: false,
            expires_at: now,
            is_expired: false,
            created_at: now,
        }
    }

    /// Sets the media type.
    pub(crate) fn with_media_type(mut self, media_type: &str) -> Self {
        self.content_type = Some(media_type.to_owned());
        self
    }

    /// Returns whether the upload session has expired.
    pub(super) fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.is_expired || now >= self.expires_at
    }

    /// Returns whether the object storage rejects further uploads because the URL has expired or the upload is complete.
    pub(crate) fn is_closed(&self, now: DateTime<Utc>) -> bool {
        self.is_complete || now >= self.expires_at
    }

    /// Returns whether an upload request has the required headers.
    pub(crate) fn accepts(&self, id: &str, received: &ReceivedRequest) -> bool {
        let content_type = received.header("content-type");
        received.header("x-upload-token") == Some(upload_token(id).as_str())
            && (self.content_type.is_none() || content_type == self.content_type.as_deref())
    }

    /// Compares the content with the announced size and hash, and with the hash sent on completion.
    ///
    /// # Errors
    ///
    /// Returns a 422 response if they do not match.
    pub(super) fn check(&self, sha256_on_completion: Option<&str>) -> Result<(), Response> {
        let mismatch = |code, message| {
            Err(Response::coded(
                StatusCode::UNPROCESSABLE_ENTITY,
                code,
                message,
            ))
        };
        let size = self.content.as_ref().map_or(0, |content| content.size);
        if size != self.size {
            return mismatch(
                "size_mismatch",
                "The size does not match the announced size",
            );
        }
        let empty = sha256(&[]);
        let actual = self
            .content
            .as_ref()
            .map_or(&empty, |content| &content.sha256);
        let announced = self.sha256.as_deref();
        let mut hashes = announced.into_iter().chain(sha256_on_completion);
        if hashes.any(|hash| !hash.eq_ignore_ascii_case(actual)) {
            return mismatch("hash_mismatch", "The SHA-256 does not match the content");
        }
        Ok(())
    }

    pub(super) fn to_json(&self, id: &str) -> Value {
        json!({
            "object": "file",
            "id": id,
            "filename": self.name,
            "mime_type": self.content_type,
            "created_at": timestamp::format(self.created_at),
            "updated_at": timestamp::format(self.created_at),
            "page_count": null,
        })
    }
}

/// Returns the `x-upload-token` header that the object storage requires for an upload.
pub(super) fn upload_token(id: &str) -> String {
    format!("token-of-{id}")
}
