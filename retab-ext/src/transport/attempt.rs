//! A single attempt of a request, with its timeouts.

use std::pin::pin;
use std::sync::Arc;

use futures_util::future::{Either, select};
use retab_api::Error;
use retab_api::runtime::{Request, Response};

use super::http_client::HttpClient;
use super::timeout_monitor::TimeoutMonitor;
use super::{progress_body, redact};
use crate::deadline::Deadline;

/// Sends the request once and reads the response.
///
/// The attempt timeout ends with the head of a streamed response. Its body stays subject to the idle and overall timeouts.
pub(super) async fn attempt(
    http: &HttpClient,
    request: &Request,
    monitor: &Arc<TimeoutMonitor>,
    deadline: Option<Deadline>,
) -> Result<Response, Error> {
    let exchange = pin!(exchange(http, request, monitor));
    let expired = pin!(Arc::clone(monitor).expired(deadline));
    match select(exchange, expired).await {
        Either::Left((result, _)) => result,
        Either::Right((expired, _)) => {
            Err(Error::timeout(request.operation(), expired.to_string()))
        }
    }
}

async fn exchange(
    http: &HttpClient,
    request: &Request,
    monitor: &Arc<TimeoutMonitor>,
) -> Result<Response, Error> {
    let mut outgoing = request.to_reqwest().await?;
    let body = outgoing.body_mut();
    *body = body.take().map(|body| progress_body::sent(body, monitor));
    let failed = |source| Error::transport(request.operation(), source);
    let http = http.of_current_runtime().map_err(failed)?;
    let response = http.execute(outgoing).await.map_err(failed)?;
    let mut response = Response::read(request, progress_body::received(response, monitor)).await?;
    redact::redact(&mut response, request.headers());
    Ok(response)
}
