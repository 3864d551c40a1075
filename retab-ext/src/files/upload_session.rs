//! Upload sessions: creation, content transfer to object storage, completion.

use std::sync::Arc;

use http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use retab_api::RequestOptions;
use retab_api::runtime::{Body, Operation, Parts, Redacted};
use retab_api::types::{CompleteFileUploadRequest, CreateFileUploadResponse, UploadFileRequest};

use super::object_storage;
use super::progress_source::{Progress, ProgressSource};
use crate::client::Client;
use crate::document::Content;
use crate::error::{Error, ErrorKind};
use crate::stored_file::StoredFile;

/// Uploads a document.
///
/// # Errors
/// Returns an error if the document cannot be read, or if a request to the service or to object storage fails.
pub(crate) async fn upload(
    client: &Client,
    content: &Content,
    progress: Option<&Progress>,
) -> Result<StoredFile, Error> {
    let uploaded = upload_with_sessions(client, content, progress).await;
    uploaded.map_err(|error| error.about(content.label()))
}

/// Opens a new session if the previous one has expired.
async fn upload_with_sessions(
    client: &Client,
    content: &Content,
    progress: Option<&Progress>,
) -> Result<StoredFile, Error> {
    let mut sessions_left = object_storage::MAX_URLS - 1;
    loop {
        let session = open_session(client, content).await?;
        match upload_in_session(client, session, content, progress).await {
            Err(error) if error.status() == Some(StatusCode::GONE) && sessions_left > 0 => {
                sessions_left -= 1;
            }
            result => return result,
        }
    }
}

async fn open_session(
    client: &Client,
    content: &Content,
) -> Result<CreateFileUploadResponse, Error> {
    let size = i64::try_from(content.source.size())
        .map_err(|_| Error::invalid_request("cannot upload it: it is too large"))?;
    let request = UploadFileRequest::builder()
        .filename(content.name.as_str())
        .content_type(content.media_type.as_str())
        .size_bytes(size);
    // The caller's idempotency key is not sent: it would return the expired session again.
    let options = RequestOptions::new().without_idempotency_key();
    let session = client.api().with(options).upload_file().body(request);
    Ok(session.send().await?.into_inner())
}

async fn upload_in_session(
    client: &Client,
    session: CreateFileUploadResponse,
    content: &Content,
    progress: Option<&Progress>,
) -> Result<StoredFile, Error> {
    let sha256 = send_content(client, &session, content, progress).await?;
    let completion = client
        .api()
        .complete_upload_file()
        .file_id(&session.file_id)
        .body(CompleteFileUploadRequest::builder().sha256(sha256.as_str()));
    let stored = completion.send().await?.into_inner();
    Ok(StoredFile {
        id: session.file_id.into(),
        name: stored.filename,
        storage_url: Redacted(stored.url),
        size: content.source.size(),
        sha256,
    })
}

/// Sends the content to object storage and returns its SHA-256.
async fn send_content(
    client: &Client,
    session: &CreateFileUploadResponse,
    content: &Content,
    progress: Option<&Progress>,
) -> Result<String, Error> {
    let (operation, headers) = operation_and_headers(session).ok_or_else(|| {
        let reason = "cannot use the upload session: its method or headers are invalid";
        Error::new(ErrorKind::UnexpectedResponse, reason)
    })?;
    let source = Arc::new(ProgressSource::new(
        Arc::clone(&content.source),
        progress.cloned(),
    ));
    let body = Body::Parts {
        content_type: HeaderValue::from_static("application/octet-stream"),
        parts: Parts::new().with_source("the document", Arc::clone(&source) as _),
    };
    let request = object_storage::request(client, operation, &session.upload_url, headers, body)?;
    let unchanged = |response| std::future::ready(Ok(response));
    let response = client.storage().execute(&request, unchanged).await?;
    response.into_success(operation)?;
    source.sha256().ok_or_else(|| {
        let reason = "cannot complete the upload: object storage responded before it received the whole document";
        Error::new(ErrorKind::UnexpectedResponse, reason)
    })
}

/// Returns the operation and headers that the session requires. The client sets the content length itself.
fn operation_and_headers(
    session: &CreateFileUploadResponse,
) -> Option<(&'static Operation, HeaderMap)> {
    let mut headers = HeaderMap::new();
    for (name, value) in session.upload_headers.iter().flatten() {
        let name = HeaderName::try_from(name).ok()?;
        let mut value = HeaderValue::try_from(value).ok()?;
        value.set_sensitive(true);
        if ![CONTENT_LENGTH, HOST, TRANSFER_ENCODING].contains(&name) {
            headers.insert(name, value);
        }
    }
    let method = session.upload_method.as_deref().unwrap_or("PUT");
    Some((object_storage::upload_with(method)?, headers))
}
