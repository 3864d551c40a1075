//! The one way from a request to its answer.

use std::sync::Arc;
use std::time::Duration;

pub use futures_core::future::BoxFuture;

use super::error::Error;
use super::request::Request;
use super::response::Response;

/// What carries requests to the service: every call of every operation passes through it.
///
/// A plain [`reqwest::Client`] is one, which sends each request once. Credentials, retries,
/// tracing and the like are executors around it: they change the [`Request`], and send it by
/// [`attempt`] as often as they see fit.
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
    /// Carries out a request.
    ///
    /// Any HTTP status is an answer here; an error is what left the call without one. The
    /// [options](Request::options) of the request are the executor's to keep, its timeout among
    /// them.
    fn execute(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>>;
}

/// Sends a request once and reads the answer, as far as [`Response::read`] says.
///
/// It sets no timeout: an executor that sends several times has its own clock.
///
/// # Errors
///
/// The body cannot be opened (again), or the connection fails.
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

/// Sends each request once, within the timeout of its options.
impl Executor for reqwest::Client {
    fn execute(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(async move {
            let timeout = request.options().timeout();
            attempt_within(self, &request, timeout).await
        })
    }
}

impl<E: Executor + ?Sized> Executor for Arc<E> {
    fn execute(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        (**self).execute(request)
    }
}
