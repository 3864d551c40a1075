//! The transports of the client: one for the service, one for presigned URLs.

use http::{HeaderMap, HeaderName};
use retab_api::Error;
use retab_api::runtime::{BoxFuture, Executor, Request, Response};

use super::retry_loop::RetryLoop;
use super::{command_id, trace};
use crate::options::{IdempotencyKey, Observer};
use crate::response::ResponseMetadata;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The transport for the service. It follows no redirects, so requests only reach the base URL.
pub(crate) struct Transport {
    pub(crate) http: reqwest::Client,
    pub(crate) credentials: HeaderMap,
    pub(crate) retry_loop: RetryLoop,
}

/// The transport for presigned URLs. It sends no headers of the caller, because the URLs belong to other hosts.
#[derive(Clone)]
pub(crate) struct ObjectStorageTransport {
    pub(crate) http: reqwest::Client,
    pub(crate) retry_loop: RetryLoop,
}

/// A request option that marks auxiliary requests of a larger operation, such as the uploads of a run.
///
/// Auxiliary requests do not carry the caller's idempotency key, since there may be several of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subrequest;

impl Executor for Transport {
    fn execute(&self, mut request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        let span = trace::request(&request);
        let send = async move {
            self.add_headers(&mut request);
            command_id::fill(&mut request);
            let receive = |response| std::future::ready(Ok(response));
            let result = self.retry_loop.execute(&self.http, &request, receive).await;
            notify_observer(&request, &result);
            result
        };
        Box::pin(trace::within(span, send))
    }
}

impl Transport {
    /// Adds the credentials and the idempotency key, once for all attempts.
    fn add_headers(&self, request: &mut Request) {
        let key = request.options().extension::<IdempotencyKey>().cloned();
        let is_subrequest = request.options().extension::<Subrequest>().is_some();
        if let Some(IdempotencyKey(key)) = key
            && !is_subrequest
            && !request.operation().idempotent
            && !request.headers().contains_key(IDEMPOTENCY_KEY)
        {
            request.headers_mut().insert(IDEMPOTENCY_KEY, key);
        }
        request.headers_mut().extend(self.credentials.clone());
    }
}

impl ObjectStorageTransport {
    /// Sends a request. `receive` processes each response as part of its attempt, so its errors are subject to retries.
    pub(crate) async fn execute<F>(
        &self,
        request: &Request,
        receive: impl Fn(Response) -> F,
    ) -> Result<Response, Error>
    where
        F: Future<Output = Result<Response, Error>>,
    {
        let send = self.retry_loop.execute(&self.http, request, receive);
        let result = trace::within(trace::request(request), send).await;
        notify_observer(request, &result);
        result
    }
}

/// Calls the observer with the final response.
fn notify_observer(request: &Request, result: &Result<Response, Error>) {
    if let (Ok(response), Some(observer)) = (result, request.options().extension::<Observer>()) {
        observer.notify(&ResponseMetadata::new(request.operation(), response));
    }
}
