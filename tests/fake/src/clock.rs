//! The time of the fake.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};

/// 2026-03-09T10:30:00Z: what the clock of a fake shows that is told nothing else.
pub(crate) const START: DateTime<Utc> = DateTime::from_timestamp(1_773_052_200, 0).unwrap();

/// What moves on that which takes time: runs, and work in the background.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pace {
    /// Each read moves it by one step, so that what a test sees depends on no clock.
    #[default]
    ByReads,
    /// Each second of the fake's clock moves it by one step.
    ByClock,
}

/// The clock of a fake, which a test can turn.
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
pub struct Clock(Arc<Mutex<Reading>>);

#[derive(Clone, Copy, Debug)]
enum Reading {
    /// It stands still until it is turned.
    Still(DateTime<Utc>),
    /// It goes as the system's does, this much ahead of it.
    Ahead(TimeDelta),
}

impl Clock {
    /// A clock that stands still.
    pub(crate) fn still() -> Self {
        Self(Arc::new(Mutex::new(Reading::Still(START))))
    }

    /// A clock that goes as the system's does.
    pub(crate) fn real() -> Self {
        Self(Arc::new(Mutex::new(Reading::Ahead(TimeDelta::zero()))))
    }

    /// The time of the fake.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Reading::Still(now) => now,
            Reading::Ahead(ahead) => later(of_system(), ahead),
        }
    }

    /// Turns the clock forward.
    pub fn advance(&self, by: Duration) {
        let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
        self.set(later(self.now(), by));
    }

    /// Turns the clock to an instant; one that goes goes on from there.
    pub fn set(&self, now: DateTime<Utc>) {
        let mut reading = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *reading = match *reading {
            Reading::Still(_) => Reading::Still(now),
            Reading::Ahead(_) => Reading::Ahead(now - of_system()),
        };
    }
}

fn of_system() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// The last instant there is, where the sum is none.
fn later(instant: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    instant
        .checked_add_signed(by)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_stands_still_until_it_is_turned() {
        let clock = Clock::still();
        assert_eq!(clock.now().to_rfc3339(), "2026-03-09T10:30:00+00:00");
        clock.advance(Duration::from_secs(90));
        assert_eq!(clock.now().to_rfc3339(), "2026-03-09T10:31:30+00:00");
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), DateTime::<Utc>::MAX_UTC);
        clock.set(START);
        assert_eq!(clock.now(), START);
    }

    #[test]
    fn a_clock_that_goes_is_turned_as_well() {
        let clock = Clock::real();
        clock.set(START);
        let passed = clock.now() - START;
        assert!(passed >= TimeDelta::zero() && passed < TimeDelta::hours(1));
        clock.advance(Duration::from_secs(7200));
        assert!(clock.now() - START >= TimeDelta::hours(2));
    }
}
