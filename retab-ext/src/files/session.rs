//! The upload of one document: a session, its bytes to the storage, and the completion.

use std::sync::Arc;

use http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use retab_api::runtime::Pieces;
use retab_api::types::{CompleteFileUploadRequest, CreateFileUploadResponse, UploadFileRequest};

use super::storage::{self, Attempts, Failure, Next};
use super::stored_file::StoredFile;
use super::watched::{Progress, Watched};
use crate::client::Client;
use crate::document::Content;
use crate::error::{Error, ErrorKind};

/// How many sessions are opened in all, where one after the other expires.
const SESSIONS: u32 = 3;

/// Uploads a document.
///
/// # Errors
/// Those of a call, of the storage, and of a document that cannot be read.
pub(crate) async fn upload(
    client: &Client,
    content: &Content,
    progress: Option<&Progress>,
) -> Result<StoredFile, Error> {
    let mut sessions_left = SESSIONS - 1;
    loop {
        match through_a_session(client, content, progress).await {
            Err(failure) if failure.next == Next::OtherUrl && sessions_left > 0 => {
                sessions_left -= 1;
            }
            result => return result.map_err(|failure| failure.error),
        }
    }
}

async fn through_a_session(
    client: &Client,
    content: &Content,
    progress: Option<&Progress>,
) -> Result<StoredFile, Failure> {
    let session = open(client, content).await.map_err(Failure::give_up)?;
    let mut attempts = Attempts::new(client);
    let sha256 = loop {
        match put(client, &session, content, progress).await {
            Ok(sha256) => break sha256,
            Err(failure) => attempts.after(failure).await?,
        }
    };
    let completed = client
        .api()
        .complete_upload_file()
        .file_id(&session.file_id)
        .body(CompleteFileUploadRequest::builder().sha256(sha256.as_str()))
        .send()
        .await;
    match completed {
        Ok(stored) => {
            let stored = stored.into_inner();
            Ok(StoredFile {
                id: session.file_id.into(),
                name: stored.filename,
                storage_url: stored.url,
                size: content.source.size(),
                sha256,
            })
        }
        Err(error) if error.status() == Some(StatusCode::GONE) => Err(Failure {
            error: error.into(),
            next: Next::OtherUrl,
        }),
        Err(error) => Err(Failure::give_up(error)),
    }
}

async fn open(client: &Client, content: &Content) -> Result<CreateFileUploadResponse, Error> {
    let size = i64::try_from(content.source.size())
        .map_err(|_| Error::invalid_request(format!("{} is too large", content.label())))?;
    let request = UploadFileRequest::builder()
        .filename(content.name.as_str())
        .content_type(content.media_type.as_str())
        .size_bytes(size);
    let session = client.api().upload_file().body(request).send().await?;
    Ok(session.into_inner())
}

/// Sends all bytes to the storage, and gives their SHA-256.
async fn put(
    client: &Client,
    session: &CreateFileUploadResponse,
    content: &Content,
    progress: Option<&Progress>,
) -> Result<String, Failure> {
    let what = format!("the upload of {}", content.label());
    let url = storage::url(&what, &session.upload_url)?;
    let (method, headers) = wanted(session).ok_or_else(|| {
        let message = format!("{what}: the service asks for a request that cannot be made");
        Failure::give_up(Error::new(ErrorKind::Answer, message))
    })?;
    let watched = Arc::new(Watched::new(Arc::clone(&content.source), progress.cloned()));
    let pieces = Pieces::new().with_source(content.label(), Arc::clone(&watched) as _);
    let body = pieces.open().await;
    let body = body.map_err(|failed| Failure::of_source(&what, &failed))?;
    let request = client.storage_http().request(method, url);
    storage::send(&what, request.headers(headers).body(body)).await?;
    watched.sha256().ok_or_else(|| {
        let message = format!("{what}: the storage answered before it had the whole document");
        Failure::same_again(Error::new(ErrorKind::Answer, message))
    })
}

/// The method and the headers that the session asks for. The length is that of the body, whatever it says.
fn wanted(session: &CreateFileUploadResponse) -> Option<(Method, HeaderMap)> {
    let method = session.upload_method.as_deref().unwrap_or("PUT");
    let mut headers = HeaderMap::new();
    for (name, value) in session.upload_headers.iter().flatten() {
        let name = HeaderName::try_from(name).ok()?;
        let mut value = HeaderValue::try_from(value).ok()?;
        value.set_sensitive(true);
        if ![CONTENT_LENGTH, HOST, TRANSFER_ENCODING].contains(&name) {
            headers.insert(name, value);
        }
    }
    Some((Method::from_bytes(method.as_bytes()).ok()?, headers))
}
