//! One call, ready to be sent as often as its executor sees fit.

use std::fmt;

use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue, Method};
use url::Url;

use super::options::RequestOptions;
use crate::runtime::body::Body;
use crate::runtime::error::Error;
use crate::runtime::operation::{IDEMPOTENCY_KEY, Operation, Success};

/// One call of an operation, as an [`Executor`](super::Executor) gets it.
#[derive(Clone)]
pub struct Request {
    operation: &'static Operation,
    url: Url,
    headers: HeaderMap,
    body: Body,
    options: RequestOptions,
    response_format: ResponseFormat,
}

/// What a call makes of a success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseFormat {
    /// The body is ignored.
    Empty,
    /// The body is one JSON value.
    Json,
    /// The body is handed on as it arrives.
    Bytes,
}

impl Request {
    pub(crate) fn new(
        operation: &'static Operation,
        url: Url,
        parameters: &[(&'static str, HeaderValue)],
        body: Body,
        options: RequestOptions,
        response_format: ResponseFormat,
    ) -> Result<Self, Error> {
        let mut headers = options.headers().clone();
        for framing in [CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING] {
            if headers.contains_key(&framing) {
                let reason =
                    format!("the header {framing} follows from the body and cannot be set");
                return Err(Error::invalid_request(operation, reason));
            }
        }
        if let Some(accept) = accept(operation, response_format)
            && !headers.contains_key(ACCEPT)
        {
            headers.insert(ACCEPT, accept);
        }
        for (name, value) in parameters {
            let Ok(name) = http::HeaderName::try_from(*name) else {
                let reason = format!("the header parameter {name} is no header name");
                return Err(Error::invalid_request(operation, reason));
            };
            headers.insert(name, value.clone());
        }
        if let Some(content_type) = body.content_type() {
            headers.insert(CONTENT_TYPE, content_type);
        }
        Ok(Self {
            operation,
            url,
            headers,
            body,
            options,
            response_format,
        })
    }

    /// A request to a URL that the service gave out, which is that of another host.
    ///
    /// It has these headers and no others: those of the options are meant for the service, and what was signed may not have
    /// one more. Everything else that the options say holds.
    #[must_use]
    pub fn presigned(
        operation: &'static Operation,
        url: Url,
        headers: HeaderMap,
        body: Body,
        options: RequestOptions,
        response_format: ResponseFormat,
    ) -> Self {
        Self {
            operation,
            url,
            headers,
            body,
            options,
            response_format,
        }
    }

    /// The operation that is called.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.operation.method
    }

    /// The URL with its query, for the executor only: parameters can be confidential.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The headers; [`HeaderValue::set_sensitive`] keeps a value out of other crates' logs.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The headers, for executors that add their own.
    #[must_use]
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// Sets the body and the header of its media type, for executors that complete it.
    pub fn set_body(&mut self, body: Body) {
        match body.content_type() {
            Some(content_type) => self.headers.insert(CONTENT_TYPE, content_type),
            None => self.headers.remove(CONTENT_TYPE),
        };
        self.body = body;
    }

    /// The options of the call.
    #[must_use]
    pub fn options(&self) -> &RequestOptions {
        &self.options
    }

    /// What the call makes of a success.
    #[must_use]
    pub fn response_format(&self) -> ResponseFormat {
        self.response_format
    }

    /// Whether sending the request twice leaves the service as sending it once does: the operation is idempotent, or it
    /// takes an idempotency key and the request has one.
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        self.operation.idempotent
            || (self.operation.takes_idempotency_key()
                && self.headers.contains_key(IDEMPOTENCY_KEY))
    }

    /// Whether the request can be sent more than once; a body that is read from a stream cannot.
    #[must_use]
    pub fn is_replayable(&self) -> bool {
        self.body.is_replayable()
    }

    /// A fresh request for one attempt, its files opened anew.
    ///
    /// # Errors
    ///
    /// A source of the body cannot be read or is no longer what it was at the start of the call, or
    /// a stream of the body was used by an earlier attempt.
    pub async fn to_reqwest(&self) -> Result<reqwest::Request, Error> {
        let mut request = reqwest::Request::new(self.method().clone(), self.url.clone());
        *request.headers_mut() = self.headers.clone();
        if let Body::Empty = self.body
            && matches!(*self.method(), Method::POST | Method::PUT | Method::PATCH)
        {
            // Asked for by RFC 9110; there are proxies that refuse such a request without it.
            let headers = request.headers_mut();
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        *request.body_mut() = self
            .body
            .open()
            .await
            .map_err(|invalid| invalid.into_error(self.operation))?;
        Ok(request)
    }
}

/// The media types that an answer may have.
fn accept(operation: &Operation, response_format: ResponseFormat) -> Option<HeaderValue> {
    match (response_format, operation.success) {
        (ResponseFormat::Empty, _) => None,
        (ResponseFormat::Json, _) => Some(HeaderValue::from_static("application/json")),
        (ResponseFormat::Bytes, Success::Bytes { media_types }) if !media_types.is_empty() => {
            HeaderValue::try_from(media_types.join(", ")).ok()
        }
        (ResponseFormat::Bytes, _) => Some(HeaderValue::from_static("*/*")),
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation.id)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("body", &self.body)
            .field("options", &self.options)
            .field("response_format", &self.response_format)
            .finish_non_exhaustive()
    }
}
