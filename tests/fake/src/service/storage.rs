//! The object storage behind presigned URLs, which rejects API credentials.

use chrono::{DateTime, Utc};
use http::{Method, StatusCode};

use super::files::{Files, SIGNATURE, StoredContent, UNKNOWN_MEDIA_TYPE};
use crate::received_request::ReceivedRequest;
use crate::response::Response;

/// Headers that clients must not send to the object storage.
const CREDENTIALS: [&str; 3] = ["api-key", "authorization", "cookie"];

/// Handles a request whose body has been read and hashed.
pub(crate) fn handle(
    files: &mut Files,
    received: &ReceivedRequest,
    content: StoredContent,
    now: DateTime<Utc>,
) -> Response {
    let is_present = |name: &&str| received.headers.contains_key(*name);
    if CREDENTIALS.iter().any(is_present) {
        return error_response(StatusCode::BAD_REQUEST, "CredentialsNotWanted");
    }
    let parameter = |expected: &str| {
        let pairs = url::form_urlencoded::parse(received.query.as_bytes());
        let mut values = pairs.filter(|(name, _)| name == expected);
        values.next().map(|(_, value)| value.into_owned())
    };
    if parameter("signature").as_deref() != Some(SIGNATURE) {
        return error_response(StatusCode::FORBIDDEN, "SignatureDoesNotMatch");
    }
    let segments: Vec<&str> = received.path.split('/').skip(1).collect();
    match (&received.method, segments.as_slice()) {
        (&Method::PUT, ["upload", id]) => store(files, id, received, content, now),
        (&Method::GET, ["download", id]) => {
            let expires = parameter("expires").and_then(|value| value.parse::<i64>().ok());
            if expires.is_none_or(|expires| now.timestamp() >= expires) {
                return error_response(StatusCode::FORBIDDEN, "ExpiredToken");
            }
            read(files, id)
        }
        _ => error_response(StatusCode::NOT_FOUND, "NoSuchKey"),
    }
}

fn store(
    files: &mut Files,
    id: &str,
    received: &ReceivedRequest,
    content: StoredContent,
    now: DateTime<Utc>,
) -> Response {
    let Some(file) = files.file(id) else {
        return error_response(StatusCode::NOT_FOUND, "NoSuchKey");
    };
    if !file.accepts(id, received) {
        return error_response(StatusCode::FORBIDDEN, "SignatureDoesNotMatch");
    }
    if file.is_closed(now) {
        return error_response(StatusCode::FORBIDDEN, "ExpiredToken");
    }
    files.store(id, content);
    Response::empty(200)
}

fn read(files: &mut Files, id: &str) -> Response {
    let file = files.file(id).filter(|file| file.is_complete);
    let Some(content) = file.and_then(|file| file.content.as_ref()) else {
        return error_response(StatusCode::NOT_FOUND, "NoSuchKey");
    };
    match &content.bytes {
        Some(bytes) => Response::shared(200, UNKNOWN_MEDIA_TYPE, bytes.clone()),
        None => error_response(StatusCode::NOT_FOUND, "ContentIsNotKeptByTheFake"),
    }
}

/// Returns an XML error that contains the signed string, as object storages do.
fn error_response(status: StatusCode, code: &str) -> Response {
    let body =
        format!("<Error><Code>{code}</Code><StringToSign>{SIGNATURE}</StringToSign></Error>");
    Response::new(status.as_u16(), "application/xml", body)
}
