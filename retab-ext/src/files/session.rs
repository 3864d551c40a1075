//! The upload of one document: a session, its bytes to the storage, and the completion.

use std::sync::Arc;

use http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use retab_api::RequestOptions;
use retab_api::runtime::{Body, Operation, Pieces};
use retab_api::types::{CompleteFileUploadRequest, CreateFileUploadResponse, UploadFileRequest};

use super::object_storage as storage;
use super::progress_source::{Progress, ProgressSource};
use crate::client::Client;
use crate::document::Content;
use crate::error::{Error, ErrorKind};
use crate::stored_file::StoredFile;
use crate::transport::Subrequest;

/// Uploads a document.
///
/// # Errors
/// Those of a call, of the storage, and of a document that cannot be read.
pub(crate) async fn upload(
    client: &Client,
    content: &Content,
    progress: Option<&Progress>,
) -> Result<StoredFile, Error> {
    let uploaded = through_sessions(client, content, progress).await;
    uploaded.map_err(|error| error.about(content.label()))
}

async fn through_sessions(
    client: &Client,
    content: &Content,
    progress: Option<&Progress>,
) -> Result<StoredFile, Error> {
    let mut sessions_left = storage::URLS - 1;
    loop {
        let session = open(client, content).await?;
        match through(client, session, content, progress).await {
            Err(error) if error.status() == Some(StatusCode::GONE) && sessions_left > 0 => {
                sessions_left -= 1;
            }
            end => return end,
        }
    }
}

async fn open(client: &Client, content: &Content) -> Result<CreateFileUploadResponse, Error> {
    let size = i64::try_from(content.source.size())
        .map_err(|_| Error::invalid_request("it is too large"))?;
    let request = UploadFileRequest::builder()
        .filename(content.name.as_str())
        .content_type(content.media_type.as_str())
        .size_bytes(size);
    // A session that has expired is followed by another one, which the same key would not give.
    let options = RequestOptions::new().with_extension(Subrequest);
    let session = client.api().with(options).upload_file().body(request);
    Ok(session.send().await?.into_inner())
}

async fn through(
    client: &Client,
    session: CreateFileUploadResponse,
    content: &Content,
    progress: Option<&Progress>,
) -> Result<StoredFile, Error> {
    let sha256 = put(client, &session, content, progress).await?;
    let completion = client
        .api()
        .complete_upload_file()
        .file_id(&session.file_id)
        .body(CompleteFileUploadRequest::builder().sha256(sha256.as_str()));
    let stored = completion.send().await?.into_inner();
    Ok(StoredFile {
        id: session.file_id.into(),
        name: stored.filename,
        storage_url: stored.url,
        size: content.source.size(),
        sha256,
    })
}

/// Sends all bytes to the storage, and gives their SHA-256.
async fn put(
    client: &Client,
    session: &CreateFileUploadResponse,
    content: &Content,
    progress: Option<&Progress>,
) -> Result<String, Error> {
    let (operation, headers) = wanted(session).ok_or_else(|| {
        let reason = "the service asks for a request to the storage that cannot be made";
        Error::new(ErrorKind::UnexpectedResponse, reason)
    })?;
    let source = Arc::new(ProgressSource::new(
        Arc::clone(&content.source),
        progress.cloned(),
    ));
    let body = Body::Pieces {
        content_type: HeaderValue::from_static("application/octet-stream"),
        pieces: Pieces::new().with_source("it", Arc::clone(&source) as _),
    };
    let request = storage::request(client, operation, &session.upload_url, headers, body)?;
    let as_it_is = |answer| std::future::ready(Ok(answer));
    let answer = client.storage().execute(&request, as_it_is).await?;
    answer.into_success(operation)?;
    source.sha256().ok_or_else(|| {
        let reason = "the storage answered before it had the whole document";
        Error::new(ErrorKind::UnexpectedResponse, reason)
    })
}

/// The request and the headers that the session asks for. The length is that of the body, whatever it says.
fn wanted(session: &CreateFileUploadResponse) -> Option<(&'static Operation, HeaderMap)> {
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
    Some((storage::upload_by(method)?, headers))
}
