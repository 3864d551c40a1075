//! What all requests of a client are sent by, wherever they go.

use std::sync::Arc;
use std::time::Duration;

use retab_api::Error;
use retab_api::runtime::{Request, Response};
use tracing::Instrument as _;

use super::timeout_monitor::TimeoutMonitor;
use super::{attempt, trace};
use crate::clock::Clock;
use crate::deadline::Deadline;
use crate::options::{AttemptTimeout, IdleTimeout};
use crate::retry::{Budget, Jitter, Next, Retries, RetryPolicy};

/// The default idle timeout. A synchronous extraction can take minutes to respond.
const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(300);

/// Sends requests as often as their retries allow, and watches each attempt.
#[derive(Clone)]
pub(crate) struct RetryLoop {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) jitter: Arc<Jitter>,
    pub(crate) budget: Arc<Budget>,
}

impl RetryLoop {
    /// Sends a request as often as its policy allows.
    ///
    /// `receive` takes in each answer as the end of its attempt, so that what fails there can be tried again. The bound of
    /// the attempt does not hold for it: it ends with the answer, or with the start of one that is handed on.
    pub(super) async fn carry_out<F>(
        &self,
        http: &reqwest::Client,
        request: &Request,
        receive: impl Fn(Response) -> F,
    ) -> Result<Response, Error>
    where
        F: Future<Output = Result<Response, Error>>,
    {
        let options = request.options();
        let policy = options.extension::<RetryPolicy>().copied();
        let limit = options.timeout();
        let deadline = limit.and_then(|limit| Deadline::new("call", limit, self.clock.now()));
        let mut retries = Retries::new(
            policy.unwrap_or_default(),
            &self.budget,
            &*self.clock,
            &*self.jitter,
            deadline,
        );
        loop {
            let span = trace::attempt(request, retries.attempts());
            let attempt = async {
                let answer = self.attempt(http, request, deadline).await?;
                receive(answer).await
            };
            let end = attempt.instrument(span.clone()).await;
            trace::end_of_attempt(&span, &end);
            match retries.after(request, end) {
                Next::End(end) => return end,
                Next::Attempt(pause) => {
                    trace::pause(retries.attempts(), pause);
                    self.clock.sleep(pause).await;
                }
            }
        }
    }

    async fn attempt(
        &self,
        http: &reqwest::Client,
        request: &Request,
        call: Option<Deadline>,
    ) -> Result<Response, Error> {
        let options = request.options();
        let idle = match options.extension::<IdleTimeout>() {
            Some(IdleTimeout(idle)) => *idle,
            None => Some(DEFAULT_IDLE_TIMEOUT),
        };
        let deadline = options
            .extension::<AttemptTimeout>()
            .and_then(|AttemptTimeout(limit)| Deadline::new("attempt", *limit, self.clock.now()));
        let monitor = TimeoutMonitor::new(Arc::clone(&self.clock), idle, call);
        attempt::attempt(http, request, &monitor, deadline).await
    }
}
