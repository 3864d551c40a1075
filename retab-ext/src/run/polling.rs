//! How often a run is read, and for how long.

use std::time::Duration;

/// The shortest pause between two reads, so that no setting turns waiting into a flood of requests.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

/// How often a run is read while it is waited for, and for how long.
///
/// ```
/// use std::time::Duration;
/// use retab_ext::Polling;
///
/// let patient = Polling::default()
///     .interval(Duration::from_secs(10))
///     .max_interval(Duration::from_secs(60))
///     .deadline(Duration::from_secs(3600));
/// # let _ = patient;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "it does nothing until it is given to `wait_with` or `watch_with`"]
pub struct Polling {
    pub(super) interval: Duration,
    pub(super) max_interval: Duration,
    pub(super) deadline: Duration,
}

impl Default for Polling {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(2),
            max_interval: Duration::from_secs(10),
            deadline: Duration::from_secs(600),
        }
    }
}

impl Polling {
    /// Sets the pause before the first read, 2 s by default; each later one is half as long again. No pause is shorter
    /// than 100 ms.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Sets the longest pause between two reads, 10 s by default.
    pub fn max_interval(mut self, max_interval: Duration) -> Self {
        self.max_interval = max_interval;
        self
    }

    /// Sets the longest time to wait in all, 600 s by default. A read that is under way then is given up.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The pause before the first read.
    pub(super) fn first_pause(self) -> Duration {
        self.interval.min(self.max_interval).max(SHORTEST_PAUSE)
    }

    /// The pause that follows one of this length.
    pub(super) fn pause_after(self, pause: Duration) -> Duration {
        (pause.saturating_mul(3) / 2)
            .min(self.max_interval)
            .max(SHORTEST_PAUSE)
    }
}
