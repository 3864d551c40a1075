//! The time by which the client waits.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

/// What the client reads the time from, and waits by.
///
/// Every pause and every deadline of this crate goes through the clock that the client was built with, so that a test
/// can decide how fast time passes. [`SystemClock`] is the one that a client has unless told otherwise.
///
/// ```
/// use std::future::Future;
/// use std::pin::Pin;
/// use std::time::{Duration, Instant};
/// use retab_ext::{Client, Clock};
///
/// /// A clock by which every second lasts a minute of the system's.
/// struct Slow(Instant);
///
/// impl Clock for Slow {
///     fn now(&self) -> Instant {
///         self.0 + self.0.elapsed() / 60
///     }
///     fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
///         Box::pin(tokio::time::sleep(duration * 60))
///     }
/// }
///
/// let client = Client::builder()
///     .api_key("rt_test_example")
///     .base_url("http://127.0.0.1:8080")
///     .clock(Slow(Instant::now()))
///     .build()?;
/// # let _ = client;
/// # Ok::<(), retab_ext::Error>(())
/// ```
pub trait Clock: Send + Sync + 'static {
    /// The time at present.
    fn now(&self) -> Instant;

    /// A future that ends once `duration` has passed.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;

    /// The time of day, by which a date in `Retry-After` is read; the system's by default.
    fn wall_time(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// The clock of the system, by tokio's timer.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use std::time::Duration;
/// use retab_ext::{Clock, SystemClock};
///
/// let before = SystemClock.now();
/// SystemClock.sleep(Duration::from_millis(1)).await;
/// assert!(SystemClock.now() > before);
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration))
    }
}
