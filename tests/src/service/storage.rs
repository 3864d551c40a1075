//! The storage behind signed URLs: a server of its own, which takes no credentials of the service.

use bytes::Bytes;
use http::{Method, StatusCode};

use super::files::Files;
use crate::answer::Answer;
use crate::received::Received;

/// Headers that only the service may see.
const CREDENTIALS: [&str; 3] = ["api-key", "authorization", "cookie"];

/// Answers one request to the storage.
pub(crate) fn answer(files: &mut Files, request: &Received) -> Answer {
    if CREDENTIALS
        .iter()
        .any(|name| request.headers.contains_key(*name))
    {
        return refusal(StatusCode::BAD_REQUEST, "CredentialsNotWanted");
    }
    if request.query != "signature=SIGNATURE" {
        return refusal(StatusCode::FORBIDDEN, "SignatureDoesNotMatch");
    }
    let segments: Vec<&str> = request.path.split('/').skip(1).collect();
    match (&request.method, segments.as_slice()) {
        (&Method::PUT, ["upload", id]) => store(files, id, request),
        (&Method::GET, ["download", id]) => read(files, id),
        _ => refusal(StatusCode::NOT_FOUND, "NoSuchKey"),
    }
}

fn store(files: &mut Files, id: &str, request: &Received) -> Answer {
    let Some(file) = files.file(id) else {
        return refusal(StatusCode::NOT_FOUND, "NoSuchKey");
    };
    if !file.wants(id, request) {
        return refusal(StatusCode::FORBIDDEN, "SignatureDoesNotMatch");
    }
    file.content = Some(if file.is_corrupted {
        Bytes::from(vec![0; request.body.len()])
    } else {
        request.body.clone()
    });
    Answer::empty(200)
}

fn read(files: &mut Files, id: &str) -> Answer {
    match files.file(id) {
        Some(file) if file.is_complete => {
            let content = file.content.clone().unwrap_or_default();
            Answer::new(200, "application/octet-stream", content)
        }
        _ => refusal(StatusCode::NOT_FOUND, "NoSuchKey"),
    }
}

/// As storages refuse: in XML, with what they signed in it.
fn refusal(status: StatusCode, code: &str) -> Answer {
    let body = format!("<Error><Code>{code}</Code><StringToSign>SIGNATURE</StringToSign></Error>");
    Answer::new(status.as_u16(), "application/xml", body)
}
