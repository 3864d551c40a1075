//! The clock for timeouts and delays.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

/// A source of time for timeouts, backoff and polling.
///
/// ```
/// use std::future::Future;
/// use std::pin::Pin;
/// use std::time::{Duration, Instant};
/// use retab_ext::{Client, Clock};
///
/// /// A clock for tests that runs 100 times faster than the system's.
/// struct Fast(Instant);
///
/// impl Clock for Fast {
///     fn now(&self) -> Instant {
///         self.0 + self.0.elapsed() * 100
///     }
///     fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
///         Box::pin(tokio::time::sleep(duration / 100))
///     }
/// }
///
/// let client = Client::builder()
///     .api_key("rt_test_example")
///     .base_url("http://127.0.0.1:8080")
///     .clock(Fast(Instant::now()))
///     .build()?;
/// # let _ = client;
/// # Ok::<(), retab_ext::Error>(())
/// ```
///
/// The client uses one clock for all delays and deadlines except the connect timeout, so tests can control time.
/// [`SystemClock`] is the default. Set another one with [`ClientBuilder::clock`](crate::ClientBuilder::clock).
pub trait Clock: Send + Sync + 'static {
    /// Returns the current time.
    fn now(&self) -> Instant;

    /// Returns a future that completes after `duration`.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;

    /// Returns the wall-clock time used to resolve dates in `Retry-After`. Defaults to the system time.
    fn wall_time(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// The system clock and tokio's timer.
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
