//! What one execution of a request gives, before it is judged.

use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt as _;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use super::byte_stream::ByteStream;
use crate::runtime::error::{Error, ErrorKind, ResponseParts};
use crate::runtime::operation::Operation;
use crate::runtime::request::{Request, ResponseFormat};
use crate::runtime::retry;

/// The service's answer to a request, whatever its status.
///
/// Executors return it; which status is an error is decided after them, in one place.
#[derive(Debug)]
#[non_exhaustive]
pub struct Response {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: ResponseBody,
    /// How many times the request was sent for it; shown by an error that is made of it.
    pub attempts: u32,
    /// What an executor knows of [`Error::outcome_unknown`], should this become an error; `None` where status and operation
    /// tell it.
    pub outcome_unknown: Option<bool>,
}

/// The body of an [`Response`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ResponseBody {
    /// Read to its end, or to the limit where the status is an error; empty where the call does
    /// not ask for a body.
    Buffered(Bytes),
    /// Not read yet: the call asks for bytes, and the status is a success.
    Stream(ByteStream),
}

impl Response {
    /// An answer to the first attempt.
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

    /// Reads a response as `request` expects it.
    ///
    /// The body of a JSON answer is read here to its end, so that an executor sees a body that
    /// breaks off, and can try again. It may be as large as
    /// [`RequestOptions::with_response_limit`](super::RequestOptions::with_response_limit) says. The
    /// body of an error status is cut off at that limit; when the connection fails within it,
    /// what came before is kept.
    ///
    /// # Errors
    ///
    /// The connection fails within the body of a JSON answer, or the body is too large.
    pub async fn read(request: &Request, response: reqwest::Response) -> Result<Self, Error> {
        let operation = request.operation();
        let limit = request.options().response_limit();
        let status = response.status();
        let headers = response.headers().clone();
        let body = match request.response_format() {
            _ if !status.is_success() => {
                ResponseBody::Buffered(read_error_body(response, limit).await)
            }
            ResponseFormat::Empty => ResponseBody::Buffered(Bytes::new()),
            // A stream may never end: it is refused by its type, unread.
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

    /// This answer, unless its status is an error.
    ///
    /// # Errors
    ///
    /// Of the kind [`ErrorKind::Status`] where the status is no success.
    pub fn into_success(self, operation: &'static Operation) -> Result<Self, Error> {
        if self.status.is_success() {
            Ok(self)
        } else {
            Err(Error::from_status(operation, self.into_parts()))
        }
    }

    /// This answer, unless its media type is other than JSON, or it has no body.
    pub(crate) fn into_json(self, operation: &'static Operation) -> Result<Self, Error> {
        let empty = matches!(&self.body, ResponseBody::Buffered(bytes) if bytes.is_empty());
        if !is_json(&self.headers) {
            let found = media_type(&self.headers).unwrap_or_default().to_owned();
            let reason =
                format!("in the media type {found}, where the operation has application/json");
            return Err(Error::unexpected_response(
                ErrorKind::UnexpectedContentType,
                operation,
                self.into_parts(),
                reason,
            ));
        }
        if empty {
            let reason = "with an empty body, where the operation has a JSON value";
            return Err(Error::unexpected_response(
                ErrorKind::EmptyBody,
                operation,
                self.into_parts(),
                reason,
            ));
        }
        Ok(self)
    }

    /// Returns what an error keeps of this response.
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

    /// Whether the attempt may have taken effect at the service.
    ///
    /// A success has. So may have an attempt that the service gave up on (408 and most of 5xx), that it answers in another
    /// protocol (101), or whose outcome it has elsewhere (302, 303). A request that was refused has not: the others of 3xx
    /// and 4xx, 501, and a 503 that says when to come back.
    #[must_use]
    pub fn may_have_taken_effect(&self) -> bool {
        retry::may_have_taken_effect(self.status, &self.headers)
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

/// Whether the media type is JSON as a value: `application/json`, any `+json` that is no stream,
/// or none at all.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(found) = media_type(headers) else {
        return true;
    };
    let found = found.to_ascii_lowercase();
    found == "application/json" || (found.ends_with("+json") && found != "application/stream+json")
}

/// The media type without its parameters; `None` where there is none.
fn media_type(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(CONTENT_TYPE)?;
    let value = value.to_str().unwrap_or("(not readable)");
    let value = value.split(';').next().unwrap_or_default().trim();
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use http::header::CONTENT_TYPE;
    use http::{HeaderMap, HeaderValue};

    use super::is_json;

    #[test]
    fn media_types_that_are_a_json_value() {
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
