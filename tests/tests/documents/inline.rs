//! Documents sent inside the request body.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use retab_ext::{Document, Error, ErrorKind};
use retab_fake::{FakeRetab, Response};
use serde_json::{Value, json};

use crate::fixture::{
    BLOCK, InstantClock, client_for, client_with, content, decode_data_url, file, mime_data,
    rewrite, send_run,
};

#[tokio::test]
async fn sends_base64_with_exact_content_length() {
    for size in [1, 2, 3, 65_535, 65_536, 65_537, 1_000_000] {
        let fake = FakeRetab::start().await;
        send_run(&fake, Document::bytes("a.bin", content(size)))
            .await
            .unwrap();
        let received = &fake.requests()[0];
        let length = received.body.len().to_string();
        assert_eq!(received.header("content-length"), Some(length.as_str()));
        assert_eq!(received.header("transfer-encoding"), None);
        assert!(
            decode_data_url(&mime_data(received).1).1 == content(size),
            "{size}"
        );
    }
}

#[tokio::test]
async fn sends_each_document_under_its_block() {
    let fake = FakeRetab::start().await;
    let (_folder, path) = file("c.csv", "c;3");
    let request = client_for(&fake)
        .workflow("wf_abc123xyz")
        .run()
        .document("z", Document::text("zzz"))
        .document("a", Document::bytes("a.txt", "aaa"))
        .json("j", &json!({"data": "data:text/plain;base64,", "n": 1}))
        .document("c", Document::path(path));
    request.send().await.unwrap();
    let body: Value = serde_json::from_slice(&fake.requests()[0].body).unwrap();
    for (block, media_type, content) in [
        ("z", "text/plain", "zzz"),
        ("a", "text/plain", "aaa"),
        ("c", "text/csv", "c;3"),
    ] {
        let url = body["documents"][block]["url"].as_str().unwrap();
        assert_eq!(
            decode_data_url(url),
            (media_type.to_owned(), content.into())
        );
    }
    assert_eq!(body["json_inputs"]["j"]["data"], "data:text/plain;base64,");
}

#[tokio::test]
async fn cloned_request_rereads_documents() {
    let fake = FakeRetab::start().await;
    let (_folder, path) = file("a.txt", "first");
    let request = client_for(&fake).workflow("wf_abc123xyz").run();
    let request = request
        .document(BLOCK, Document::path(&path))
        .document("reader", Document::reader("r.txt", &b"read once"[..], None));
    request.clone().send().await.unwrap();
    rewrite(&path, "and then longer");
    request.send().await.unwrap();
    let received = fake.requests();
    let contents = received.iter().map(|received| {
        let body: Value = serde_json::from_slice(&received.body).unwrap();
        let reader = body["documents"]["reader"]["url"]
            .as_str()
            .unwrap()
            .to_owned();
        (
            decode_data_url(&mime_data(received).1).1,
            decode_data_url(&reader).1,
        )
    });
    let contents: Vec<_> = contents.collect();
    assert_eq!(contents[0], (b"first".to_vec(), b"read once".to_vec()));
    assert_eq!(
        contents[1],
        (b"and then longer".to_vec(), b"read once".to_vec())
    );
}

/// Creates a run from `path` in two attempts, and calls `between` after the first.
async fn send_twice(
    fake: &FakeRetab,
    path: &Path,
    between: impl Fn() + Send + Sync + 'static,
) -> Result<(), Error> {
    fake.queue_response(Response::new(429, "application/json", "{}"));
    let client = client_with(fake, InstantClock::calling(between));
    let run = client
        .workflow("wf_abc123xyz")
        .run()
        .document("a\"\\ü", Document::path(path));
    let run = run.document("b", Document::text("data:text/plain;base64,"));
    run.send().await.map(drop)
}

#[tokio::test]
async fn encodes_documents_again_for_each_attempt() {
    let fake = FakeRetab::start().await;
    let (_folder, path) = file("\"ü\".csv", content(200_000));
    send_twice(&fake, &path, || ()).await.unwrap();
    let received = fake.requests();
    assert_eq!(received.len(), 2);
    let expected = format!(
        r#"{{"documents":{{"a\"\\ü":{{"filename":"\"ü\".csv","url":"data:text/csv;base64,{}"}},"b":{{"filename":"document.txt","url":"data:text/plain;base64,ZGF0YTp0ZXh0L3BsYWluO2Jhc2U2NCw="}}}},"workflow_id":"wf_abc123xyz"}}"#,
        STANDARD.encode(content(200_000))
    );
    for received in received {
        assert!(received.body == expected.as_bytes());
        let length = expected.len().to_string();
        assert_eq!(received.header("content-length"), Some(length.as_str()));
    }
}

#[tokio::test]
async fn rejects_document_that_changes_between_attempts() {
    let fake = FakeRetab::start().await;
    let (_folder, path) = file("a.csv", "a;b");
    let changed = path.clone();
    let error = send_twice(&fake, &path, move || rewrite(&changed, "a;b;c"));
    let error = error.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let line = error.to_string();
    assert!(
        line.contains("the document a.csv") && line.contains("the file changed"),
        "{line}"
    );
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn regression_07_rejects_invalid_path_before_sending() {
    let fake = FakeRetab::start().await;
    let (folder, empty) = file("empty.pdf", "");
    let missing = folder.path().join("missing.pdf");
    for (path, reason) in [
        (missing.as_path(), "No such file"),
        (&empty, "is empty"),
        (folder.path(), "is a directory"),
        #[cfg(unix)]
        (std::path::Path::new("/dev/null"), "not a regular file"),
    ] {
        let error = send_run(&fake, Document::path(path)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let message = error.to_string();
        assert!(message.contains(&path.display().to_string()), "{message}");
        assert!(
            message.contains(BLOCK) && message.contains(reason),
            "{message}"
        );
    }
    for document in [
        Document::bytes("empty.pdf", ""),
        Document::text(""),
        Document::data_url("data:,"),
        Document::reader("empty.pdf", &b""[..], None),
    ] {
        let error = send_run(&fake, document).await.unwrap_err();
        assert!(error.to_string().ends_with("is empty"), "{error}");
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn rejects_missing_file_before_any_lookup() {
    let fake = FakeRetab::start().await;
    let missing = || Document::path("missing\n.pdf");
    let run = || client_for(&fake).workflow("wf_abc123xyz").run();
    let stored = Document::file(fake.add_file("a.pdf", "%PDF-1.7").as_str());
    for request in [
        run().only_document(missing()),
        run()
            .document("first", stored)
            .document("second", missing()),
    ] {
        let error = request.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let message = error.to_string();
        assert!(message.contains(r"missing\n.pdf"), "{message}");
        assert!(!message.contains('\n'), "{message}");
    }
    assert!(fake.requests().is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn rejects_unreadable_file_without_sending() {
    use std::os::unix::fs::PermissionsExt as _;

    let fake = FakeRetab::start().await;
    let (_folder, path) = file("locked.pdf", "%PDF-");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&path).is_ok() {
        // Root ignores file permissions.
        return;
    }
    let error = send_run(&fake, Document::path(path)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(
        error.to_string().contains("cannot read the document"),
        "{error}"
    );
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn regression_24_debug_redacts_documents() {
    let fake = FakeRetab::start().await;
    let (_folder, path) = file("a.txt", "HUNTER2");
    let documents = [
        Document::path(path),
        Document::bytes("a.txt", "HUNTER2"),
        Document::reader("a.txt", &b"HUNTER2"[..], None),
        Document::text("HUNTER2"),
        Document::data_url("data:text/plain,HUNTER2"),
        Document::url("https://storage.googleapis.com/a.txt?signature=HUNTER2"),
        Document::file("https://storage.googleapis.com/a.txt?signature=HUNTER2"),
    ];
    for document in documents {
        let debug = format!("{document:?}");
        assert!(
            debug.starts_with("Document {") && !debug.contains("HUNTER2"),
            "{debug}"
        );
        let upload = client_for(&fake).files().upload(document.clone());
        let debug = format!("{upload:?}");
        assert!(!debug.contains("HUNTER2"), "{debug}");
        let request = client_for(&fake)
            .workflow("wf_abc123xyz")
            .run()
            .document(BLOCK, document);
        let debug = format!("{request:?}");
        assert!(
            debug.contains(BLOCK) && !debug.contains("HUNTER2"),
            "{debug}"
        );
    }
}
