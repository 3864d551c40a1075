//! A body that reports its progress to the timeout monitor.

use std::error::Error as StdError;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::timeout_monitor::{Expired, TimeoutMonitor};

/// The maximum frame size. A single large frame would report no progress until it is sent completely.
const MAX_FRAME_LEN: usize = 64 * 1024;

type ExpiredFuture = Pin<Box<dyn Future<Output = Expired> + Send>>;

/// A body split into small frames, each of which counts as progress.
pub(super) struct ProgressBody {
    body: reqwest::Body,
    monitor: Arc<TimeoutMonitor>,
    /// The rest of the current frame.
    rest: Bytes,
    expiration: Expiration,
}

/// Whether the body enforces the timeouts.
enum Expiration {
    /// The caller enforces the timeouts.
    Disabled,
    /// The body fails when the monitor expires. The mutex makes the body `Sync` and is never locked.
    Pending(Mutex<ExpiredFuture>),
    /// The monitor expired and the body has failed.
    Expired,
}

impl ProgressBody {
    /// Creates a body that only reports progress.
    pub(super) fn new(body: reqwest::Body, monitor: Arc<TimeoutMonitor>) -> Self {
        Self {
            body,
            monitor,
            rest: Bytes::new(),
            expiration: Expiration::Disabled,
        }
    }

    /// Creates a body that also fails when the monitor expires.
    pub(super) fn expiring(body: reqwest::Body, monitor: Arc<TimeoutMonitor>) -> Self {
        let expired = Arc::clone(&monitor).expired(None);
        Self {
            expiration: Expiration::Pending(Mutex::new(Box::pin(expired))),
            ..Self::new(body, monitor)
        }
    }

    fn poll_expired(&mut self, cx: &mut Context<'_>) -> Poll<Expired> {
        let Expiration::Pending(future) = &mut self.expiration else {
            return Poll::Pending;
        };
        let future = future.get_mut().unwrap_or_else(PoisonError::into_inner);
        let expired = std::task::ready!(future.as_mut().poll(cx));
        self.expiration = Expiration::Expired;
        Poll::Ready(expired)
    }

    fn next_frame(&mut self) -> Frame<Bytes> {
        Frame::data(self.rest.split_to(self.rest.len().min(MAX_FRAME_LEN)))
    }
}

/// Wraps a request body so that it reports progress to the monitor.
pub(super) fn sent(body: reqwest::Body, monitor: &Arc<TimeoutMonitor>) -> reqwest::Body {
    reqwest::Body::wrap(ProgressBody::new(body, Arc::clone(monitor)))
}

/// Wraps the body of a response so that it reports progress and fails when the monitor expires.
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
        if matches!(this.expiration, Expiration::Expired) {
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
                    return this.poll_expired(cx).map(|expired| {
                        let expired = io::Error::new(io::ErrorKind::TimedOut, expired.to_string());
                        Some(Err(expired.into()))
                    });
                }
            }
        }
        this.monitor.note_progress();
        Poll::Ready(Some(Ok(this.next_frame())))
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
