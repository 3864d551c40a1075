//! Documents within the request.

use retab_ext::{Document, ErrorKind};
use retab_fake::FakeRetab;
use serde_json::{Value, json};

use crate::fixture::{BLOCK, client_of, content, decoded, file, mime_data, rewrite, send};

#[tokio::test]
async fn the_base64_is_sent_with_an_exact_content_length() {
    for size in [1, 2, 3, 65_535, 65_536, 65_537, 1_000_000] {
        let fake = FakeRetab::start().await;
        send(&fake, Document::bytes("a.bin", content(size)))
            .await
            .unwrap();
        let received = &fake.requests()[0];
        let length = received.body.len().to_string();
        assert_eq!(received.header("content-length"), Some(length.as_str()));
        assert_eq!(received.header("transfer-encoding"), None);
        assert!(decoded(&mime_data(received).1).1 == content(size), "{size}");
    }
}

#[tokio::test]
async fn each_document_stands_in_its_own_block() {
    let fake = FakeRetab::start().await;
    let (_folder, path) = file("c.csv", "c;3");
    let request = client_of(&fake)
        .run("wf_abc123xyz")
        .document("z", Document::text("zzz"))
        .document("a", Document::bytes("a.txt", "aaa"))
        .json("j", &json!({"data": "data:text/plain;base64,", "n": 1}))
        .unwrap()
        .document("c", Document::path(path));
    request.send().await.unwrap();
    let body: Value = serde_json::from_slice(&fake.requests()[0].body).unwrap();
    for (block, media_type, content) in [
        ("z", "text/plain", "zzz"),
        ("a", "text/plain", "aaa"),
        ("c", "text/csv", "c;3"),
    ] {
        let url = body["documents"][block]["url"].as_str().unwrap();
        assert_eq!(decoded(url), (media_type.to_owned(), content.into()));
    }
    assert_eq!(body["json_inputs"]["j"]["data"], "data:text/plain;base64,");
}

#[tokio::test]
async fn the_same_description_can_be_sent_again_and_reads_anew() {
    let fake = FakeRetab::start().await;
    let (_folder, path) = file("a.txt", "first");
    let request = client_of(&fake).run("wf_abc123xyz");
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
        (decoded(&mime_data(received).1).1, decoded(&reader).1)
    });
    let contents: Vec<_> = contents.collect();
    assert_eq!(contents[0], (b"first".to_vec(), b"read once".to_vec()));
    assert_eq!(
        contents[1],
        (b"and then longer".to_vec(), b"read once".to_vec())
    );
}

#[tokio::test]
async fn rival_07_a_path_that_is_no_document_is_an_error_before_anything_is_sent() {
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
        let refused = send(&fake, Document::path(path)).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
        let line = refused.to_string();
        assert!(line.contains(&path.display().to_string()), "{line}");
        assert!(line.contains(BLOCK) && line.contains(reason), "{line}");
    }
    for document in [
        Document::bytes("empty.pdf", ""),
        Document::text(""),
        Document::data_url("data:,"),
        Document::reader("empty.pdf", &b""[..], None),
    ] {
        let refused = send(&fake, document).await.unwrap_err();
        assert!(refused.to_string().ends_with("is empty"), "{refused}");
    }
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn a_missing_path_is_an_error_before_blocks_and_stored_files_are_looked_up() {
    let fake = FakeRetab::start().await;
    let missing = || Document::path("missing\n.pdf");
    let run = || client_of(&fake).run("wf_abc123xyz");
    let stored = Document::file(fake.add_file("a.pdf", "%PDF-1.7").as_str());
    for request in [
        run().only_document(missing()),
        run()
            .document("first", stored)
            .document("second", missing()),
    ] {
        let refused = request.send().await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
        let line = refused.to_string();
        assert!(line.contains(r"missing\n.pdf"), "{line}");
        assert!(!line.contains('\n'), "{line}");
    }
    assert!(fake.requests().is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn an_unreadable_path_is_an_error_before_anything_is_sent() {
    use std::os::unix::fs::PermissionsExt as _;

    let fake = FakeRetab::start().await;
    let (_folder, path) = file("locked.pdf", "%PDF-");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&path).is_ok() {
        // Nothing is unreadable to root.
        return;
    }
    let refused = send(&fake, Document::path(path)).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
    assert!(refused.to_string().contains("cannot be read"), "{refused}");
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn rival_24_debug_shows_no_document() {
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
        let shown = format!("{document:?}");
        assert!(
            shown.starts_with("Document {") && !shown.contains("HUNTER2"),
            "{shown}"
        );
        let upload = client_of(&fake).files().upload(document.clone());
        let shown = format!("{upload:?}");
        assert!(!shown.contains("HUNTER2"), "{shown}");
        let request = client_of(&fake)
            .run("wf_abc123xyz")
            .document(BLOCK, document);
        let shown = format!("{request:?}");
        assert!(
            shown.contains(BLOCK) && !shown.contains("HUNTER2"),
            "{shown}"
        );
    }
}
