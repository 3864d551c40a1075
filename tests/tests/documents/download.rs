//! Downloads: as a stream, to a writer, to a path, into a folder.

use std::path::Path;

use futures_util::TryStreamExt as _;
use retab_ext::{Download, ErrorKind};
use retab_fake::{FakeRetab, Response};
use serde_json::json;

use crate::fixture::{RawStorage, Step, client_of, content, file, names};

fn download(fake: &FakeRetab, id: &str) -> Download {
    client_of(fake).files().download(id)
}

/// An answer that says to be ten bytes long and has these.
fn ten(body: &str) -> Vec<u8> {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\nconnection: close\r\n\r\n";
    format!("{head}{body}").into()
}

#[tokio::test]
async fn a_file_is_a_stream_with_a_name_and_a_size() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("a.bin", content(300_000));
    let stream = download(&fake, &id).stream().await.unwrap();
    assert_eq!((stream.name(), stream.size()), ("a.bin", Some(300_000)));
    assert!(!format!("{stream:?}").contains("127.0.0.1"));
    let chunks: Vec<_> = stream.try_collect().await.unwrap();
    assert!(chunks.concat() == content(300_000));
    // The storage of the fake refuses them; this says which they would be.
    let sent = &fake.storage_requests()[0];
    for name in ["api-key", "authorization", "referer", "cookie"] {
        assert!(!sent.headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn a_file_goes_to_a_writer() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("a.bin", content(300_000));
    let mut written = Vec::new();
    let size = download(&fake, &id).to_writer(&mut written).await.unwrap();
    assert!(size == 300_000 && written == content(300_000));

    let (mut writer, reader) = tokio::io::duplex(16);
    drop(reader);
    let failed = download(&fake, &id)
        .to_writer(&mut writer)
        .await
        .unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::Other);
    assert!(
        failed.to_string().contains("file_000001 cannot be written"),
        "{failed}"
    );
}

#[tokio::test]
async fn a_file_goes_to_a_path_in_place_of_what_is_there() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("../evil.bin", content(300_000));
    let (folder, path) = file("a.bin", "what was there");
    assert_eq!(download(&fake, &id).to_path(&path).await.unwrap(), 300_000);
    assert!(std::fs::read(&path).unwrap() == content(300_000));
    assert_eq!(names(folder.path()), ["a.bin"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_has_the_permissions_of_a_new_one() {
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
async fn a_name_of_the_server_stays_in_the_folder_and_replaces_nothing() {
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
async fn a_fault_of_the_storage_is_tried_again_and_an_expired_link_replaced() {
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
async fn a_refusal_is_told_at_once() {
    let fake = FakeRetab::start().await;
    let (folder, path) = file("a.bin", "what was there");
    let refused = download(&fake, "file_unknown")
        .to_path(&path)
        .await
        .unwrap_err();
    assert!(
        refused.is_not_found() && fake.requests().len() == 1,
        "{refused}"
    );

    let id = fake.add_file("a.bin", "content");
    fake.queue_storage_response(Response::new(
        403,
        "application/xml",
        "<Error>HUNTER2</Error>",
    ));
    let refused = download(&fake, &id).to_path(&path).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "file_000001: download_from_storage: the object storage returned 403 Forbidden"
    );
    fake.queue_response(Response::json(
        200,
        &json!({"download_url": "HUNTER2", "expires_in": "1 h", "filename": "a"}),
    ));
    let refused = download(&fake, &id).to_path(&path).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::UnexpectedResponse);
    assert!(!refused.to_string().contains("HUNTER2"), "{refused}");
    assert_eq!(std::fs::read(&path).unwrap(), b"what was there");
    assert_eq!(names(folder.path()), ["a.bin"]);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_an_error_of_the_stream() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("a.bin", "0123456789");
    let storage = RawStorage::new([Step::Response(ten("01234"))]);
    fake.set_next_download_url(&storage.url);
    let stream = download(&fake, &id).stream().await.unwrap();
    let failed = stream.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::Transport);
    let line = failed.to_string();
    assert!(
        line.contains("file_000001: download_from_storage") && !line.contains("127.0.0.1"),
        "{line}"
    );
}

#[tokio::test]
async fn a_body_that_breaks_off_is_tried_again_on_the_way_to_a_path() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("a.bin", "0123456789");
    let storage = RawStorage::new([
        Step::Response(ten("01234")),
        Step::Response(ten("0123456789")),
    ]);
    fake.set_next_download_url(&storage.url);
    let (folder, path) = file("a.bin", "what was there");
    assert_eq!(download(&fake, &id).to_path(&path).await.unwrap(), 10);
    assert_eq!(std::fs::read(&path).unwrap(), b"0123456789");
    assert_eq!(names(folder.path()), ["a.bin"]);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_told_by_its_path() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("a.bin", "a");
    let failed = download(&fake, &id)
        .to_path("no/such/folder/a.bin")
        .await
        .unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::Other);
    assert!(failed.to_string().contains("no/such/folder"), "{failed}");
}

#[test]
fn a_download_that_is_dropped_leaves_nothing() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (folder, path) = file("a.bin", "what was there");
    runtime.block_on(async {
        let fake = FakeRetab::start().await;
        let id = fake.add_file("a.bin", "0123456789");
        let storage = RawStorage::new([Step::Hold(ten("01234"))]);
        fake.set_next_download_url(&storage.url);
        let beginning = async {
            // Its file stands beside the one that it would replace as soon as there are bytes.
            while names(folder.path()).len() < 2 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = download(&fake, &id).to_path(&path) => panic!("it ended before it was dropped"),
            () = beginning => {}
        }
    });
    // It waits for what is done on other threads.
    drop(runtime);
    assert_eq!(names(folder.path()), ["a.bin"]);
    assert_eq!(std::fs::read(&path).unwrap(), b"what was there");
}
