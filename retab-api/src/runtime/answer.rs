//! What one execution of a request gives, before it is judged.

use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt as _;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use super::byte_stream::ByteStream;
use super::error::{Error, ErrorKind};
use super::operation::Operation;
use super::request::{Expectation, Request};

/// The service's answer to a request, whatever its status.
///
/// Executors return it; which status is an error is decided after them, in one place.
#[derive(Debug)]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: AnswerBody,
    /// How many times the request was sent for it; shown by an error that is made of it.
    pub attempts: u32,
    /// What an executor knows of [`Error::outcome_unknown`], should this become an error; `None` where status and operation
    /// tell it.
    pub outcome_unknown: Option<bool>,
}

/// The body of an [`Answer`].
#[derive(Debug)]
#[non_exhaustive]
pub enum AnswerBody {
    /// Read to its end, or to the limit where the status is an error; empty where the call does
    /// not ask for a body.
    Read(Bytes),
    /// Not read yet: the call asks for bytes, and the status is a success.
    Stream(ByteStream),
}

impl Answer {
    /// An answer to the first attempt.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, body: AnswerBody) -> Self {
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
    /// [`CallOptions::with_response_limit`](super::CallOptions::with_response_limit) says. The
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
        let body = match request.expectation() {
            _ if !status.is_success() => AnswerBody::Read(read_error_body(response, limit).await),
            Expectation::Empty => AnswerBody::Read(Bytes::new()),
            // A stream may never end: it is refused by its type, unread.
            Expectation::Json if !is_json(&headers) => AnswerBody::Read(Bytes::new()),
            Expectation::Json => {
                AnswerBody::Read(read_json_body(operation, response, limit).await?)
            }
            Expectation::Bytes => {
                let failed = move |source| Error::transport(operation, source);
                let chunks = response.bytes_stream().map_err(failed);
                AnswerBody::Stream(ByteStream::new(operation, chunks))
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
            Err(Error::status_of(operation, self))
        }
    }

    /// This answer, unless its media type is other than JSON, or it has no body.
    pub(crate) fn into_json(self, operation: &'static Operation) -> Result<Self, Error> {
        let empty = matches!(&self.body, AnswerBody::Read(bytes) if bytes.is_empty());
        if !is_json(&self.headers) {
            let found = media_type(&self.headers).unwrap_or_default().to_owned();
            let reason =
                format!("in the media type {found}, where the operation has application/json");
            return Err(Error::unusable(
                ErrorKind::UnexpectedContentType,
                operation,
                self,
                reason,
            ));
        }
        if empty {
            let reason = "with an empty body, where the operation has a JSON value";
            return Err(Error::unusable(
                ErrorKind::EmptyBody,
                operation,
                self,
                reason,
            ));
        }
        Ok(self)
    }
}

/// The service's id of a request.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-request-id")?.to_str().ok()
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
    let nothing = AnswerBody::Read(Bytes::new());
    let answer = Answer::new(response.status(), response.headers().clone(), nothing);
    Err(Error::too_large(operation, limit).with_answer(answer))
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
