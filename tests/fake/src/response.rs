use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

/// One answer of the fake.
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

/// The body of an answer.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Whole(Bytes),
    /// One piece after the other, of a length that is not told before.
    Pieces(Vec<Bytes>),
}

impl Response {
    /// An answer with a body of the given content type.
    #[must_use]
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            content: Content::Whole(Bytes::from(body.into())),
        }
    }

    /// An answer with a JSON body.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// An answer with bytes that others have as well.
    pub(crate) fn shared(status: u16, content_type: &str, body: Bytes) -> Self {
        Self {
            content: Content::Whole(body),
            ..Self::new(status, content_type, "")
        }
    }

    /// An answer with a body that comes in pieces.
    #[allow(dead_code, reason = "the streams of extractions are answered by it")]
    pub(crate) fn pieces(status: u16, content_type: &str, pieces: Vec<Bytes>) -> Self {
        Self {
            content: Content::Pieces(pieces),
            ..Self::new(status, content_type, "")
        }
    }

    /// An answer without a body.
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

    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The headers, in their order.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.headers.iter();
        headers.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The whole body.
    #[must_use]
    pub fn body(&self) -> Bytes {
        match &self.content {
            Content::Whole(bytes) => bytes.clone(),
            Content::Pieces(pieces) => pieces.concat().into(),
        }
    }

    pub(crate) fn into_parts(self) -> (u16, Vec<(String, String)>, Content) {
        (self.status, self.headers, self.content)
    }

    /// The service's error with a text alone.
    pub(crate) fn detail(status: StatusCode, message: &str) -> Self {
        Self::json(status.as_u16(), &json!({ "detail": message }))
    }

    /// The service's error with a code.
    pub(crate) fn coded(status: StatusCode, code: &str, message: &str) -> Self {
        Self::json(
            status.as_u16(),
            &json!({"detail": {"code": code, "message": message, "details": null}}),
        )
    }
}
