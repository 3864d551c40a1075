//! The executors of the client: one for the service, one for presigned URLs.

use http::{HeaderMap, HeaderName};
use retab_api::Error;
use retab_api::runtime::{BoxFuture, Executor, Request, Response};

use super::retry_loop::RetryLoop;
use super::{command_id, trace};
use crate::embedded;
use crate::options::{IdempotencyKey, Observer};
use crate::response::ResponseMetadata;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The executor of the client. Its requests go to the base URL only, since it follows no redirects.
pub(crate) struct Transport {
    pub(crate) http: reqwest::Client,
    pub(crate) credentials: HeaderMap,
    pub(crate) retry_loop: RetryLoop,
}

/// The way to the URLs that the service gives out, which are those of other hosts: without anything of the caller's.
#[derive(Clone)]
pub(crate) struct ObjectStorageTransport {
    pub(crate) http: reqwest::Client,
    pub(crate) retry_loop: RetryLoop,
}

/// Marks a call that another one needs: it is not the one that the caller's idempotency key is for, and there may be
/// several of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subrequest;

impl Executor for Transport {
    fn execute(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        let span = trace::call(&request);
        let call = async move {
            let mut request = embedded::fill(request)?;
            self.complete(&mut request);
            let read = |answer| std::future::ready(Ok(answer));
            let end = self.retry_loop.carry_out(&self.http, &request, read).await;
            notify_observer(&request, &end);
            end
        };
        Box::pin(trace::within(span, call))
    }
}

impl Transport {
    /// Adds what the caller has not set, once for all attempts.
    fn complete(&self, request: &mut Request) {
        let key = request.options().extension::<IdempotencyKey>().cloned();
        // A key that was meant for a change must not go with the reads around it.
        let is_part = request.options().extension::<Subrequest>().is_some();
        if let Some(IdempotencyKey(key)) = key
            && !is_part
            && !request.operation().idempotent
            && !request.headers().contains_key(IDEMPOTENCY_KEY)
        {
            request.headers_mut().insert(IDEMPOTENCY_KEY, key);
        }
        request.headers_mut().extend(self.credentials.clone());
        command_id::fill(request);
    }
}

impl ObjectStorageTransport {
    /// Sends a request; `receive` takes in each answer within its attempt, and what fails there may be tried again.
    pub(crate) async fn carry_out<F>(
        &self,
        request: &Request,
        receive: impl Fn(Response) -> F,
    ) -> Result<Response, Error>
    where
        F: Future<Output = Result<Response, Error>>,
    {
        let call = self.retry_loop.carry_out(&self.http, request, receive);
        let end = trace::within(trace::call(request), call).await;
        notify_observer(request, &end);
        end
    }
}

/// Tells who wants to know of the answer that ended a call.
fn notify_observer(request: &Request, end: &Result<Response, Error>) {
    if let (Ok(answer), Some(observer)) = (end, request.options().extension::<Observer>()) {
        observer.notify(&ResponseMetadata::new(request.operation(), answer));
    }
}
