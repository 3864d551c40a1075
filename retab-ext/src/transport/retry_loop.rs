//! The retry loop shared by both transports.

use std::sync::Arc;
use std::time::Duration;

use retab_api::Error;
use retab_api::runtime::{Request, Response};
use tracing::Instrument as _;

use super::http_client::HttpClient;
use super::timeout_monitor::TimeoutMonitor;
use super::{attempt, trace};
use crate::clock::Clock;
use crate::deadline::Deadline;
use crate::retry::{Budget, Jitter, Next, Retries};

/// The default idle timeout. A synchronous extraction can take minutes to respond.
const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(300);

/// Sends requests, retries them and enforces their timeouts.
#[derive(Clone)]
pub(crate) struct RetryLoop {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) jitter: Arc<Jitter>,
    pub(crate) budget: Arc<Budget>,
}

impl RetryLoop {
    /// Sends a request and retries it according to its policy.
    ///
    /// `receive` processes each response as part of its attempt, so its errors are subject to retries. The attempt timeout
    /// does not cover `receive`: it ends with the response, or with its head if the body is streamed.
    pub(super) async fn execute<F>(
        &self,
        http: &HttpClient,
        request: &Request,
        receive: impl Fn(Response) -> F,
    ) -> Result<Response, Error>
    where
        F: Future<Output = Result<Response, Error>>,
    {
        let options = request.options();
        let limit = options.get_timeout();
        let deadline = limit.and_then(|limit| Deadline::new("overall", limit, self.clock.now()));
        let mut retries = Retries::new(
            options.get_retry().unwrap_or_default(),
            &self.budget,
            &*self.clock,
            &*self.jitter,
            deadline,
        );
        loop {
            let span = trace::attempt(request, retries.attempts());
            let attempt = async {
                let response = self.attempt(http, request, deadline).await?;
                receive(response).await
            };
            let result = attempt.instrument(span.clone()).await;
            trace::record_attempt(&span, &result);
            match retries.after(request, result) {
                Next::Finish(result) => return result,
                Next::Retry(delay) => {
                    trace::retry_scheduled(retries.attempts(), delay);
                    self.clock.sleep(delay).await;
                }
            }
        }
    }

    async fn attempt(
        &self,
        http: &HttpClient,
        request: &Request,
        overall: Option<Deadline>,
    ) -> Result<Response, Error> {
        let options = request.options();
        let idle = options.get_idle_timeout();
        let idle = idle.unwrap_or(Some(DEFAULT_IDLE_TIMEOUT));
        let limit = options.get_attempt_timeout();
        let deadline = limit.and_then(|limit| Deadline::new("attempt", limit, self.clock.now()));
        let monitor = TimeoutMonitor::new(Arc::clone(&self.clock), idle, overall);
        attempt::attempt(http, request, &monitor, deadline).await
    }
}
