//! A `retab-api` client with an in-memory service.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use retab_api::runtime::{BoxFuture, Executor, Request, Response, ResponseBody};
use retab_api::{Client, Error};

/// Returns a client that receives `body` as the response to every request.
///
/// # Errors
///
/// Never fails, because the base URL is valid.
pub fn client(body: Vec<u8>) -> Result<Client, Error> {
    Client::with_executor("http://localhost", InMemory(body.into()))
}

struct InMemory(Bytes);

impl Executor for InMemory {
    fn execute(&self, _: Request) -> BoxFuture<'_, Result<Response, Error>> {
        let body = ResponseBody::Buffered(self.0.clone());
        let response = Response::new(StatusCode::OK, HeaderMap::new(), body);
        Box::pin(async { Ok(response) })
    }
}

/// Polls a future once. Returns `None` if it is pending, which never happens with [`client`].
pub fn poll_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result),
        Poll::Pending => None,
    }
}
