use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::FakeRetab;
use crate::clock::{Clock, Pace};
use crate::faults::Faults;
use crate::server::{Handler, Log, Server};
use crate::service::sample::Samples;
use crate::service::{Service, Undeclared};

/// What a fake is to be.
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
#[must_use = "the fake is not started"]
pub struct Builder {
    port: u16,
    service: Service,
    faults: Faults,
    latency: Duration,
    log: Option<Log>,
}

impl Builder {
    /// Listens on this port of the loopback instead of any that is free; the storage listens on another one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets what moves on that which takes time. Until then it is [`Pace::ByReads`].
    pub fn pace(mut self, pace: Pace) -> Self {
        self.service.pace = pace;
        self
    }

    /// Lets the clock go as the system's does, and what takes time move by it.
    pub fn real_time(mut self) -> Self {
        self.service.clock = Clock::real();
        self.service.pace = Pace::ByClock;
        self
    }

    /// Lets each answer wait so long.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Lets requests fail.
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// Lets only these workflows be there, beside `wf_abc123xyz` and those that are created: every other id is answered
    /// by 404.
    pub fn only_workflows<I: Into<String>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        let ids: Vec<String> = ids.into_iter().map(Into::into).collect();
        self.service.workflows.restrict_to(&ids);
        self
    }

    /// Ignores parameters of the query, and fields of a new run, that the document does not declare, as the service does
    /// for clients that are newer than the document. Until then they are answered by 422, for they are most likely
    /// misspelt.
    pub fn ignore_undeclared(mut self) -> Self {
        self.service.undeclared = Undeclared::Ignored;
        self
    }

    /// Draws other samples of the document than those of the seed 1, the same for the same seed.
    pub fn seed(mut self, seed: u64) -> Self {
        self.service.samples = Samples::new(seed);
        self
    }

    /// Keeps no more than so many requests for [`received`](FakeRetab::received).
    pub fn request_log_limit(mut self, most: usize) -> Self {
        self.service.received.set_limit(most);
        self.service.storage_received.set_limit(most);
        self
    }

    /// Gives one line for each request to `log`: method, path, the names in the query, status and duration. There are no
    /// credentials, no values of the query and no bodies in it.
    pub fn log(mut self, log: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.log = Some(Box::new(log));
        self
    }

    /// Starts the fake.
    ///
    /// # Errors
    ///
    /// The port is not free, or the system gives no thread or no socket.
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
