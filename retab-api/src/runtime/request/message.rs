//! The request that an executor receives.

use std::fmt;

use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue, Method};
use url::Url;

use super::options::RequestOptions;
use crate::runtime::body::Body;
use crate::runtime::error::Error;
use crate::runtime::operation::{IDEMPOTENCY_KEY, Operation, Success};

/// A request of an operation, as passed to an [`Executor`](crate::runtime::Executor).
#[derive(Clone)]
pub struct Request {
    operation: &'static Operation,
    url: Url,
    headers: HeaderMap,
    body: Body,
    options: RequestOptions,
    response_format: ResponseFormat,
}

/// How the body of a successful response is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseFormat {
    /// The body is ignored.
    Empty,
    /// The body is one JSON value.
    Json,
    /// The body is streamed.
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
        if let Err(error) = options.check() {
            return Err(Error::invalid_request(operation, error.to_string()));
        }
        let mut headers = options.get_headers().clone();
        for framing in [CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING] {
            if headers.contains_key(&framing) {
                let reason =
                    format!("cannot set header {framing}: the client derives it from the body");
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
                let reason = format!("header parameter {name} is not a valid header name");
                return Err(Error::invalid_request(operation, reason));
            };
            headers.insert(name, value.clone());
        }
        if let Some(key) = options.get_idempotency_key()
            && !operation.idempotent
            && !headers.contains_key(IDEMPOTENCY_KEY)
        {
            headers.insert(IDEMPOTENCY_KEY, key.clone());
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

    /// Creates a request to a presigned URL on another host.
    ///
    /// The request contains only `headers`. The headers of `options` are meant for the service, and additional headers may
    /// invalidate the signature. All other options apply.
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

    /// Returns the operation.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.operation.method
    }

    /// Returns the URL with its query. Parameters may be confidential, so do not log it.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Returns the headers. Use [`HeaderValue::set_sensitive`] to keep a value out of the logs of other crates.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the headers, for executors that add their own.
    #[must_use]
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// Returns the body.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// Replaces the body and its `Content-Type` header.
    pub fn set_body(&mut self, body: Body) {
        match body.content_type() {
            Some(content_type) => self.headers.insert(CONTENT_TYPE, content_type),
            None => self.headers.remove(CONTENT_TYPE),
        };
        self.body = body;
    }

    /// Returns the options of the request.
    pub fn options(&self) -> &RequestOptions {
        &self.options
    }

    /// Returns how the body of a successful response is read.
    #[must_use]
    pub fn response_format(&self) -> ResponseFormat {
        self.response_format
    }

    /// Returns whether sending the request twice has the same effect as sending it once.
    ///
    /// This is the case if the operation is idempotent, or if it supports idempotency keys and the request contains one.
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        self.operation.idempotent
            || (self.operation.takes_idempotency_key()
                && self.headers.contains_key(IDEMPOTENCY_KEY))
    }

    /// Returns whether the request can be sent more than once. A body that contains a stream cannot.
    #[must_use]
    pub fn is_replayable(&self) -> bool {
        self.body.is_replayable()
    }

    /// Builds the reqwest request for one attempt, opening the body from its start.
    ///
    /// # Errors
    ///
    /// Returns an error if a source of the body cannot be read or has changed since the request started, or if an earlier
    /// attempt consumed a stream of the body.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future may consume a stream of the body.
    pub async fn to_reqwest(&self) -> Result<reqwest::Request, Error> {
        let mut request = reqwest::Request::new(self.method().clone(), self.url.clone());
        *request.headers_mut() = self.headers.clone();
        if let Body::Empty = self.body
            && matches!(*self.method(), Method::POST | Method::PUT | Method::PATCH)
        {
            // RFC 9110 recommends the header, and some proxies reject requests without it.
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

/// Returns the `Accept` header.
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
