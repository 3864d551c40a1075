//! A body whose bytes are noted as they move.

use std::error::Error as StdError;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::timeout_monitor::{Expired, TimeoutMonitor};

/// How much moves at a time: a body that is one large piece would show no progress until it is gone.
const PIECE: usize = 64 * 1024;

type Expiry = Pin<Box<dyn Future<Output = Expired> + Send>>;

/// A body in pieces, each of which is noted by the monitor.
pub(super) struct ProgressBody {
    body: reqwest::Body,
    monitor: Arc<TimeoutMonitor>,
    /// What is left of the frame that came last.
    rest: Bytes,
    end: End,
}

/// Whether the body ends by itself only.
enum End {
    /// Something else monitores over the time.
    Own,
    /// It also ends, by an error, when the monitor expires. A body has to be Sync; nothing ever locks this.
    Expiry(Mutex<Expiry>),
    /// It has ended so.
    Expired,
}

impl ProgressBody {
    /// A body that notes its progress, and leaves it to others to give it up.
    pub(super) fn new(body: reqwest::Body, monitor: Arc<TimeoutMonitor>) -> Self {
        Self {
            body,
            monitor,
            rest: Bytes::new(),
            end: End::Own,
        }
    }

    /// A body that is an error once the monitor has expired.
    pub(super) fn expiring(body: reqwest::Body, monitor: Arc<TimeoutMonitor>) -> Self {
        let expired = Arc::clone(&monitor).expired(None);
        Self {
            end: End::Expiry(Mutex::new(Box::pin(expired))),
            ..Self::new(body, monitor)
        }
    }

    fn poll_expiry(&mut self, cx: &mut Context<'_>) -> Poll<Expired> {
        let End::Expiry(expiry) = &mut self.end else {
            return Poll::Pending;
        };
        let expiry = expiry.get_mut().unwrap_or_else(PoisonError::into_inner);
        let expired = std::task::ready!(expiry.as_mut().poll(cx));
        self.end = End::Expired;
        Poll::Ready(expired)
    }

    fn next_piece(&mut self) -> Frame<Bytes> {
        Frame::data(self.rest.split_to(self.rest.len().min(PIECE)))
    }
}

/// Returns this body as one that reports its progress to the monitor while it is sent.
pub(super) fn sent(body: reqwest::Body, monitor: &Arc<TimeoutMonitor>) -> reqwest::Body {
    reqwest::Body::wrap(ProgressBody::new(body, Arc::clone(monitor)))
}

/// Returns this response with a body that reports its progress, and fails once the monitor has expired.
pub(super) fn received(
    response: reqwest::Response,
    monitor: &Arc<TimeoutMonitor>,
) -> reqwest::Response {
    monitor.note_progress();
    let response = http::Response::from(response)
        .map(|body| reqwest::Body::wrap(ProgressBody::expiring(body, Arc::clone(monitor))));
    response.into()
}

impl Body for ProgressBody {
    type Data = Bytes;
    type Error = Box<dyn StdError + Send + Sync>;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = self.get_mut();
        if matches!(this.end, End::Expired) {
            return Poll::Ready(None);
        }
        if this.rest.is_empty() {
            match Pin::new(&mut this.body).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) => this.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                Poll::Ready(end) => return Poll::Ready(end.map(|end| end.map_err(Into::into))),
                Poll::Pending => {
                    return this.poll_expiry(cx).map(|expired| {
                        let expired = io::Error::new(io::ErrorKind::TimedOut, expired.to_string());
                        Some(Err(expired.into()))
                    });
                }
            }
        }
        this.monitor.note_progress();
        Poll::Ready(Some(Ok(this.next_piece())))
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        let body = self.body.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(body.lower().saturating_add(rest));
        if let Some(upper) = body.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }
}
