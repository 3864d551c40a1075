//! One file, which is none yet while its upload is not complete.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde_json::{Value, json};

use crate::received_request::ReceivedRequest;
use crate::response::Response;
use crate::service::{sha256, time};

pub(crate) struct File {
    pub(super) name: String,
    pub(super) content_type: Option<String>,
    /// The size and the SHA-256 that were announced.
    pub(super) size: u64,
    pub(super) sha256: Option<String>,
    pub(crate) content: Option<Stored>,
    pub(crate) is_complete: bool,
    pub(super) is_corrupted: bool,
    pub(super) expires_at: DateTime<Utc>,
    /// Whether the session is over whatever the clock says.
    pub(super) has_expired: bool,
    pub(super) created_at: DateTime<Utc>,
}

/// What the storage got.
#[derive(Clone)]
pub(crate) struct Stored {
    /// All of it, where it is kept.
    pub(crate) content: Option<Bytes>,
    pub(crate) size: u64,
    /// In lowercase hexadecimal digits.
    pub(crate) sha256: String,
}

impl Stored {
    /// How many bytes are kept.
    pub(super) fn kept(&self) -> usize {
        self.content.as_ref().map_or(0, Bytes::len)
    }

    /// As many bytes, but other ones.
    pub(super) fn corrupted(self) -> Self {
        let content = self
            .content
            .map(|content| Bytes::from(vec![0; content.len()]));
        Self {
            sha256: content
                .as_ref()
                .map_or_else(|| "0".repeat(64), |content| sha256(content)),
            content,
            size: self.size,
        }
    }
}

impl File {
    pub(crate) fn stored(name: &str, content: Bytes, now: DateTime<Utc>) -> Self {
        let stored = Stored {
            size: content.len() as u64,
            sha256: sha256(&content),
            content: Some(content),
        };
        Self {
            name: name.to_owned(),
            content_type: None,
            size: stored.size,
            sha256: None,
            content: Some(stored),
            is_complete: true,
            is_corrupted: false,
            expires_at: now,
            has_expired: false,
            created_at: now,
        }
    }

    /// The same file of this media type.
    pub(crate) fn of_type(mut self, media_type: &str) -> Self {
        self.content_type = Some(media_type.to_owned());
        self
    }

    /// Whether the session has expired.
    pub(super) fn is_late(&self, now: DateTime<Utc>) -> bool {
        self.has_expired || now >= self.expires_at
    }

    /// Whether the storage takes no bytes for it any more: its URL has expired, or what it was for is done.
    pub(crate) fn is_closed(&self, now: DateTime<Utc>) -> bool {
        self.is_complete || now >= self.expires_at
    }

    /// What the storage wants to be sent with the bytes.
    pub(crate) fn wants(&self, id: &str, request: &ReceivedRequest) -> bool {
        let content_type = request.header("content-type");
        request.header("x-upload-token") == Some(token(id).as_str())
            && (self.content_type.is_none() || content_type == self.content_type.as_deref())
    }

    /// Whether what the storage got is what was announced, and what is given now.
    pub(super) fn check(&self, given: Option<&str>) -> Result<(), Response> {
        let unfit = |code, message| {
            Err(Response::coded(
                StatusCode::UNPROCESSABLE_ENTITY,
                code,
                message,
            ))
        };
        let size = self.content.as_ref().map_or(0, |stored| stored.size);
        if size != self.size {
            return unfit(
                "size_mismatch",
                "The size is not the one that was announced",
            );
        }
        let nothing = sha256(&[]);
        let found = self
            .content
            .as_ref()
            .map_or(&nothing, |stored| &stored.sha256);
        let announced = self.sha256.as_deref();
        let mut hashes = announced.into_iter().chain(given);
        if hashes.any(|hash| !hash.eq_ignore_ascii_case(found)) {
            return unfit("hash_mismatch", "The SHA-256 is not the one that was given");
        }
        Ok(())
    }

    pub(super) fn document(&self, id: &str) -> Value {
        json!({
            "object": "file",
            "id": id,
            "filename": self.name,
            "mime_type": self.content_type,
            "created_at": time::text(self.created_at),
            "updated_at": time::text(self.created_at),
            "page_count": null,
        })
    }
}

/// The header by which the storage knows an upload.
pub(crate) fn token(id: &str) -> String {
    format!("token-of-{id}")
}
