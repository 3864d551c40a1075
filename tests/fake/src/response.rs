//! HTTP responses of the fake.

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

/// An HTTP response of the fake.
///
/// ```
/// use retab_fake::Response;
/// use serde_json::json;
///
/// let busy = Response::json(429, &json!({"detail": "slow down"})).header("retry-after", "2");
/// let proxy = Response::new(502, "text/html", "<h1>Bad gateway</h1>");
/// # let _ = (busy, proxy);
/// ```
#[derive(Clone, Debug)]
pub struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    content: Content,
}

/// The body of a response.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Whole(Bytes),
    /// Chunks, sent without a `Content-Length`.
    Chunks(Vec<Bytes>),
}

impl Response {
    /// Creates a response with a body of the given content type.
    #[must_use]
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            content: Content::Whole(Bytes::from(body.into())),
        }
    }

    /// Creates a response with a JSON body.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// Creates a response with a body that is not copied.
    pub(crate) fn shared(status: u16, content_type: &str, body: Bytes) -> Self {
        Self {
            content: Content::Whole(body),
            ..Self::new(status, content_type, "")
        }
    }

    /// Creates a response whose body is sent in chunks.
    pub(crate) fn chunked(status: u16, content_type: &str, chunks: Vec<Bytes>) -> Self {
        Self {
            content: Content::Chunks(chunks),
            ..Self::new(status, content_type, "")
        }
    }

    /// Creates a response without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            content: Content::Whole(Bytes::new()),
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Returns the status code.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Returns the headers in insertion order.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.headers.iter();
        headers.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns the whole body.
    #[must_use]
    pub fn body(&self) -> Bytes {
        match &self.content {
            Content::Whole(bytes) => bytes.clone(),
            Content::Chunks(chunks) => chunks.concat().into(),
        }
    }

    pub(crate) fn into_parts(self) -> (u16, Vec<(String, String)>, Content) {
        (self.status, self.headers, self.content)
    }

    /// Creates an error response in the service's format, with a message only.
    pub(crate) fn detail(status: StatusCode, message: &str) -> Self {
        Self::json(status.as_u16(), &json!({ "detail": message }))
    }

    /// Creates an error response in the service's format, with a code and a message.
    pub(crate) fn coded(status: StatusCode, code: &str, message: &str) -> Self {
        Self::json(
            status.as_u16(),
            &json!({"detail": {"code": code, "message": message, "details": null}}),
        )
    }
}
