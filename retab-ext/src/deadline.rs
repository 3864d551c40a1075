//! Fixed deadlines of requests and attempts.

use std::time::{Duration, Instant};

/// A fixed point in time at which a request or an attempt times out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    /// The kind of timeout, as error messages name it.
    pub(crate) scope: &'static str,
    pub(crate) limit: Duration,
    pub(crate) due: Instant,
}

impl Deadline {
    /// Creates a deadline `limit` from now. Returns `None` if it exceeds the range of [`Instant`].
    pub(crate) fn new(scope: &'static str, limit: Duration, now: Instant) -> Option<Self> {
        let due = now.checked_add(limit)?;
        Some(Self { scope, limit, due })
    }

    /// Returns the remaining time.
    pub(crate) fn remaining(self, now: Instant) -> Duration {
        self.due.saturating_duration_since(now)
    }
}
