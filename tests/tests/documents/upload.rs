//! Uploads: session, transfer to object storage, completion.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use http::Method;
use retab_ext::{Document, ErrorKind, RequestOptions};
use retab_fake::{FakeRetab, Response};
use serde_json::{Value, json};

use crate::fixture::{
    InstantClock, RawStorage, Step, client_for, client_with, content, file, rewrite,
};

const EMPTY_OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

fn body(fake: &FakeRetab, at: usize) -> Value {
    serde_json::from_slice(&fake.requests()[at].body).unwrap()
}

#[tokio::test]
async fn uploads_through_session_and_completes_with_hash() {
    let fake = FakeRetab::start().await;
    let (_folder, path) = file("catalogue.csv", content(300_000));
    let progress = Arc::new(Mutex::new(Vec::new()));
    let observed = Arc::clone(&progress);
    let stored = client_for(&fake)
        .files()
        .upload(Document::path(&path))
        .on_progress(move |sent, total| observed.lock().unwrap().push((sent, total)))
        .send()
        .await
        .unwrap();

    assert_eq!(stored.id().as_str(), "file_000001");
    assert_eq!((stored.name(), stored.size()), ("catalogue.csv", 300_000));
    assert!(stored.storage_url().contains("file_000001"));
    assert!(fake.file("file_000001").unwrap() == content(300_000));
    let session = json!({
        "filename": "catalogue.csv",
        "size_bytes": 300_000,
        "content_type": "text/csv",
    });
    assert_eq!(body(&fake, 0), session);
    // The fake compares the hash with the stored content.
    assert_eq!(body(&fake, 1), json!({ "sha256": stored.sha256() }));
    assert_eq!(
        fake.requests()[1].path,
        "/v1/files/upload/file_000001/complete"
    );

    let progress = progress.lock().unwrap();
    assert!(
        progress.len() > 2
            && progress.is_sorted()
            && progress.iter().all(|(_, total)| *total == 300_000)
    );
    assert_eq!(progress.last(), Some(&(300_000, 300_000)));
    assert!(!format!("{stored:?}").contains("SIGNATURE"));
}

#[tokio::test]
async fn storage_receives_only_session_headers() {
    let fake = FakeRetab::start().await;
    let files = client_for(&fake).files();
    files.upload(Document::text("a text")).send().await.unwrap();
    let request = &fake.storage_requests()[0];
    assert_eq!(request.method, Method::PUT);
    assert_eq!(request.header("content-length"), Some("6"));
    assert_eq!(request.header("transfer-encoding"), None);
    assert_eq!(request.header("content-type"), Some("text/plain"));
    assert_eq!(
        request.header("x-upload-token"),
        Some("token-of-file_000001")
    );
    let names: BTreeSet<_> = request
        .headers
        .keys()
        .map(http::HeaderName::as_str)
        .collect();
    let allowed = [
        "accept",
        "content-length",
        "content-type",
        "host",
        "user-agent",
        "x-upload-token",
    ];
    assert!(names.is_subset(&BTreeSet::from(allowed)), "{names:?}");
}

#[tokio::test]
async fn supports_sizes_above_4_gib() {
    let fake = FakeRetab::start().await;
    let (_folder, path) = file("large.bin", "");
    let size = 5 * 1024 * 1024 * 1024;
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_len(size).unwrap();
    fake.queue_response(Response::json(422, &json!({ "detail": "stop here" })));
    let files = client_for(&fake).files();
    files.upload(Document::path(path)).send().await.unwrap_err();
    assert_eq!(body(&fake, 0)["size_bytes"], size);
}

#[tokio::test]
async fn retries_transfer_from_start() {
    let fake = FakeRetab::start().await;
    fake.queue_storage_response(Response::new(503, "application/xml", "<Error/>"));
    fake.queue_storage_response(Response::empty(408));
    let clock = InstantClock::default();
    let (_folder, path) = file("a.bin", content(200_000));
    let progress = Arc::new(Mutex::new(Vec::new()));
    let observed = Arc::clone(&progress);
    let upload = client_with(&fake, clock.clone())
        .files()
        .upload(Document::path(path));
    upload
        .on_progress(move |sent, _| observed.lock().unwrap().push(sent))
        .send()
        .await
        .unwrap();
    let received = fake.storage_requests();
    assert_eq!(received.len(), 3);
    assert!(
        received
            .iter()
            .all(|request| request.body == content(200_000))
    );
    assert_eq!((fake.requests().len(), clock.sleeps()), (2, 2));
    let progress = progress.lock().unwrap();
    assert_eq!(progress.iter().filter(|sent| **sent == 200_000).count(), 3);
    assert!(!progress.is_sorted(), "progress restarts with each attempt");
}

#[tokio::test]
async fn retries_transfer_after_reset() {
    let fake = FakeRetab::start().await;
    let storage = RawStorage::new([Step::ResetAfter(50_000), Step::Response(EMPTY_OK.to_vec())]);
    fake.set_next_upload_url(&storage.url);
    let (_folder, path) = file("a.bin", content(4_000_000));
    let upload = client_for(&fake)
        .files()
        .upload(Document::path(path))
        .send();
    // The fake storage received nothing, so this error proves that the transfer completed.
    let error = upload.await.unwrap_err();
    assert_eq!(error.code(), Some("size_mismatch"));
    assert!(storage.bodies()[1] == content(4_000_000));
}

#[tokio::test]
async fn returns_last_error_of_unavailable_storage() {
    let fake = FakeRetab::start().await;
    for _ in 0..9 {
        fake.queue_storage_response(Response::new(503, "text/plain", "HUNTER2"));
    }
    let files = client_for(&fake).files();
    let error = files
        .upload(Document::bytes("a.pdf", "a"))
        .send()
        .await
        .unwrap_err();
    assert_eq!(fake.storage_requests().len(), 4);
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Status, 503)
    );
    assert!(error.is_retryable());
    assert_eq!(
        error.to_string(),
        "the document a.pdf: upload_to_storage: the object storage returned 503 Service Unavailable, after 4 attempts"
    );
}

#[tokio::test]
async fn does_not_retry_storage_rejection_and_redacts_url() {
    let fake = FakeRetab::start().await;
    fake.set_next_upload_url(format!(
        "{}/upload/file_000001?signature=HUNTER2",
        fake.storage_url()
    ));
    let files = client_for(&fake).files();
    let error = files
        .upload(Document::bytes("a.pdf", "a"))
        .send()
        .await
        .unwrap_err();
    assert_eq!(fake.storage_requests().len(), 1);
    assert_eq!(error.status().unwrap().as_u16(), 403);
    let text = format!("{error} {error:?}");
    assert!(
        !text.contains("HUNTER2") && !text.contains("127.0.0.1"),
        "{text}"
    );

    for url in ["ftp://a.example/HUNTER2", "HUNTER2"] {
        fake.set_next_upload_url(url);
        let error = files.upload(Document::text("a")).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
        assert!(!error.to_string().contains("HUNTER2"), "{error}");
    }
}

#[tokio::test]
async fn reports_connect_error_of_storage() {
    let fake = FakeRetab::start().await;
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    fake.set_next_upload_url(format!("http://{}/HUNTER2", gone.local_addr().unwrap()));
    drop(gone);
    let files = client_for(&fake).files();
    let error = files.upload(Document::text("a")).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    let text = format!("{error} {error:?}");
    assert!(
        text.contains("document.txt") && !text.contains("HUNTER2"),
        "{text}"
    );
}

#[tokio::test]
async fn replaces_expired_session() {
    let fake = FakeRetab::start().await;
    fake.queue_storage_response(Response::empty(410));
    let files = client_for(&fake).files();
    let stored = files.upload(Document::text("a")).send().await.unwrap();
    assert_eq!(stored.id().as_str(), "file_000002");

    fake.expire_next_upload();
    let stored = files.upload(Document::text("a")).send().await.unwrap();
    assert_eq!(stored.id().as_str(), "file_000004");
    assert_eq!(fake.file("file_000003"), None);
}

#[tokio::test]
async fn limits_sessions_per_upload() {
    let fake = FakeRetab::start().await;
    for _ in 0..9 {
        fake.queue_storage_response(Response::empty(410));
    }
    let files = client_for(&fake).files();
    let error = files.upload(Document::text("a")).send().await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 410);
    assert_eq!(
        (fake.requests().len(), fake.storage_requests().len()),
        (3, 3)
    );
}

#[tokio::test]
async fn does_not_retry_hash_mismatch() {
    let fake = FakeRetab::start().await;
    fake.corrupt_next_upload();
    let files = client_for(&fake).files();
    let error = files.upload(Document::text("a")).send().await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 422);
    assert_eq!(error.code(), Some("hash_mismatch"));
    assert!(
        error
            .to_string()
            .starts_with("the document document.txt: complete_upload_file: "),
        "{error}"
    );
    assert_eq!(fake.storage_requests().len(), 1);
}

#[tokio::test]
async fn rejects_document_changed_before_retry() {
    let fake = FakeRetab::start().await;
    let (_folder, path) = file("a.csv", "a;b");
    fake.queue_storage_response(Response::empty(503));
    let upload = client_for(&fake).files().upload(Document::path(&path));
    let upload = upload.on_progress(move |_, _| rewrite(&path, "c;d"));
    let error = upload.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let message = error.to_string();
    assert!(
        message.contains("a.csv") && message.contains("the file changed"),
        "{message}"
    );
    assert_eq!(fake.storage_requests().len(), 1);
}

#[tokio::test]
async fn dropped_upload_is_never_completed() {
    let fake = FakeRetab::start().await;
    let (sender, mut first) = tokio::sync::mpsc::unbounded_channel();
    let files = client_for(&fake).files();
    let upload = files.upload(Document::bytes("a.bin", content(8_000_000)));
    let upload = upload.on_progress(move |sent, _| {
        let _ = sender.send(sent);
    });
    tokio::select! {
        _ = upload.send() => panic!("the upload finished before it was dropped"),
        sent = first.recv() => assert!(sent.unwrap() < 8_000_000),
    }
    assert_eq!(fake.requests().len(), 1, "a session without a completion");
    assert_eq!(fake.file("file_000001"), None);
}

#[tokio::test]
async fn rejects_upload_of_remote_documents() {
    let fake = FakeRetab::start().await;
    let files = client_for(&fake).files();
    for document in [
        Document::url("https://storage.googleapis.com/a.pdf"),
        Document::file("https://storage.retab.example/file_1"),
        Document::file("file_1"),
    ] {
        let error = files.upload(document).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn observer_receives_service_and_storage_responses() {
    let fake = FakeRetab::start().await;
    let operations = Arc::new(Mutex::new(Vec::new()));
    let observed = Arc::clone(&operations);
    let options = RequestOptions::new().on_response(move |response| {
        observed.lock().unwrap().push(response.operation());
    });
    let client = client_for(&fake).with(options);
    let stored = client.files().upload(Document::bytes("a.bin", content(10)));
    let id = stored.send().await.unwrap().id().clone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    client.file(id).download().to_path(path).await.unwrap();
    assert_eq!(
        *operations.lock().unwrap(),
        [
            "upload_file",
            "upload_to_storage",
            "complete_upload_file",
            "download_link",
            "download_from_storage",
        ]
    );
}
