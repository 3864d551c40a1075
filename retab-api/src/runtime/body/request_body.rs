//! The body of a request.

use std::fmt;

use bytes::Bytes;
use http::HeaderValue;

use super::file_part::FilePart;
use super::multipart::Form;
use super::parts::Parts;
use super::streaming_body::StreamingBody;
use crate::runtime::error::InvalidRequest;

/// The name of a whole-body file in error messages.
const BODY: &str = "body";

/// The body of a request. Each attempt opens it again.
#[derive(Clone)]
#[non_exhaustive]
pub enum Body {
    /// No body.
    Empty,
    /// Bytes in memory, shared by all attempts.
    Bytes {
        /// The media type.
        content_type: HeaderValue,
        /// The encoded body.
        bytes: Bytes,
    },
    /// Concatenated bytes and sources. Sources are streamed.
    Parts {
        /// The media type.
        content_type: HeaderValue,
        /// The content.
        parts: Parts,
    },
    /// One streamed file.
    File {
        /// The media type.
        content_type: HeaderValue,
        /// The file.
        file: FilePart,
    },
    /// A streamed `multipart/form-data` form.
    Multipart(Form),
}

impl Body {
    /// Returns whether the body can be sent more than once.
    #[must_use]
    pub fn is_replayable(&self) -> bool {
        match self {
            Self::Empty | Self::Bytes { .. } | Self::Parts { .. } => true,
            Self::File { file, .. } => file.is_replayable(),
            Self::Multipart(form) => form.is_replayable(),
        }
    }

    pub(crate) fn content_type(&self) -> Option<HeaderValue> {
        match self {
            Self::Empty => None,
            Self::Bytes { content_type, .. }
            | Self::Parts { content_type, .. }
            | Self::File { content_type, .. } => Some(content_type.clone()),
            Self::Multipart(form) => Some(form.content_type()),
        }
    }

    /// Validates files before anything is sent.
    pub(crate) async fn prepare(&mut self) -> Result<(), InvalidRequest> {
        match self {
            Self::Empty | Self::Bytes { .. } | Self::Parts { .. } => Ok(()),
            Self::File { file, .. } => file.read_metadata(BODY).await,
            Self::Multipart(form) => form.prepare().await,
        }
    }

    /// Opens the body for one attempt.
    pub(crate) async fn open(&self) -> Result<Option<reqwest::Body>, InvalidRequest> {
        match self {
            Self::Empty => Ok(None),
            Self::Bytes { bytes, .. } => Ok(Some(bytes.clone().into())),
            Self::Parts { parts, .. } => {
                let opened = parts.open().await;
                opened
                    .map(Some)
                    .map_err(|error| InvalidRequest::because(error.to_string(), error))
            }
            Self::File { file, .. } => {
                let pieces = vec![file.open(BODY).await?];
                Ok(Some(reqwest::Body::wrap(StreamingBody::new(pieces))))
            }
            Self::Multipart(form) => Ok(Some(reqwest::Body::wrap(form.open().await?))),
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Bytes { bytes, .. } => write!(f, "Bytes({})", bytes.len()),
            Self::Parts { parts, .. } => f.debug_tuple("Parts").field(parts).finish(),
            Self::File { file, .. } => file.fmt(f),
            Self::Multipart(form) => form.fmt(f),
        }
    }
}
