//! Executors: how requests are sent.

use std::sync::Arc;
use std::time::Duration;

pub use futures_core::future::BoxFuture;

use super::error::Error;
use super::request::Request;
use super::response::Response;

/// Sends requests to the service. Every request of every operation passes through it.
///
/// [`reqwest::Client`] implements this trait and sends each request once. Executors that wrap it add credentials, retries
/// or tracing: they modify the [`Request`] and call [`attempt`] for each attempt.
///
/// ```
/// use retab_api::Error;
/// use retab_api::runtime::{Response, BoxFuture, Executor, Request, attempt};
///
/// struct WithKey {
///     http: reqwest::Client,
///     key: http::HeaderValue,
/// }
///
/// impl Executor for WithKey {
///     fn execute(&self, mut request: Request) -> BoxFuture<'_, Result<Response, Error>> {
///         request.headers_mut().insert("authorization", self.key.clone());
///         Box::pin(async move { attempt(&self.http, &request).await })
///     }
/// }
/// ```
pub trait Executor: Send + Sync {
    /// Executes a request.
    ///
    /// Every HTTP status is an `Ok` response. The executor applies the [options](Request::options) of the request,
    /// including its timeout.
    ///
    /// # Errors
    ///
    /// The future returns an error if the executor received no complete response.
    fn execute(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>>;
}

/// Sends a request once and reads the response with [`Response::read`].
///
/// Sets no timeout: an executor that retries applies its own.
///
/// # Errors
///
/// Returns an error if the body cannot be opened, or the connection fails.
///
/// # Cancel safety
///
/// Dropping the future closes the connection. The service may still process the request.
pub async fn attempt(http: &reqwest::Client, request: &Request) -> Result<Response, Error> {
    attempt_within(http, request, None).await
}

async fn attempt_within(
    http: &reqwest::Client,
    request: &Request,
    timeout: Option<Duration>,
) -> Result<Response, Error> {
    let mut outgoing = request.to_reqwest().await?;
    *outgoing.timeout_mut() = timeout;
    let response = http
        .execute(outgoing)
        .await
        .map_err(|source| Error::transport(request.operation(), source))?;
    Response::read(request, response).await
}

/// Sends each request once, with the shorter of the timeouts of its options.
impl Executor for reqwest::Client {
    fn execute(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(async move {
            let options = request.options();
            let timeouts = [options.get_timeout(), options.get_attempt_timeout()];
            let timeout = timeouts.into_iter().flatten().min();
            attempt_within(self, &request, timeout).await
        })
    }
}

impl<E: Executor + ?Sized> Executor for Arc<E> {
    fn execute(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        (**self).execute(request)
    }
}
