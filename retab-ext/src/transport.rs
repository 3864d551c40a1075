//! The way of every call: credentials onto the request, then one attempt.

use http::HeaderMap;
use retab_api::Error;
use retab_api::runtime::{Answer, BoxFuture, Executor, Request};

/// The executor of the client. Its requests go to the base URL only, since it follows no redirects.
pub(crate) struct Transport {
    pub(crate) http: reqwest::Client,
    pub(crate) credentials: HeaderMap,
}

impl Executor for Transport {
    fn execute(&self, mut request: Request) -> BoxFuture<'_, Result<Answer, Error>> {
        request.headers_mut().extend(self.credentials.clone());
        Executor::execute(&self.http, request)
    }
}
