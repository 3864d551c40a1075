//! Until when a request may go on: while bytes move, and within its deadlines.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::clock::Clock;
use crate::deadline::Deadline;

/// TimeoutMonitores the bytes of one request, sent and received.
///
/// The HTTP client's own timeouts count the time of sending as silence, and would cut off a long upload; this goes by the
/// last byte that moved in either direction, and by the client's clock.
pub(crate) struct TimeoutMonitor {
    clock: Arc<dyn Clock>,
    idle: Option<Duration>,
    deadline: Option<Deadline>,
    moved: Mutex<Instant>,
}

/// Why a request was given up.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expired {
    /// No byte moved for so long.
    Idle(Duration),
    /// It was not done in time.
    Deadline(Deadline),
}

impl TimeoutMonitor {
    /// A watch over a request that begins now.
    pub(crate) fn new(
        clock: Arc<dyn Clock>,
        idle: Option<Duration>,
        deadline: Option<Deadline>,
    ) -> Arc<Self> {
        let moved = Mutex::new(clock.now());
        Arc::new(Self {
            clock,
            idle,
            deadline,
            moved,
        })
    }

    /// Notes that bytes have moved.
    pub(super) fn note_progress(&self) {
        *self.moved.lock().unwrap_or_else(PoisonError::into_inner) = self.clock.now();
    }

    /// Waits until too long nothing has moved, or a deadline has come: its own, or this one.
    pub(crate) async fn expired(self: Arc<Self>, deadline: Option<Deadline>) -> Expired {
        let mut now = self.clock.now();
        loop {
            let Some((due, expired)) = self.next_end(deadline) else {
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
    fn next_end(&self, deadline: Option<Deadline>) -> Option<(Instant, Expired)> {
        let deadlines = [self.deadline, deadline].into_iter().flatten();
        let deadlines = deadlines.map(|deadline| (deadline.due, Expired::Deadline(deadline)));
        let moved = *self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = self
            .idle
            .and_then(|idle| Some((moved.checked_add(idle)?, Expired::Idle(idle))));
        deadlines.chain(idle).min_by_key(|(due, _)| *due)
    }
}

impl fmt::Display for Expired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Idle(idle) => write!(f, "no byte has moved for {idle:?}"),
            Self::Deadline(Deadline { of, limit, .. }) => {
                write!(f, "no complete answer within the {limit:?} of the {of}")
            }
        }
    }
}
