//! Bodies: those that arrive, with a limit to what is held of them, and those that go out.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use sha2::{Digest as _, Sha256};

use super::exchange::Broken;
use crate::service::hex;

/// What of a body that is too large is read on, so that its sender comes to read the answer.
const MOST_READ: u64 = 1024 * 1024 * 1024;

/// A body as it arrived.
pub(super) struct Arrived {
    /// The whole of it; `None` where it is larger than what is held.
    pub(super) content: Option<Bytes>,
    pub(super) size: u64,
}

/// A body that arrived, with its SHA-256 in hexadecimal digits.
pub(super) struct Hashed {
    pub(super) body: Arrived,
    pub(super) sha256: String,
}

/// Reads a body, and holds it as long as it is not larger than this.
///
/// One that says beforehand that it is, and whose sender waits to be told to go on, is not read.
pub(super) async fn read(
    body: Incoming,
    headers: &HeaderMap,
    most_held: usize,
) -> Result<Arrived, Broken> {
    let announced = body.size_hint().lower();
    let is_too_large = announced > most_held as u64;
    if is_too_large && headers.contains_key(http::header::EXPECT) {
        return Ok(Arrived {
            content: None,
            size: announced,
        });
    }
    let most_held = if is_too_large { 0 } else { most_held };
    take_in(body, most_held, MOST_READ, |_| {}).await
}

/// Reads a body of any size, hashes it, and holds it as long as it is not larger than this.
pub(super) async fn read_and_hash(body: Incoming, most_held: usize) -> Result<Hashed, Broken> {
    let mut hash = Sha256::new();
    let body = take_in(body, most_held, u64::MAX, |bytes| hash.update(bytes)).await?;
    Ok(Hashed {
        body,
        sha256: hex(&hash.finalize()),
    })
}

async fn take_in(
    mut body: Incoming,
    most_held: usize,
    most_read: u64,
    mut see: impl FnMut(&[u8]),
) -> Result<Arrived, Broken> {
    let mut held = Some(BytesMut::new());
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let Ok(bytes) = frame.map_err(|_| Broken)?.into_data() else {
            continue;
        };
        see(&bytes);
        size += bytes.len() as u64;
        if size > most_read {
            break;
        }
        match &mut held {
            Some(so_far) if so_far.len() + bytes.len() <= most_held => {
                so_far.extend_from_slice(&bytes);
            }
            _ => held = None,
        }
    }
    Ok(Arrived {
        content: held.map(BytesMut::freeze),
        size,
    })
}

/// The body of an answer.
pub(super) enum Outgoing {
    /// All of it at once.
    Whole(Bytes),
    /// One piece after the other, of a length that is not told.
    Pieces(VecDeque<Bytes>),
    /// Only the beginning of what has this length; then the connection ends.
    Cut {
        start: Bytes,
        length: u64,
        sent: Sent,
    },
}

/// How far a body that is cut has gone out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    Nothing,
    Start,
    Flushed,
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let piece = match &mut *self {
            Self::Whole(bytes) => std::mem::take(bytes),
            Self::Pieces(pieces) => match pieces.pop_front() {
                Some(piece) => piece,
                None => return Poll::Ready(None),
            },
            Self::Cut { start, sent, .. } => match sent {
                Sent::Nothing => {
                    *sent = Sent::Start;
                    start.clone()
                }
                Sent::Start => {
                    // What is there is written to the client before the connection ends.
                    *sent = Sent::Flushed;
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Sent::Flushed => return Poll::Ready(Some(Err(Broken))),
            },
        };
        Poll::Ready((!piece.is_empty()).then(|| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_empty(),
            Self::Pieces(pieces) => pieces.is_empty(),
            Self::Cut { .. } => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Pieces(_) => SizeHint::default(),
            Self::Cut { length, .. } => SizeHint::with_exact(*length),
        }
    }
}
