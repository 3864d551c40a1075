//! The response that an executor returns.

use std::fmt;

use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt as _;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use super::byte_stream::ByteStream;
use crate::runtime::error::{Error, ErrorKind, ResponseParts};
use crate::runtime::operation::Operation;
use crate::runtime::request::{Request, ResponseFormat};
use crate::runtime::retry::{self, RetryAfter, RetryRule};

/// A response of any status, as returned by an executor.
///
/// The client checks the status after the executor returns. `Debug` shows the names of the headers, and neither their values
/// nor the body.
#[non_exhaustive]
pub struct Response {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: ResponseBody,
    /// The number of attempts. Errors made from the response contain it.
    pub attempts: u32,
    /// The executor's value of [`Error::outcome_unknown`] for errors made from the response. `None` to derive it from the
    /// status and the operation.
    pub outcome_unknown: Option<bool>,
}

/// The body of a [`Response`]. `Debug` shows its length.
#[non_exhaustive]
pub enum ResponseBody {
    /// A buffered body: complete, truncated at the limit if the status is an error, or empty if the request ignores the
    /// body.
    Buffered(Bytes),
    /// An unread body of a successful response, for requests that return bytes.
    Stream(ByteStream),
}

impl Response {
    /// Creates the response of a single attempt.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, body: ResponseBody) -> Self {
        Self {
            status,
            headers,
            body,
            attempts: 1,
            outcome_unknown: None,
        }
    }

    /// Reads a response in the [format](Request::response_format) that `request` expects.
    ///
    /// JSON bodies are read to their end, so that executors can retry truncated ones. They are limited by
    /// [`RequestOptions::response_limit`](crate::RequestOptions::response_limit). Error bodies are truncated at
    /// that limit, or where the connection fails.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection fails while a JSON body is read, or if the body is too large.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future discards the response.
    pub async fn read(request: &Request, response: reqwest::Response) -> Result<Self, Error> {
        let operation = request.operation();
        let limit = request.options().get_response_limit();
        let status = response.status();
        let headers = response.headers().clone();
        let body = match request.response_format() {
            _ if !status.is_success() => {
                ResponseBody::Buffered(read_error_body(response, limit).await)
            }
            ResponseFormat::Empty => ResponseBody::Buffered(Bytes::new()),
            // Streams may never end, so `into_json` rejects them by their media type, unread.
            ResponseFormat::Json if !is_json(&headers) => ResponseBody::Buffered(Bytes::new()),
            ResponseFormat::Json => {
                ResponseBody::Buffered(read_json_body(operation, response, limit).await?)
            }
            ResponseFormat::Bytes => {
                let failed = move |source| Error::transport(operation, source);
                let chunks = response.bytes_stream().map_err(failed);
                ResponseBody::Stream(ByteStream::new(operation, chunks))
            }
        };
        Ok(Self::new(status, headers, body))
    }

    /// Returns the response if its status is 2xx.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::Status`] if the status is not 2xx.
    pub fn into_success(self, operation: &'static Operation) -> Result<Self, Error> {
        if self.status.is_success() {
            Ok(self)
        } else {
            Err(Error::from_status(operation, self.into_parts()))
        }
    }

    /// Returns the response if it contains a JSON body.
    pub(crate) fn into_json(self, operation: &'static Operation) -> Result<Self, Error> {
        let empty = matches!(&self.body, ResponseBody::Buffered(bytes) if bytes.is_empty());
        if !is_json(&self.headers) {
            let found = media_type(&self.headers).unwrap_or_default();
            let reason = format!("expected media type application/json, found {found}");
            return Err(Error::unexpected_response(
                ErrorKind::UnexpectedContentType,
                operation,
                self.into_parts(),
                reason,
            ));
        }
        if empty {
            let reason = "expected a JSON body, found an empty body";
            return Err(Error::unexpected_response(
                ErrorKind::EmptyBody,
                operation,
                self.into_parts(),
                reason,
            ));
        }
        Ok(self)
    }

    /// Returns the parts that an error stores.
    pub(super) fn into_parts(self) -> ResponseParts {
        ResponseParts {
            status: self.status,
            headers: self.headers,
            body: match self.body {
                ResponseBody::Buffered(bytes) => Some(bytes),
                ResponseBody::Stream(_) => None,
            },
            attempts: self.attempts,
            outcome_unknown: self.outcome_unknown,
        }
    }

    /// Returns the row of the retry table for this response.
    #[must_use]
    pub fn retry_rule(&self) -> &'static RetryRule {
        retry::of_status(self.status, RetryAfter::of(&self.headers).is_some())
    }

    /// Returns whether the attempt may have taken effect at the service, as listed in the
    /// [retry table](RetryRule::table).
    #[must_use]
    pub fn may_have_taken_effect(&self) -> bool {
        self.retry_rule().may_have_taken_effect
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("body", &self.body)
            .field("attempts", &self.attempts)
            .field("outcome_unknown", &self.outcome_unknown)
            .finish()
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Buffered(bytes) => write!(f, "Buffered({} bytes)", bytes.len()),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}

async fn read_json_body(
    operation: &'static Operation,
    mut response: reqwest::Response,
    limit: u64,
) -> Result<Bytes, Error> {
    let mut body = BytesMut::new();
    let mut fits = response
        .content_length()
        .is_none_or(|length| length <= limit);
    while fits {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                fits = body.len() as u64 + chunk.len() as u64 <= limit;
                if fits {
                    body.extend_from_slice(&chunk);
                }
            }
            Ok(None) => return Ok(body.freeze()),
            Err(source) => return Err(Error::transport(operation, source)),
        }
    }
    let empty = ResponseBody::Buffered(Bytes::new());
    let received = Response::new(response.status(), response.headers().clone(), empty);
    Err(Error::too_large(operation, limit).with_response(received.into_parts()))
}

async fn read_error_body(mut response: reqwest::Response, limit: u64) -> Bytes {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut body = BytesMut::new();
    while body.len() < limit
        && let Ok(Some(chunk)) = response.chunk().await
    {
        let room = limit - body.len();
        body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
    }
    body.freeze()
}

/// Returns whether the media type is that of a single JSON value: `application/json`, `+json` other than streams, or none.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(found) = media_type(headers) else {
        return true;
    };
    let found = found.to_ascii_lowercase();
    found == "application/json" || (found.ends_with("+json") && found != "application/stream+json")
}

/// Returns the media type without parameters, or `None` if there is none.
fn media_type(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(CONTENT_TYPE)?;
    let value = value.to_str().unwrap_or("(invalid)");
    let value = value.split(';').next().unwrap_or_default().trim();
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use http::header::CONTENT_TYPE;
    use http::{HeaderMap, HeaderValue};

    use super::is_json;

    #[test]
    fn recognizes_json_media_types() {
        for (media_type, accepted) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/problem+json", true),
            ("", true),
            ("application/stream+json", false),
            ("application/x-ndjson", false),
            ("text/html", false),
            ("text/csv", false),
            ("é", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(media_type).unwrap());
            assert_eq!(is_json(&headers), accepted, "{media_type}");
        }
        assert!(is_json(&HeaderMap::new()));
    }
}
