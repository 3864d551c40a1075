//! Until when a request may go on: while bytes move, and within its bounds.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::body::Watched;
use crate::clock::Clock;

/// Watches the bytes of one request, sent and received.
///
/// The HTTP client's own timeouts count the time of sending as silence, and would cut off a long upload; this goes by the
/// last byte that moved in either direction, and by the client's clock.
pub(crate) struct Watch {
    clock: Arc<dyn Clock>,
    idle: Option<Duration>,
    bound: Option<Bound>,
    moved: Mutex<Instant>,
}

/// An end that does not move with the bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    of: &'static str,
    limit: Duration,
    due: Instant,
}

/// Why a request was given up.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expired {
    /// No byte moved for so long.
    Idle(Duration),
    /// It was not done in time.
    Bound(Bound),
}

impl Bound {
    /// The end of a call or attempt that begins now; `None` where it is further away than time can be counted.
    pub(crate) fn new(of: &'static str, limit: Duration, now: Instant) -> Option<Self> {
        let due = now.checked_add(limit)?;
        Some(Self { of, limit, due })
    }

    /// How much time there is still.
    pub(crate) fn left(self, now: Instant) -> Duration {
        self.due.saturating_duration_since(now)
    }
}

impl Watch {
    /// A watch over a request that begins now.
    pub(crate) fn new(
        clock: Arc<dyn Clock>,
        idle: Option<Duration>,
        bound: Option<Bound>,
    ) -> Arc<Self> {
        let moved = Mutex::new(clock.now());
        Arc::new(Self {
            clock,
            idle,
            bound,
            moved,
        })
    }

    /// This body, to be sent under the watch.
    pub(crate) fn sent(self: &Arc<Self>, body: reqwest::Body) -> reqwest::Body {
        reqwest::Body::wrap(Watched::new(body, Arc::clone(self)))
    }

    /// This response, whose head has just arrived, with its body under the watch for as long as it is read.
    pub(crate) fn received(self: &Arc<Self>, response: reqwest::Response) -> reqwest::Response {
        self.note_progress();
        let response = http::Response::from(response)
            .map(|body| reqwest::Body::wrap(Watched::expiring(body, Arc::clone(self))));
        response.into()
    }

    /// Notes that bytes have moved.
    pub(super) fn note_progress(&self) {
        *self.moved.lock().unwrap_or_else(PoisonError::into_inner) = self.clock.now();
    }

    /// Waits until too long nothing has moved, or a bound has come: its own, or this one.
    pub(crate) async fn expired(self: Arc<Self>, bound: Option<Bound>) -> Expired {
        let mut now = self.clock.now();
        loop {
            let Some((due, expired)) = self.next_end(bound) else {
                return std::future::pending().await;
            };
            let pause = due.saturating_duration_since(now);
            if pause.is_zero() {
                return expired;
            }
            self.clock.sleep(pause).await;
            // A clock whose pauses are shorter than its hours must not keep this awake for ever.
            now = self.clock.now().max(due);
        }
    }

    /// When the request ends if nothing moves, and why.
    fn next_end(&self, bound: Option<Bound>) -> Option<(Instant, Expired)> {
        let bounds = [self.bound, bound].into_iter().flatten();
        let bounds = bounds.map(|bound| (bound.due, Expired::Bound(bound)));
        let moved = *self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = self
            .idle
            .and_then(|idle| Some((moved.checked_add(idle)?, Expired::Idle(idle))));
        bounds.chain(idle).min_by_key(|(due, _)| *due)
    }
}

impl fmt::Display for Expired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Idle(idle) => write!(f, "no byte has moved for {idle:?}"),
            Self::Bound(Bound { of, limit, .. }) => {
                write!(f, "no complete answer within the {limit:?} of the {of}")
            }
        }
    }
}
