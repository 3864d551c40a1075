use bytes::Bytes;
use http::{HeaderMap, Method, Uri};

/// One request as it arrived.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// Method of the request line.
    pub method: Method,
    /// Path of the request line, still escaped, without the query.
    pub path: String,
    /// Query of the request line, still escaped; empty where there is none.
    pub query: String,
    /// Headers, with every value of a name that was sent more than once.
    pub headers: HeaderMap,
    /// Body, whole.
    pub body: Bytes,
}

impl ReceivedRequest {
    /// A request as another server than the fake has received it.
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

    /// The value of a header that was sent exactly once, as text.
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
