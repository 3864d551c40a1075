//! A clock that stands still until the test lets time pass.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use retab_ext::Clock;
use tokio::sync::{Notify, oneshot};

/// How long the code under test may take to come to its next pause, in real time, before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// The time of day when a clock starts: 06 Nov 1994 08:49:37 GMT.
pub const START: Duration = Duration::from_secs(784_111_777);

/// A clock that stands still until [`pass`](Self::pass) is called.
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
    #[allow(
        clippy::new_without_default,
        reason = "a test names what it starts with"
    )]
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
            state: Arc::default(),
            slept: Arc::default(),
        }
    }

    /// Waits until something sleeps that is due within `limit`, lets the time pass until then, and tells how long that was.
    pub async fn pass(&self, limit: Duration) -> Duration {
        let passed = async {
            loop {
                let slept = self.slept.notified();
                if let Some(passed) = self.wake_first(limit) {
                    return passed;
                }
                slept.await;
            }
        };
        let passed = tokio::time::timeout(PATIENCE, passed).await;
        passed.unwrap_or_else(|_| panic!("nothing has slept that is due within {limit:?}"))
    }

    /// Waits until so many sleep at the same time.
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
        let asleep = tokio::time::timeout(PATIENCE, asleep).await;
        asleep.unwrap_or_else(|_| panic!("there are no {sleepers} sleepers"));
    }

    fn sleepers(&self) -> usize {
        let mut state = self.state.lock().unwrap();
        state.sleepers.retain(|sleeper| !sleeper.wake.is_closed());
        state.sleepers.len()
    }

    /// Lets this time pass at once, whatever sleeps.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.state.lock().unwrap();
        state.elapsed += duration;
        let now = state.elapsed;
        wake_due(&mut state, now);
    }

    /// The time that has passed.
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
        // A sleeper that was dropped in the meantime needs no waking.
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
            // The clock was dropped: nobody is left to wait.
            let _ = woken.await;
        })
    }
}
