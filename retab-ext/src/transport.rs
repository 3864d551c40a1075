//! The way of every call: completed, then sent as often as its retries allow, each attempt watched.

mod attempt;
mod body;
mod command_id;
mod trace;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName};
use retab_api::Error;
use retab_api::runtime::{Answer, BoxFuture, Executor, Request};
use tracing::Instrument as _;

use crate::clock::Clock;
use crate::document::embedded;
use crate::options::{AttemptTimeout, IdempotencyKey, IdleTimeout, Observer};
use crate::response::ResponseMetadata;
use crate::retry::{Budget, Jitter, Next, Retries, RetryPolicy};
pub(crate) use watch::{Bound, Watch};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// How long nothing may move where no other time is set. A synchronous extraction answers after minutes of silence.
pub(crate) const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(300);

/// The executor of the client. Its requests go to the base URL only, since it follows no redirects.
pub(crate) struct Transport {
    pub(crate) http: reqwest::Client,
    pub(crate) credentials: HeaderMap,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) jitter: Arc<Jitter>,
    pub(crate) budget: Budget,
}

impl Executor for Transport {
    fn execute(&self, request: Request) -> BoxFuture<'_, Result<Answer, Error>> {
        let span = trace::call(&request);
        let told = span.clone();
        let call = async move {
            let mut request = embedded::fill(request)?;
            self.complete(&mut request);
            let end = self.carry_out(&request).await;
            trace::end_of_call(&told, &end);
            if let (Ok(answer), Some(observer)) = (&end, request.options().extension::<Observer>())
            {
                observer.tell(&ResponseMetadata::new(request.operation(), answer));
            }
            end
        };
        Box::pin(call.instrument(span))
    }
}

impl Transport {
    /// Adds what the caller has not set, once for all attempts.
    fn complete(&self, request: &mut Request) {
        let key = request.options().extension::<IdempotencyKey>().cloned();
        // A key that was meant for a change must not go with the reads around it.
        if let Some(IdempotencyKey(key)) = key
            && !request.operation().idempotent
            && !request.headers().contains_key(IDEMPOTENCY_KEY)
        {
            request.headers_mut().insert(IDEMPOTENCY_KEY, key);
        }
        request.headers_mut().extend(self.credentials.clone());
        command_id::fill(request);
    }

    async fn carry_out(&self, request: &Request) -> Result<Answer, Error> {
        let options = request.options();
        let policy = options.extension::<RetryPolicy>().copied();
        let limit = options.timeout();
        let bound = limit.and_then(|limit| Bound::new("call", limit, self.clock.now()));
        let mut retries = Retries::new(
            policy.unwrap_or_default(),
            &self.budget,
            &*self.clock,
            &*self.jitter,
            bound,
        );
        loop {
            let span = trace::attempt(request, retries.attempts());
            let attempt = self.attempt(request, bound);
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

    async fn attempt(&self, request: &Request, call: Option<Bound>) -> Result<Answer, Error> {
        let options = request.options();
        let idle = match options.extension::<IdleTimeout>() {
            Some(IdleTimeout(idle)) => *idle,
            None => Some(DEFAULT_IDLE_TIMEOUT),
        };
        let attempt = options
            .extension::<AttemptTimeout>()
            .and_then(|AttemptTimeout(limit)| Bound::new("attempt", *limit, self.clock.now()));
        let watch = Watch::new(Arc::clone(&self.clock), idle, call);
        attempt::attempt(&self.http, request, &watch, attempt).await
    }
}
