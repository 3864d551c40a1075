use http::StatusCode;
use httpmock::HttpMockResponse;
use serde_json::{Value, json};

/// One answer of the fake.
///
/// ```
/// use retab_tests::Answer;
/// use serde_json::json;
///
/// let busy = Answer::json(429, &json!({"detail": "slow down"})).header("retry-after", "2");
/// let proxy = Answer::new(502, "text/html", "<h1>Bad gateway</h1>");
/// # let _ = (busy, proxy);
/// ```
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    /// An answer with a body of the given content type.
    #[must_use]
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.into(),
        }
    }

    /// An answer with a JSON body.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// An answer without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
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

impl From<Answer> for HttpMockResponse {
    fn from(answer: Answer) -> Self {
        Self::builder()
            .status(answer.status)
            .headers(answer.headers)
            .body(answer.body)
            .build()
    }
}
