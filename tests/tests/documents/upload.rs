//! Uploads: the session, the bytes to the storage, the completion.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use http::Method;
use retab_ext::{Document, ErrorKind, RequestOptions};
use retab_fake::{FakeRetab, Response};
use serde_json::{Value, json};

use crate::fixture::{Impatient, RawStorage, Step, client_of, client_with, content, file, rewrite};

const EMPTY_OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

fn body(fake: &FakeRetab, at: usize) -> Value {
    serde_json::from_slice(&fake.requests()[at].body).unwrap()
}

#[tokio::test]
async fn a_document_goes_through_a_session_to_the_storage_and_is_completed_by_its_hash() {
    let fake = FakeRetab::start().await;
    let (_folder, path) = file("catalogue.csv", content(300_000));
    let told = Arc::new(Mutex::new(Vec::new()));
    let progress = Arc::clone(&told);
    let stored = client_of(&fake)
        .files()
        .upload(Document::path(&path))
        .on_progress(move |sent, total| progress.lock().unwrap().push((sent, total)))
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
    // The fake compares it with what it has.
    assert_eq!(body(&fake, 1), json!({ "sha256": stored.sha256() }));
    assert_eq!(
        fake.requests()[1].path,
        "/v1/files/upload/file_000001/complete"
    );

    let told = told.lock().unwrap();
    assert!(told.len() > 2 && told.is_sorted() && told.iter().all(|(_, total)| *total == 300_000));
    assert_eq!(told.last(), Some(&(300_000, 300_000)));
    assert!(!format!("{stored:?}").contains("SIGNATURE"));
}

#[tokio::test]
async fn the_storage_gets_the_given_headers_and_nothing_of_ours() {
    let fake = FakeRetab::start().await;
    let files = client_of(&fake).files();
    files.upload(Document::text("a text")).send().await.unwrap();
    let sent = &fake.storage_requests()[0];
    assert_eq!(sent.method, Method::PUT);
    assert_eq!(sent.header("content-length"), Some("6"));
    assert_eq!(sent.header("transfer-encoding"), None);
    assert_eq!(sent.header("content-type"), Some("text/plain"));
    assert_eq!(sent.header("x-upload-token"), Some("token-of-file_000001"));
    let names: BTreeSet<_> = sent.headers.keys().map(http::HeaderName::as_str).collect();
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
async fn sizes_above_four_gigabytes_fit() {
    let fake = FakeRetab::start().await;
    let (_folder, path) = file("large.bin", "");
    let size = 5 * 1024 * 1024 * 1024;
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    file.set_len(size).unwrap();
    fake.queue_response(Response::json(422, &json!({ "detail": "enough seen" })));
    let files = client_of(&fake).files();
    files.upload(Document::path(path)).send().await.unwrap_err();
    assert_eq!(body(&fake, 0)["size_bytes"], size);
}

#[tokio::test]
async fn the_sending_is_tried_again_from_its_start() {
    let fake = FakeRetab::start().await;
    fake.queue_storage_response(Response::new(503, "application/xml", "<Error/>"));
    fake.queue_storage_response(Response::empty(408));
    let clock = Impatient::default();
    let (_folder, path) = file("a.bin", content(200_000));
    let told = Arc::new(Mutex::new(Vec::new()));
    let progress = Arc::clone(&told);
    let upload = client_with(&fake, clock.clone())
        .files()
        .upload(Document::path(path));
    upload
        .on_progress(move |sent, _| progress.lock().unwrap().push(sent))
        .send()
        .await
        .unwrap();
    let sent = fake.storage_requests();
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|sent| sent.body == content(200_000)));
    assert_eq!((fake.requests().len(), clock.pauses()), (2, 2));
    let told = told.lock().unwrap();
    assert_eq!(told.iter().filter(|sent| **sent == 200_000).count(), 3);
    assert!(!told.is_sorted(), "it is told from its start each time");
}

#[tokio::test]
async fn a_connection_that_is_reset_within_the_bytes_is_tried_again() {
    let fake = FakeRetab::start().await;
    let storage = RawStorage::new([Step::ResetAfter(50_000), Step::Response(EMPTY_OK.to_vec())]);
    fake.set_next_upload_url(&storage.url);
    let (_folder, path) = file("a.bin", content(4_000_000));
    let upload = client_of(&fake).files().upload(Document::path(path)).send();
    // The fake's own storage has nothing, which shows that the sending came to its end.
    let refused = upload.await.unwrap_err();
    assert_eq!(refused.code(), Some("size_mismatch"));
    assert!(storage.bodies()[1] == content(4_000_000));
}

#[tokio::test]
async fn a_storage_that_stays_away_is_told_with_the_last_error() {
    let fake = FakeRetab::start().await;
    for _ in 0..9 {
        fake.queue_storage_response(Response::new(503, "text/plain", "HUNTER2"));
    }
    let files = client_of(&fake).files();
    let refused = files
        .upload(Document::bytes("a.pdf", "a"))
        .send()
        .await
        .unwrap_err();
    assert_eq!(fake.storage_requests().len(), 4);
    assert_eq!(
        (refused.kind(), refused.status().unwrap().as_u16()),
        (ErrorKind::Status, 503)
    );
    assert!(refused.is_retryable());
    assert_eq!(
        refused.to_string(),
        "the document a.pdf: upload_to_storage: the object storage returned 503 Service Unavailable, after 4 attempts"
    );
}

#[tokio::test]
async fn a_refusal_of_the_storage_is_told_at_once_and_without_its_url() {
    let fake = FakeRetab::start().await;
    fake.set_next_upload_url(format!(
        "{}/upload/file_000001?signature=HUNTER2",
        fake.storage_url()
    ));
    let files = client_of(&fake).files();
    let refused = files
        .upload(Document::bytes("a.pdf", "a"))
        .send()
        .await
        .unwrap_err();
    assert_eq!(fake.storage_requests().len(), 1);
    assert_eq!(refused.status().unwrap().as_u16(), 403);
    let shown = format!("{refused} {refused:?}");
    assert!(
        !shown.contains("HUNTER2") && !shown.contains("127.0.0.1"),
        "{shown}"
    );

    for url in ["ftp://a.example/HUNTER2", "HUNTER2"] {
        fake.set_next_upload_url(url);
        let refused = files.upload(Document::text("a")).send().await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::UnexpectedResponse);
        assert!(!refused.to_string().contains("HUNTER2"), "{refused}");
    }
}

#[tokio::test]
async fn no_connection_to_the_storage_is_told_as_that() {
    let fake = FakeRetab::start().await;
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    fake.set_next_upload_url(format!("http://{}/HUNTER2", gone.local_addr().unwrap()));
    drop(gone);
    let files = client_of(&fake).files();
    let refused = files.upload(Document::text("a")).send().await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Connect);
    let shown = format!("{refused} {refused:?}");
    assert!(
        shown.contains("document.txt") && !shown.contains("HUNTER2"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_session_that_has_expired_is_followed_by_a_new_one() {
    let fake = FakeRetab::start().await;
    fake.queue_storage_response(Response::empty(410));
    let files = client_of(&fake).files();
    let stored = files.upload(Document::text("a")).send().await.unwrap();
    assert_eq!(stored.id().as_str(), "file_000002");

    fake.expire_next_upload();
    let stored = files.upload(Document::text("a")).send().await.unwrap();
    assert_eq!(stored.id().as_str(), "file_000004");
    assert_eq!(fake.file("file_000003"), None);
}

#[tokio::test]
async fn sessions_that_always_expire_come_to_an_end() {
    let fake = FakeRetab::start().await;
    for _ in 0..9 {
        fake.queue_storage_response(Response::empty(410));
    }
    let files = client_of(&fake).files();
    let refused = files.upload(Document::text("a")).send().await.unwrap_err();
    assert_eq!(refused.status().unwrap().as_u16(), 410);
    assert_eq!(
        (fake.requests().len(), fake.storage_requests().len()),
        (3, 3)
    );
}

#[tokio::test]
async fn a_mismatch_is_reported_and_not_tried_again() {
    let fake = FakeRetab::start().await;
    fake.corrupt_next_upload();
    let files = client_of(&fake).files();
    let refused = files.upload(Document::text("a")).send().await.unwrap_err();
    assert_eq!(refused.status().unwrap().as_u16(), 422);
    assert_eq!(refused.code(), Some("hash_mismatch"));
    assert!(
        refused
            .to_string()
            .starts_with("the document document.txt: complete_upload_file: "),
        "{refused}"
    );
    assert_eq!(fake.storage_requests().len(), 1);
}

#[tokio::test]
async fn a_document_that_changes_before_it_is_sent_again_is_an_error() {
    let fake = FakeRetab::start().await;
    let (_folder, path) = file("a.csv", "a;b");
    fake.queue_storage_response(Response::empty(503));
    let upload = client_of(&fake).files().upload(Document::path(&path));
    let upload = upload.on_progress(move |_, _| rewrite(&path, "c;d"));
    let refused = upload.send().await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
    let line = refused.to_string();
    assert!(
        line.contains("a.csv") && line.contains("the file changed"),
        "{line}"
    );
    assert_eq!(fake.storage_requests().len(), 1);
}

#[tokio::test]
async fn an_upload_that_is_dropped_is_never_completed() {
    let fake = FakeRetab::start().await;
    let (sender, mut first) = tokio::sync::mpsc::unbounded_channel();
    let files = client_of(&fake).files();
    let upload = files.upload(Document::bytes("a.bin", content(8_000_000)));
    let upload = upload.on_progress(move |sent, _| {
        let _ = sender.send(sent);
    });
    tokio::select! {
        _ = upload.send() => panic!("it ended before it was dropped"),
        sent = first.recv() => assert!(sent.unwrap() < 8_000_000),
    }
    assert_eq!(fake.requests().len(), 1, "a session, and no completion");
    assert_eq!(fake.file("file_000001"), None);
}

#[tokio::test]
async fn what_is_elsewhere_cannot_be_uploaded() {
    let fake = FakeRetab::start().await;
    let files = client_of(&fake).files();
    for document in [
        Document::url("https://storage.googleapis.com/a.pdf"),
        Document::file("https://storage.retab.example/file_1"),
    ] {
        let refused = files.upload(document).send().await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn the_answers_of_the_service_and_of_the_storage_are_told() {
    let fake = FakeRetab::start().await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let options = RequestOptions::new().on_response(move |response| {
        tell.lock().unwrap().push(response.operation());
    });
    let files = client_of(&fake).with(options).files();
    let stored = files.upload(Document::bytes("a.bin", content(10)));
    let id = stored.send().await.unwrap().id().clone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    files.download(id).to_path(path).await.unwrap();
    assert_eq!(
        *told.lock().unwrap(),
        [
            "upload_file",
            "upload_to_storage",
            "complete_upload_file",
            "download_link",
            "download_from_storage",
        ]
    );
}
