//! A body that is sent piece by piece.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::source::{Chunks, Source};
use crate::runtime::error::{Problem, SourceError};

/// A sequence of pieces, with an exact length if all lengths are known.
pub(crate) struct StreamingBody {
    // `http_body::Body` must be Sync for reqwest, and streams are not. Only `get_mut` is used, never a lock.
    pieces: Mutex<VecDeque<Piece>>,
    left: Option<u64>,
}

/// A piece of a body.
pub(crate) enum Piece {
    /// Bytes in memory.
    Bytes(Bytes),
    /// Streamed chunks, with the number of remaining bytes if known.
    Chunks {
        name: Arc<str>,
        chunks: Chunks,
        left: Option<u64>,
    },
}

impl StreamingBody {
    pub(crate) fn new(pieces: impl IntoIterator<Item = Piece>) -> Self {
        let pieces: VecDeque<_> = pieces.into_iter().collect();
        let left = pieces
            .iter()
            .map(Piece::left)
            .try_fold(0_u64, |sum, left| sum.checked_add(left?));
        Self {
            pieces: Mutex::new(pieces),
            left,
        }
    }
}

impl Piece {
    /// Opens a source at its start.
    pub(crate) async fn open(name: &Arc<str>, source: &dyn Source) -> Result<Self, SourceError> {
        match source.open().await {
            Ok(chunks) => Ok(Self::Chunks {
                name: Arc::clone(name),
                chunks,
                left: Some(source.size()),
            }),
            Err(source) => Err(SourceError {
                name: Arc::clone(name),
                problem: Problem::Open(source),
            }),
        }
    }

    fn left(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::Chunks { left, .. } => *left,
        }
    }

    /// Returns the next chunk, or `None` at the end.
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, SourceError>>> {
        let (name, chunks, left) = match self {
            Self::Bytes(bytes) if bytes.is_empty() => return Poll::Ready(None),
            Self::Bytes(bytes) => return Poll::Ready(Some(Ok(std::mem::take(bytes)))),
            Self::Chunks { name, chunks, left } => (name, chunks, left),
        };
        let failed = |problem| {
            let name = Arc::clone(name);
            Poll::Ready(Some(Err(SourceError { name, problem })))
        };
        match (ready!(chunks.as_mut().poll_next(cx)), left) {
            (Some(Err(source)), _) => failed(Problem::Read(source)),
            (Some(Ok(chunk)), None) => Poll::Ready(Some(Ok(chunk))),
            (Some(Ok(chunk)), Some(left)) => match left.checked_sub(chunk.len() as u64) {
                Some(rest) => {
                    *left = rest;
                    Poll::Ready(Some(Ok(chunk)))
                }
                None => failed(Problem::TooLong),
            },
            (None, Some(left)) if *left > 0 => failed(Problem::TooShort),
            (None, _) => Poll::Ready(None),
        }
    }
}

impl http_body::Body for StreamingBody {
    type Data = Bytes;
    type Error = SourceError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, SourceError>>> {
        let this = self.get_mut();
        let pieces = this
            .pieces
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        while let Some(piece) = pieces.front_mut() {
            match ready!(piece.poll_chunk(cx)) {
                Some(Ok(chunk)) if chunk.is_empty() => {}
                Some(Ok(chunk)) => {
                    if let Some(left) = &mut this.left {
                        *left = left.saturating_sub(chunk.len() as u64);
                    }
                    return Poll::Ready(Some(Ok(Frame::data(chunk))));
                }
                Some(Err(error)) => {
                    pieces.clear();
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    pieces.pop_front();
                }
            }
        }
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        self.left
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
