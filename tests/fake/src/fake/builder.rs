//! Configuration and startup of the fake.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::FakeRetab;
use crate::clock::{Clock, Pace};
use crate::faults::Faults;
use crate::server::{Handler, Log, Server};
use crate::service::sample::Samples;
use crate::service::{Service, Undeclared};

/// Configures and starts a [`FakeRetab`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
/// use retab_fake::{FakeRetab, Pace};
///
/// let fake = FakeRetab::builder()
///     .pace(Pace::ByClock)
///     .faults("create_workflow_run:503x2".parse()?)
///     .start()
///     .await?;
/// fake.clock().advance(Duration::from_secs(2));
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
#[must_use = "call `start` to start the fake"]
pub struct FakeRetabBuilder {
    port: u16,
    service: Service,
    faults: Faults,
    latency: Duration,
    log: Option<Log>,
}

impl FakeRetab {
    /// Starts a fake with the default configuration: any free port, no runs, and [`Pace::ByReads`].
    ///
    /// # Panics
    ///
    /// Panics if the fake cannot listen on a loopback port. [`builder`](Self::builder) reports this as an error instead.
    #[allow(clippy::expect_used, reason = "a test fails by this panic")]
    pub async fn start() -> Self {
        let started = Self::builder().start().await;
        started.expect("a loopback port is free")
    }

    /// Returns a builder that configures the port, clock, faults and more before the fake starts.
    pub fn builder() -> FakeRetabBuilder {
        FakeRetabBuilder::default()
    }
}

impl FakeRetabBuilder {
    /// Sets the loopback port of the API. Defaults to 0, which selects a free port. Object storage always listens on a
    /// separate free port.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets when runs and background work make progress. Defaults to [`Pace::ByReads`].
    pub fn pace(mut self, pace: Pace) -> Self {
        self.service.pace = pace;
        self
    }

    /// Uses the system clock instead of a stopped one, and sets [`Pace::ByClock`].
    pub fn real_time(mut self) -> Self {
        self.service.clock = Clock::system();
        self.service.pace = Pace::ByClock;
        self
    }

    /// Delays every response. Defaults to zero.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Makes requests fail according to these rules.
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// Limits the existing workflows to these, `wf_abc123xyz`, and those created through the API. Requests for any other
    /// ID return 404. By default, every ID that starts with `wf_` exists.
    pub fn only_workflows<I: Into<String>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        let ids: Vec<String> = ids.into_iter().map(Into::into).collect();
        self.service.workflows.restrict_to(&ids);
        self
    }

    /// Ignores query parameters, and fields of a new run, that the spec does not declare.
    ///
    /// The service ignores them too, because a client can be newer than the spec. By default, the fake responds 422, because
    /// in a test they are most likely misspelled.
    pub fn ignore_undeclared(mut self) -> Self {
        self.service.undeclared = Undeclared::Ignored;
        self
    }

    /// Sets the seed for sampled responses. The same seed produces the same samples. Defaults to 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.service.samples = Samples::new(seed);
        self
    }

    /// Sets how many requests are recorded for [`requests`](FakeRetab::requests), and how many for
    /// [`storage_requests`](FakeRetab::storage_requests). Defaults to 100,000 each.
    pub fn request_log_limit(mut self, limit: usize) -> Self {
        self.service.received.set_limit(limit);
        self.service.storage_received.set_limit(limit);
        self
    }

    /// Sets a callback that receives one log line per request: method, path, query parameter names, status and duration.
    ///
    /// Log lines never contain credentials, query values or bodies.
    pub fn log(mut self, log: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.log = Some(Box::new(log));
        self
    }

    /// Starts the fake.
    ///
    /// # Errors
    ///
    /// Returns an error if the port is in use, or if the system cannot create a socket or a thread.
    pub async fn start(self) -> io::Result<FakeRetab> {
        let handler = Arc::new(Handler {
            service: Mutex::new(self.service),
            faults: Mutex::new(self.faults),
            latency: self.latency,
            log: self.log,
        });
        let server = Server::start(self.port, Arc::clone(&handler)).await?;
        handler.service().files.storage = format!("http://{}", server.storage);
        Ok(FakeRetab { server, handler })
    }
}
