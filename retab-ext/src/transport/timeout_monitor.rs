//! Enforcement of the idle timeout and of deadlines.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::clock::Clock;
use crate::deadline::Deadline;

/// Monitors the progress of one attempt in both directions.
///
/// reqwest's timeouts count time spent sending as idle, which cuts off long uploads. This monitor measures the time since data
/// was last sent or received, by the client's clock.
pub(crate) struct TimeoutMonitor {
    clock: Arc<dyn Clock>,
    idle: Option<Duration>,
    deadline: Option<Deadline>,
    last_progress: Mutex<Instant>,
}

/// The reason for a timeout.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expired {
    /// The idle timeout expired.
    Idle(Duration),
    /// The attempt timeout or the overall timeout expired.
    Deadline(Deadline),
}

impl TimeoutMonitor {
    /// Creates a monitor for an attempt that starts now.
    pub(crate) fn new(
        clock: Arc<dyn Clock>,
        idle: Option<Duration>,
        deadline: Option<Deadline>,
    ) -> Arc<Self> {
        let last_progress = Mutex::new(clock.now());
        Arc::new(Self {
            clock,
            idle,
            deadline,
            last_progress,
        })
    }

    /// Records that data was sent or received.
    pub(super) fn note_progress(&self) {
        let now = self.clock.now();
        *self
            .last_progress
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Waits until the idle timeout, the monitor's deadline or the given deadline expires.
    pub(crate) async fn expired(self: Arc<Self>, deadline: Option<Deadline>) -> Expired {
        let mut now = self.clock.now();
        loop {
            let Some((due, expired)) = self.next_expiration(deadline) else {
                return std::future::pending().await;
            };
            let remaining = due.saturating_duration_since(now);
            if remaining.is_zero() {
                return expired;
            }
            self.clock.sleep(remaining).await;
            // A clock that wakes up early must not cause a busy loop.
            now = self.clock.now().max(due);
        }
    }

    /// Returns the time and the reason of the next timeout if there is no further progress.
    fn next_expiration(&self, deadline: Option<Deadline>) -> Option<(Instant, Expired)> {
        let deadlines = [self.deadline, deadline].into_iter().flatten();
        let deadlines = deadlines.map(|deadline| (deadline.due, Expired::Deadline(deadline)));
        let last_progress = *self
            .last_progress
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let idle = self
            .idle
            .and_then(|idle| Some((last_progress.checked_add(idle)?, Expired::Idle(idle))));
        deadlines.chain(idle).min_by_key(|(due, _)| *due)
    }
}

impl fmt::Display for Expired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Idle(idle) => {
                write!(f, "idle timeout: no data sent or received for {idle:?}")
            }
            Self::Deadline(Deadline { scope, limit, .. }) => {
                write!(f, "{scope} timeout: no complete response within {limit:?}")
            }
        }
    }
}
