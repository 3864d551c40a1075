//! Polling intervals and deadline.

use std::time::Duration;

/// The minimum polling interval, so that no setting floods the service with requests.
const MIN_INTERVAL: Duration = Duration::from_millis(100);

/// The polling intervals and the deadline for waiting on a run.
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
#[must_use = "polling options do nothing until they are passed to `wait_with` or `watch_with`"]
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
    /// Sets the initial polling interval. Defaults to 2 s.
    ///
    /// Each interval is 1.5 times the previous one, up to [`max_interval`](Self::max_interval). The minimum is 100 ms.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Sets the maximum polling interval. Defaults to 10 s.
    pub fn max_interval(mut self, max_interval: Duration) -> Self {
        self.max_interval = max_interval;
        self
    }

    /// Sets the maximum total time to wait. Defaults to 600 s.
    ///
    /// A read that is in flight at the deadline is cancelled.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Returns the interval before the first read.
    pub(super) fn initial_interval(self) -> Duration {
        self.interval.min(self.max_interval).max(MIN_INTERVAL)
    }

    /// Returns the interval that follows `interval`.
    pub(super) fn next_interval(self, interval: Duration) -> Duration {
        (interval.saturating_mul(3) / 2)
            .min(self.max_interval)
            .max(MIN_INTERVAL)
    }
}
