//! The storage behind signed URLs: a server of its own, which takes no credentials of the service.

use chrono::{DateTime, Utc};
use http::{Method, StatusCode};

use super::files::{Files, SIGNATURE, Stored};
use crate::received_request::ReceivedRequest;
use crate::response::Response;

/// Headers that only the service may see.
const CREDENTIALS: [&str; 3] = ["api-key", "authorization", "cookie"];

/// Answers one request to the storage, whose body was read and hashed.
pub(crate) fn answer(
    files: &mut Files,
    request: &ReceivedRequest,
    stored: Stored,
    now: DateTime<Utc>,
) -> Response {
    let is_there = |name: &&str| request.headers.contains_key(*name);
    if CREDENTIALS.iter().any(is_there) {
        return refusal(StatusCode::BAD_REQUEST, "CredentialsNotWanted");
    }
    let parameter = |wanted: &str| {
        let pairs = url::form_urlencoded::parse(request.query.as_bytes());
        let mut values = pairs.filter(|(name, _)| name == wanted);
        values.next().map(|(_, value)| value.into_owned())
    };
    if parameter("signature").as_deref() != Some(SIGNATURE) {
        return refusal(StatusCode::FORBIDDEN, "SignatureDoesNotMatch");
    }
    let segments: Vec<&str> = request.path.split('/').skip(1).collect();
    match (&request.method, segments.as_slice()) {
        (&Method::PUT, ["upload", id]) => store(files, id, request, stored, now),
        (&Method::GET, ["download", id]) => {
            let expires = parameter("expires").and_then(|at| at.parse::<i64>().ok());
            if expires.is_none_or(|at| now.timestamp() >= at) {
                return refusal(StatusCode::FORBIDDEN, "ExpiredToken");
            }
            read(files, id)
        }
        _ => refusal(StatusCode::NOT_FOUND, "NoSuchKey"),
    }
}

fn store(
    files: &mut Files,
    id: &str,
    request: &ReceivedRequest,
    stored: Stored,
    now: DateTime<Utc>,
) -> Response {
    let Some(file) = files.file(id) else {
        return refusal(StatusCode::NOT_FOUND, "NoSuchKey");
    };
    if !file.wants(id, request) {
        return refusal(StatusCode::FORBIDDEN, "SignatureDoesNotMatch");
    }
    if file.is_closed(now) {
        return refusal(StatusCode::FORBIDDEN, "ExpiredToken");
    }
    files.store(id, stored);
    Response::empty(200)
}

fn read(files: &mut Files, id: &str) -> Response {
    let file = files.file(id).filter(|file| file.is_complete);
    let Some(stored) = file.and_then(|file| file.content.as_ref()) else {
        return refusal(StatusCode::NOT_FOUND, "NoSuchKey");
    };
    match &stored.content {
        Some(content) => Response::shared(200, "application/octet-stream", content.clone()),
        None => refusal(StatusCode::NOT_FOUND, "ContentIsNotKeptByTheFake"),
    }
}

/// As storages refuse: in XML, with what they signed in it.
fn refusal(status: StatusCode, code: &str) -> Response {
    let body =
        format!("<Error><Code>{code}</Code><StringToSign>{SIGNATURE}</StringToSign></Error>");
    Response::new(status.as_u16(), "application/xml", body)
}
