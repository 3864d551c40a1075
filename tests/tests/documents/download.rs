//! Downloads to streams, writers, paths and folders.

use std::path::Path;

use futures_util::TryStreamExt as _;
use retab_ext::{Download, ErrorKind};
use retab_fake::{FakeRetab, Response};
use serde_json::json;

use crate::fixture::{RawStorage, Step, client_for, content, file, names};

fn download(fake: &FakeRetab, id: &str) -> Download {
    client_for(fake).file(id).download()
}

/// Returns a response with `Content-Length: 10` and this body.
fn response_of_length_10(body: &str) -> Vec<u8> {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\nconnection: close\r\n\r\n";
    format!("{head}{body}").into()
}

#[tokio::test]
async fn stream_exposes_name_and_size() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("a.bin", content(300_000));
    let stream = download(&fake, &id).stream().await.unwrap();
    assert_eq!((stream.name(), stream.size()), ("a.bin", Some(300_000)));
    assert!(!format!("{stream:?}").contains("127.0.0.1"));
    let chunks: Vec<_> = stream.try_collect().await.unwrap();
    assert!(chunks.concat() == content(300_000));
    // The fake storage rejects these headers; this assertion names them.
    let request = &fake.storage_requests()[0];
    for name in ["api-key", "authorization", "referer", "cookie"] {
        assert!(!request.headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn downloads_to_writer() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("a.bin", content(300_000));
    let mut written = Vec::new();
    let size = download(&fake, &id).to_writer(&mut written).await.unwrap();
    assert!(size == 300_000 && written == content(300_000));

    let (mut writer, reader) = tokio::io::duplex(16);
    drop(reader);
    let error = download(&fake, &id)
        .to_writer(&mut writer)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Other);
    assert!(
        error
            .to_string()
            .contains("file_000001: cannot write to the writer"),
        "{error}"
    );
}

#[tokio::test]
async fn download_to_path_replaces_existing_file() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("../evil.bin", content(300_000));
    let (folder, path) = file("a.bin", "existing content");
    assert_eq!(download(&fake, &id).to_path(&path).await.unwrap(), 300_000);
    assert!(std::fs::read(&path).unwrap() == content(300_000));
    assert_eq!(names(folder.path()), ["a.bin"]);
}

#[cfg(unix)]
#[tokio::test]
async fn downloaded_file_has_default_permissions() {
    use std::os::unix::fs::PermissionsExt as _;

    let fake = FakeRetab::start().await;
    let id = fake.add_file("a.bin", "a");
    let (folder, new) = file("new", "");
    let path = folder.path().join("downloaded");
    download(&fake, &id).to_path(&path).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&path), mode(&new));
}

#[tokio::test]
async fn download_to_folder_sanitizes_names_and_replaces_nothing() {
    let fake = FakeRetab::start().await;
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("downloads");
    std::fs::create_dir(&folder).unwrap();
    for (name, used) in [
        ("invoice.pdf", "invoice.pdf"),
        ("invoice.pdf", "invoice (2).pdf"),
        ("../escaped.pdf", "escaped.pdf"),
        (r"..\..\escaped.pdf", "escaped (2).pdf"),
        ("/tmp/absolute.pdf", "absolute.pdf"),
        (".hidden", "hidden"),
        ("..", "document"),
    ] {
        let id = fake.add_file(name, name.to_owned());
        let path = download(&fake, &id).to_folder(&folder).await.unwrap();
        assert_eq!(path, folder.join(used), "{name}");
        assert_eq!(std::fs::read(&path).unwrap(), name.as_bytes());
    }
    assert_eq!(names(outer.path()), ["downloads"]);
    assert_eq!(names(&folder).len(), 7);
}

#[tokio::test]
async fn retries_storage_errors_and_replaces_expired_url() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("a.bin", "content");
    for status in [503, 410] {
        fake.queue_storage_response(Response::empty(status));
    }
    let mut written = Vec::new();
    download(&fake, &id).to_writer(&mut written).await.unwrap();
    assert_eq!(written, b"content");
    assert_eq!(
        (fake.requests().len(), fake.storage_requests().len()),
        (2, 3)
    );
}

#[tokio::test]
async fn does_not_retry_rejected_download() {
    let fake = FakeRetab::start().await;
    let (folder, path) = file("a.bin", "existing content");
    let error = download(&fake, "file_unknown")
        .to_path(&path)
        .await
        .unwrap_err();
    assert!(
        error.is_not_found() && fake.requests().len() == 1,
        "{error}"
    );

    let id = fake.add_file("a.bin", "content");
    fake.queue_storage_response(Response::new(
        403,
        "application/xml",
        "<Error>HUNTER2</Error>",
    ));
    let error = download(&fake, &id).to_path(&path).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "file_000001: download_from_storage: the object storage returned 403 Forbidden"
    );
    fake.queue_response(Response::json(
        200,
        &json!({"download_url": "HUNTER2", "expires_in": "1 h", "filename": "a"}),
    ));
    let error = download(&fake, &id).to_path(&path).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    assert!(!error.to_string().contains("HUNTER2"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"existing content");
    assert_eq!(names(folder.path()), ["a.bin"]);
}

#[tokio::test]
async fn stream_reports_truncated_body() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("a.bin", "0123456789");
    let storage = RawStorage::new([Step::Response(response_of_length_10("01234"))]);
    fake.set_next_download_url(&storage.url);
    let stream = download(&fake, &id).stream().await.unwrap();
    let error = stream.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    let message = error.to_string();
    assert!(
        message.contains("file_000001: download_from_storage") && !message.contains("127.0.0.1"),
        "{message}"
    );
}

#[tokio::test]
async fn download_to_path_retries_truncated_body() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("a.bin", "0123456789");
    let storage = RawStorage::new([
        Step::Response(response_of_length_10("01234")),
        Step::Response(response_of_length_10("0123456789")),
    ]);
    fake.set_next_download_url(&storage.url);
    let (folder, path) = file("a.bin", "existing content");
    assert_eq!(download(&fake, &id).to_path(&path).await.unwrap(), 10);
    assert_eq!(std::fs::read(&path).unwrap(), b"0123456789");
    assert_eq!(names(folder.path()), ["a.bin"]);
}

#[tokio::test]
async fn error_names_missing_folder() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("a.bin", "a");
    let error = download(&fake, &id)
        .to_path("no/such/folder/a.bin")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Other);
    assert!(error.to_string().contains("no/such/folder"), "{error}");
}

#[test]
fn dropping_download_removes_temporary_file() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (folder, path) = file("a.bin", "existing content");
    runtime.block_on(async {
        let fake = FakeRetab::start().await;
        let id = fake.add_file("a.bin", "0123456789");
        let storage = RawStorage::new([Step::Hold(response_of_length_10("01234"))]);
        fake.set_next_download_url(&storage.url);
        let first_bytes = async {
            // The temporary file appears next to the target with the first bytes.
            while names(folder.path()).len() < 2 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = download(&fake, &id).to_path(&path) => panic!("the download finished before it was dropped"),
            () = first_bytes => {}
        }
    });
    // Waits for blocking tasks.
    drop(runtime);
    assert_eq!(names(folder.path()), ["a.bin"]);
    assert_eq!(std::fs::read(&path).unwrap(), b"existing content");
}
