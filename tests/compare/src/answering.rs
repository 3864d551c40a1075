//! A client of `retab-api` whose service is in memory.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use retab_api::runtime::{Response, ResponseBody, BoxFuture, Executor, Request};
use retab_api::{Client, Error};

/// A client whose every call is answered with this body, at once.
///
/// # Errors
///
/// None: the base URL is one.
pub fn client(body: Vec<u8>) -> Result<Client, Error> {
    Client::with_executor("http://localhost", Answering(body.into()))
}

struct Answering(Bytes);

impl Executor for Answering {
    fn execute(&self, _: Request) -> BoxFuture<'_, Result<Response, Error>> {
        let body = ResponseBody::Buffered(self.0.clone());
        let answer = Response::new(StatusCode::OK, HeaderMap::new(), body);
        Box::pin(async { Ok(answer) })
    }
}

/// The result of a call of such a client, which waits for nothing; `None` if it does.
pub fn at_once<T>(call: impl Future<Output = T>) -> Option<T> {
    match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result),
        Poll::Pending => None,
    }
}
