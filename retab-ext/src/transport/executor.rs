//! The transports of the client: one for the service, one for presigned URLs.

use http::HeaderMap;
use retab_api::runtime::{BoxFuture, Executor, Request, Response};
use retab_api::{Error, ResponseMetadata};

use super::http_client::HttpClient;
use super::retry_loop::RetryLoop;
use super::{command_id, trace};

/// The transport for the service. It follows no redirects, so requests only reach the base URL.
pub(crate) struct Transport {
    pub(crate) http: HttpClient,
    pub(crate) credentials: HeaderMap,
    pub(crate) retry_loop: RetryLoop,
}

/// The transport for presigned URLs. It sends no headers of the caller, because the URLs belong to other hosts.
#[derive(Clone)]
pub(crate) struct ObjectStorageTransport {
    pub(crate) http: HttpClient,
    pub(crate) retry_loop: RetryLoop,
}

impl Executor for Transport {
    fn execute(&self, mut request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        let span = trace::request(&request);
        let send = async move {
            request.headers_mut().extend(self.credentials.clone());
            command_id::fill(&mut request);
            let receive = |response| std::future::ready(Ok(response));
            self.retry_loop.execute(&self.http, &request, receive).await
        };
        Box::pin(trace::within(span, send))
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
        if let Ok(response) = &result {
            let headers = response.headers.clone();
            request.options().notify(&ResponseMetadata::new(
                request.operation(),
                response.status,
                headers,
                response.attempts,
            ));
        }
        result
    }
}
