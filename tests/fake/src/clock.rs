//! The clock of the fake.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};

/// 2026-03-09T10:30:00Z, the initial time of a stopped clock.
pub(crate) const START: DateTime<Utc> = DateTime::from_timestamp(1_773_052_200, 0).unwrap();

/// What makes runs and background work progress.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pace {
    /// Each read advances the work by one step, so that tests depend on no clock.
    #[default]
    ByReads,
    /// Each second of the fake's clock advances the work by one step.
    ByClock,
}

/// The clock of a fake, which a test can advance.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use std::time::Duration;
/// use retab_fake::FakeRetab;
///
/// let fake = FakeRetab::start().await;
/// let before = fake.clock().now();
/// fake.clock().advance(Duration::from_secs(3600));
/// assert_eq!((fake.clock().now() - before).num_minutes(), 60);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Clock(Arc<Mutex<State>>);

#[derive(Clone, Copy, Debug)]
enum State {
    /// Stopped at this instant.
    Stopped(DateTime<Utc>),
    /// Running, with this offset to the system clock.
    Running(TimeDelta),
}

impl Clock {
    /// Returns a clock that is stopped at [`START`].
    pub(crate) fn stopped() -> Self {
        Self(Arc::new(Mutex::new(State::Stopped(START))))
    }

    /// Returns a clock that follows the system clock.
    pub(crate) fn system() -> Self {
        Self(Arc::new(Mutex::new(State::Running(TimeDelta::zero()))))
    }

    /// Returns the current time of the fake.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            State::Stopped(now) => now,
            State::Running(offset) => saturating_add(system_now(), offset),
        }
    }

    /// Advances the clock.
    pub fn advance(&self, by: Duration) {
        let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
        self.set(saturating_add(self.now(), by));
    }

    /// Sets the clock to an instant. A running clock continues from there.
    pub fn set(&self, now: DateTime<Utc>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = match *state {
            State::Stopped(_) => State::Stopped(now),
            State::Running(_) => State::Running(now - system_now()),
        };
    }
}

fn system_now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// Saturates at the latest representable instant.
fn saturating_add(instant: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    instant
        .checked_add_signed(by)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stopped_clock_changes_only_by_advance_and_set() {
        let clock = Clock::stopped();
        assert_eq!(clock.now().to_rfc3339(), "2026-03-09T10:30:00+00:00");
        clock.advance(Duration::from_secs(90));
        assert_eq!(clock.now().to_rfc3339(), "2026-03-09T10:31:30+00:00");
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), DateTime::<Utc>::MAX_UTC);
        clock.set(START);
        assert_eq!(clock.now(), START);
    }

    #[test]
    fn running_clock_can_be_set_and_advanced() {
        let clock = Clock::system();
        clock.set(START);
        let elapsed = clock.now() - START;
        assert!(elapsed >= TimeDelta::zero() && elapsed < TimeDelta::hours(1));
        clock.advance(Duration::from_secs(7200));
        assert!(clock.now() - START >= TimeDelta::hours(2));
    }
}
