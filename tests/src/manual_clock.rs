//! A clock that tests advance manually.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use retab_ext::Clock;
use tokio::sync::{Notify, oneshot};

/// The real time after which a test fails if the code under test does not sleep.
const REAL_TIMEOUT: Duration = Duration::from_secs(30);

/// The initial wall time of a clock: 06 Nov 1994 08:49:37 GMT.
pub const START: Duration = Duration::from_secs(784_111_777);

/// A clock that stops until [`pass`](Self::pass) or [`advance`](Self::advance) is called.
#[derive(Clone)]
pub struct ManualClock {
    start: Instant,
    state: Arc<Mutex<State>>,
    slept: Arc<Notify>,
}

#[derive(Default)]
struct State {
    elapsed: Duration,
    sleepers: Vec<Sleeper>,
}

struct Sleeper {
    due: Duration,
    wake: oneshot::Sender<()>,
}

impl ManualClock {
    /// Returns a clock at [`START`].
    #[must_use]
    #[allow(clippy::new_without_default, reason = "`new` states the initial time")]
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
            state: Arc::default(),
            slept: Arc::default(),
        }
    }

    /// Waits for a sleep that ends within `limit`, advances the clock to its end and returns the elapsed time.
    ///
    /// # Panics
    /// Panics if no such sleep starts within 30 s of real time.
    pub async fn pass(&self, limit: Duration) -> Duration {
        let wake = async {
            loop {
                let slept = self.slept.notified();
                if let Some(passed) = self.wake_first(limit) {
                    return passed;
                }
                slept.await;
            }
        };
        let passed = tokio::time::timeout(REAL_TIMEOUT, wake).await;
        passed.unwrap_or_else(|_| panic!("no sleep ends within {limit:?}"))
    }

    /// Waits until at least this many sleeps are pending.
    ///
    /// # Panics
    /// Panics if that takes more than 30 s of real time.
    pub async fn wait_for_sleepers(&self, sleepers: usize) {
        let asleep = async {
            loop {
                let slept = self.slept.notified();
                if self.sleepers() >= sleepers {
                    return;
                }
                slept.await;
            }
        };
        let asleep = tokio::time::timeout(REAL_TIMEOUT, asleep).await;
        asleep.unwrap_or_else(|_| panic!("fewer than {sleepers} sleeps are pending"));
    }

    fn sleepers(&self) -> usize {
        let mut state = self.state.lock().unwrap();
        state.sleepers.retain(|sleeper| !sleeper.wake.is_closed());
        state.sleepers.len()
    }

    /// Advances the clock by `duration` and wakes the sleeps that end.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.state.lock().unwrap();
        state.elapsed += duration;
        let now = state.elapsed;
        wake_due(&mut state, now);
    }

    /// Returns the time elapsed on this clock.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.state.lock().unwrap().elapsed
    }

    fn wake_first(&self, limit: Duration) -> Option<Duration> {
        let mut state = self.state.lock().unwrap();
        state.sleepers.retain(|sleeper| !sleeper.wake.is_closed());
        let due = state.sleepers.iter().map(|sleeper| sleeper.due).min()?;
        let passed = due.saturating_sub(state.elapsed);
        if passed > limit {
            return None;
        }
        state.elapsed = due;
        wake_due(&mut state, due);
        Some(passed)
    }
}

fn wake_due(state: &mut State, now: Duration) {
    for sleeper in state.sleepers.extract_if(.., |sleeper| sleeper.due <= now) {
        // Fails if the sleep was dropped.
        let _ = sleeper.wake.send(());
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        self.start + self.state.lock().unwrap().elapsed
    }

    fn wall_time(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + START + self.elapsed()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        if duration.is_zero() {
            return Box::pin(std::future::ready(()));
        }
        let (wake, woken) = oneshot::channel();
        let mut state = self.state.lock().unwrap();
        let due = state.elapsed + duration;
        state.sleepers.push(Sleeper { due, wake });
        self.slept.notify_one();
        Box::pin(async move {
            // Fails if the clock was dropped.
            let _ = woken.await;
        })
    }
}
