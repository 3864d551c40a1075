//! Request bodies, with a limit on buffering, and response bodies.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use sha2::{Digest as _, Sha256};

use crate::service::hex;

/// How much of an oversized body is read and discarded, so that its sender gets to read the response.
const DRAIN_LIMIT: u64 = 1024 * 1024 * 1024;

/// The connection ends without a complete response.
#[derive(Debug)]
pub(super) struct Aborted;

impl fmt::Display for Aborted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is aborted")
    }
}

impl std::error::Error for Aborted {}

/// A received request body.
pub(super) struct ReceivedBody {
    /// The whole body; `None` if it exceeds the buffer limit.
    pub(super) content: Option<Bytes>,
    pub(super) size: u64,
}

/// A received request body with its SHA-256 in hexadecimal.
pub(super) struct HashedBody {
    pub(super) body: ReceivedBody,
    pub(super) sha256: String,
}

/// Reads a body and buffers it up to a limit.
///
/// Does not read a body that announces a larger size with `Expect: 100-continue`.
pub(super) async fn read(
    body: Incoming,
    headers: &HeaderMap,
    buffer_limit: usize,
) -> Result<ReceivedBody, Aborted> {
    let announced = body.size_hint().lower();
    let is_too_large = announced > buffer_limit as u64;
    if is_too_large && headers.contains_key(http::header::EXPECT) {
        return Ok(ReceivedBody {
            content: None,
            size: announced,
        });
    }
    let buffer_limit = if is_too_large { 0 } else { buffer_limit };
    collect(body, buffer_limit, DRAIN_LIMIT, |_| {}).await
}

/// Reads and hashes a body of any size, and buffers it up to a limit.
pub(super) async fn read_and_hash(
    body: Incoming,
    buffer_limit: usize,
) -> Result<HashedBody, Aborted> {
    let mut hash = Sha256::new();
    let body = collect(body, buffer_limit, u64::MAX, |bytes| hash.update(bytes)).await?;
    Ok(HashedBody {
        body,
        sha256: hex(&hash.finalize()),
    })
}

async fn collect(
    mut body: Incoming,
    buffer_limit: usize,
    read_limit: u64,
    mut inspect: impl FnMut(&[u8]),
) -> Result<ReceivedBody, Aborted> {
    let mut buffer = Some(BytesMut::new());
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let Ok(bytes) = frame.map_err(|_| Aborted)?.into_data() else {
            continue;
        };
        inspect(&bytes);
        size += bytes.len() as u64;
        if size > read_limit {
            break;
        }
        match &mut buffer {
            Some(buffer) if buffer.len() + bytes.len() <= buffer_limit => {
                buffer.extend_from_slice(&bytes);
            }
            _ => buffer = None,
        }
    }
    Ok(ReceivedBody {
        content: buffer.map(BytesMut::freeze),
        size,
    })
}

/// A response body.
pub(super) enum ResponseBody {
    Whole(Bytes),
    /// Chunks, sent without a `Content-Length`.
    Chunks(VecDeque<Bytes>),
    /// The start of a body that announces this length, after which the connection ends.
    Truncated {
        start: Bytes,
        length: u64,
        progress: TruncatedProgress,
    },
}

/// How much of a truncated body was sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TruncatedProgress {
    Nothing,
    Start,
    Flushed,
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Aborted;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Aborted>>> {
        let chunk = match &mut *self {
            Self::Whole(bytes) => std::mem::take(bytes),
            Self::Chunks(chunks) => match chunks.pop_front() {
                Some(chunk) => chunk,
                None => return Poll::Ready(None),
            },
            Self::Truncated {
                start, progress, ..
            } => match progress {
                TruncatedProgress::Nothing => {
                    *progress = TruncatedProgress::Start;
                    start.clone()
                }
                TruncatedProgress::Start => {
                    // Makes hyper flush the start before the connection ends.
                    *progress = TruncatedProgress::Flushed;
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                TruncatedProgress::Flushed => return Poll::Ready(Some(Err(Aborted))),
            },
        };
        Poll::Ready((!chunk.is_empty()).then(|| Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_empty(),
            Self::Chunks(chunks) => chunks.is_empty(),
            Self::Truncated { .. } => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Chunks(_) => SizeHint::default(),
            Self::Truncated { length, .. } => SizeHint::with_exact(*length),
        }
    }
}
