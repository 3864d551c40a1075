//! One attempt: the request out, the answer in, both watched.

use std::pin::pin;
use std::sync::Arc;

use futures_util::future::{Either, select};
use retab_api::Error;
use retab_api::runtime::{Answer, Request};

use super::masked;
use super::watch::{Bound, Watch};

/// Sends the request once and reads its answer.
///
/// A body that is handed on as it arrives stays under the watch, without the bound of the attempt.
pub(super) async fn attempt(
    http: &reqwest::Client,
    request: &Request,
    watch: &Arc<Watch>,
    bound: Option<Bound>,
) -> Result<Answer, Error> {
    let exchange = pin!(exchange(http, request, watch));
    let expired = pin!(Arc::clone(watch).expired(bound));
    match select(exchange, expired).await {
        Either::Left((end, _)) => end,
        Either::Right((expired, _)) => {
            Err(Error::timeout(request.operation(), expired.to_string()))
        }
    }
}

async fn exchange(
    http: &reqwest::Client,
    request: &Request,
    watch: &Arc<Watch>,
) -> Result<Answer, Error> {
    let mut outgoing = request.to_reqwest().await?;
    let body = outgoing.body_mut();
    *body = body.take().map(|body| watch.sent(body));
    let response = http
        .execute(outgoing)
        .await
        .map_err(|source| Error::transport(request.operation(), source))?;
    let mut answer = Answer::read(request, watch.received(response)).await?;
    masked::mask(&mut answer, request.headers());
    Ok(answer)
}
