//! The latest time at which something may end.

use std::time::{Duration, Instant};

/// An end that does not move with the bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    pub(crate) of: &'static str,
    pub(crate) limit: Duration,
    pub(crate) due: Instant,
}

impl Deadline {
    /// The end of a call or attempt that begins now; `None` where it is further away than time can be counted.
    pub(crate) fn new(of: &'static str, limit: Duration, now: Instant) -> Option<Self> {
        let due = now.checked_add(limit)?;
        Some(Self { of, limit, due })
    }

    /// How much time there is still.
    pub(crate) fn remaining(self, now: Instant) -> Duration {
        self.due.saturating_duration_since(now)
    }
}
