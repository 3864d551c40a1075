//! Recorded requests.

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};

/// A request as received by a server.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// The request method.
    pub method: Method,
    /// The path as sent, percent-encoded and without the query.
    pub path: String,
    /// The query as sent, percent-encoded; empty if there is none.
    pub query: String,
    /// The headers, including all values of repeated ones.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl ReceivedRequest {
    /// Creates a request, for servers other than the fake.
    #[must_use]
    pub fn new(method: Method, uri: &Uri, headers: HeaderMap, body: Bytes) -> Self {
        Self {
            method,
            path: uri.path().to_owned(),
            query: uri.query().unwrap_or_default().to_owned(),
            headers,
            body,
        }
    }

    /// Returns the value of a header that occurs exactly once and is visible ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?;
        if values.next().is_some() {
            return None;
        }
        value.to_str().ok()
    }
}
