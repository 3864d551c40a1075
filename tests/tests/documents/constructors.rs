//! The content sent by each `Document` constructor.

use retab_ext::{Document, ErrorKind, FileId};
use retab_fake::FakeRetab;

use crate::fixture::{client_for, content, decode_data_url, file, mime_data, send_run};

/// Returns the file name, the media type and the content of a sent document.
async fn sent(document: Document) -> (String, String, Vec<u8>) {
    let fake = FakeRetab::start().await;
    send_run(&fake, document).await.unwrap();
    let (name, url) = mime_data(&fake.requests()[0]);
    let (media_type, content) = decode_data_url(&url);
    (name, media_type, content)
}

/// Returns the message of the error that rejects a document before any request.
async fn rejection(document: Document) -> String {
    let fake = FakeRetab::start().await;
    let error = send_run(&fake, document).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(fake.requests().is_empty());
    error.to_string()
}

#[tokio::test]
async fn detects_media_type_by_content_then_extension() {
    for (name, content, media_type) in [
        ("a.pdf", "%PDF-1.7", "application/pdf"),
        ("a.txt", "%PDF-1.7", "application/pdf"),
        ("a.csv", "a;b", "text/csv"),
        ("daten ü", "a;b", "application/octet-stream"),
    ] {
        let (_folder, path) = file(name, content);
        let expected = (name.to_owned(), media_type.to_owned(), content.into());
        assert_eq!(sent(Document::path(&path)).await, expected);
        assert_eq!(sent(Document::from(path.as_path())).await, expected);
        assert_eq!(sent(Document::from(path)).await, expected);
    }
}

#[tokio::test]
async fn explicit_name_and_media_type_override_detection() {
    let (_folder, path) = file("scan.bin", "%PDF-1.7");
    let document = Document::path(path)
        .file_name("a.tiff")
        .content_type("image/tiff");
    let (name, media_type, _) = sent(document).await;
    assert_eq!(
        (name.as_str(), media_type.as_str()),
        ("a.tiff", "image/tiff")
    );
    for media_type in ["", "pdf", "text/plain,x", "text/plain\r\nx: y"] {
        let document = Document::text("x").content_type(media_type);
        let message = rejection(document).await;
        assert!(message.contains("is not a media type"), "{message}");
    }
}

#[tokio::test]
async fn regression_10_preserves_file_name_of_bytes_and_media_type_of_text() {
    let expect = |name: &str, media_type: &str, content: &str| {
        (name.to_owned(), media_type.to_owned(), content.into())
    };
    assert_eq!(
        sent(Document::bytes("invoices/2026/a.pdf", "%PDF-1.7")).await,
        expect("a.pdf", "application/pdf", "%PDF-1.7")
    );
    assert_eq!(
        sent(Document::bytes(r"C:\scans\a.csv", "a;b")).await,
        expect("a.csv", "text/csv", "a;b")
    );
    assert_eq!(
        sent(Document::bytes("", "%PDF-1.7")).await,
        expect("document.pdf", "application/pdf", "%PDF-1.7")
    );
    assert_eq!(
        sent(Document::text("Total: 12")).await,
        expect("document.txt", "text/plain", "Total: 12")
    );
    assert_eq!(
        sent(Document::text("# Total").file_name("notes/a.md")).await,
        expect("a.md", "text/markdown", "# Total")
    );
    assert_eq!(
        sent(Document::text("%PDF- is how a PDF begins").file_name("a")).await,
        expect("a", "text/plain", "%PDF- is how a PDF begins")
    );
}

#[tokio::test]
async fn regression_08_distinguishes_text_paths_and_urls() {
    for text in [
        r"C:\a.pdf",
        "Total: 12",
        "invoice.pdf",
        "https://a.example/b.pdf",
    ] {
        let (_, media_type, content) = sent(Document::text(text)).await;
        assert_eq!((media_type.as_str(), content), ("text/plain", text.into()));
    }
    for text in [
        r"C:\a.pdf",
        "Total: 12",
        "invoice.pdf",
        "",
        "file:///etc/passwd",
        "data:,a",
    ] {
        let message = rejection(Document::url(text)).await;
        assert!(message.contains("the URL of the document"), "{message}");
        assert!(text.is_empty() || !message.contains(text), "{message}");
    }
    let message = rejection(Document::path("https://a.example/b.pdf")).await;
    assert!(message.contains("cannot read the document"), "{message}");
}

#[tokio::test]
async fn sends_reader_with_and_without_length() {
    for length in [None, Some(300_000)] {
        let reader = std::io::Cursor::new(content(300_000));
        let (name, media_type, sent) = sent(Document::reader("a/scan.csv", reader, length)).await;
        assert_eq!(
            (name.as_str(), media_type.as_str()),
            ("scan.csv", "text/csv")
        );
        assert!(sent == content(300_000));
    }
    for (length, reason) in [
        (3, "more than the expected 3 bytes"),
        (5, "4 bytes instead of 5"),
    ] {
        let message = rejection(Document::reader("scan.csv", &b"four"[..], Some(length))).await;
        assert!(
            message.contains("scan.csv") && message.contains(reason),
            "{message}"
        );
    }
}

#[tokio::test]
async fn decodes_data_url() {
    let (name, media_type, content) = sent(Document::data_url("data:text/csv;base64,YTti")).await;
    assert_eq!(
        (name.as_str(), media_type.as_str()),
        ("document.csv", "text/csv")
    );
    assert_eq!(content, b"a;b");
    let document = Document::data_url("data:,Total%3A%2012").file_name("note.txt");
    let (name, media_type, content) = sent(document).await;
    assert_eq!(
        (name.as_str(), media_type.as_str()),
        ("note.txt", "text/plain")
    );
    assert_eq!(content, b"Total: 12");
    let message = rejection(Document::data_url("data:text/plain;base64,HUNTER2*")).await;
    assert!(
        message.contains("is not valid base64") && !message.contains("HUNTER2"),
        "{message}"
    );
}

#[tokio::test]
async fn sends_url_unchanged() {
    let fake = FakeRetab::start().await;
    let url = "https://storage.googleapis.com/acme/gr%C3%BC%C3%9Fe.pdf?signature=x%2By";
    send_run(&fake, Document::url(url)).await.unwrap();
    send_run(&fake, Document::url(url).file_name("a.pdf"))
        .await
        .unwrap();
    let received = fake.requests();
    assert_eq!(
        mime_data(&received[0]),
        ("grüße.pdf".to_owned(), url.to_owned())
    );
    assert_eq!(
        mime_data(&received[1]),
        ("a.pdf".to_owned(), url.to_owned())
    );
    assert_eq!(received.len(), 2);
}

#[tokio::test]
async fn regression_06_sends_reference_to_stored_file() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("invoice.pdf", "%PDF-1.7");
    let stored = format!("https://storage.retab.example/{id}?signature=SIGNATURE");

    send_run(&fake, Document::file(id.as_str())).await.unwrap();
    send_run(&fake, Document::file(FileId::from(&id)).file_name("b.pdf"))
        .await
        .unwrap();
    send_run(&fake, Document::file(stored.as_str()))
        .await
        .unwrap();
    let received = fake.requests();
    let paths: Vec<_> = received
        .iter()
        .map(|received| received.path.as_str())
        .collect();
    let link = format!("/v1/files/{id}/download-link");
    let runs = "/v1/workflows/runs";
    assert_eq!(paths, [&link, runs, &link, runs, runs]);
    assert_eq!(
        mime_data(&received[1]),
        ("invoice.pdf".to_owned(), stored.clone())
    );
    assert_eq!(
        mime_data(&received[3]),
        ("b.pdf".to_owned(), stored.clone())
    );
    assert_eq!(mime_data(&received[4]), (id, stored));
}

#[tokio::test]
async fn sends_download_url_of_file_without_mime_data() {
    let fake = FakeRetab::start().await;
    let url = "https://storage.googleapis.com/acme/a.pdf";
    let link = serde_json::json!({"download_url": url, "expires_in": "1 h", "filename": "a.pdf"});
    fake.queue_response(retab_fake::Response::json(200, &link));
    send_run(&fake, Document::file("file_1")).await.unwrap();
    assert_eq!(
        mime_data(&fake.requests()[1]),
        ("a.pdf".to_owned(), url.to_owned())
    );

    let error = send_run(&fake, Document::file("file_unknown"))
        .await
        .unwrap_err();
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test]
async fn sends_uploaded_file_without_lookup() {
    let fake = FakeRetab::start().await;
    let uploaded = client_for(&fake)
        .files()
        .upload(Document::text("a"))
        .send()
        .await
        .unwrap();
    let requests_before = fake.requests().len();
    send_run(&fake, Document::file(&uploaded)).await.unwrap();
    let received = fake.requests();
    assert_eq!(received.len(), requests_before + 1);
    let expected = (
        uploaded.name().to_owned(),
        uploaded.storage_url().to_owned(),
    );
    assert_eq!(mime_data(&received[requests_before]), expected);
}
