//! What each way to make a document sends.

use retab_ext::{Document, ErrorKind, FileId};
use retab_fake::FakeRetab;

use crate::fixture::{client_of, content, decoded, file, mime_data, send};

/// The name, the media type and the bytes that arrive.
async fn sent(document: Document) -> (String, String, Vec<u8>) {
    let fake = FakeRetab::start().await;
    send(&fake, document).await.unwrap();
    let (name, url) = mime_data(&fake.requests()[0]);
    let (media_type, content) = decoded(&url);
    (name, media_type, content)
}

async fn refused(document: Document) -> String {
    let fake = FakeRetab::start().await;
    let refused = send(&fake, document).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
    assert!(fake.requests().is_empty());
    refused.to_string()
}

#[tokio::test]
async fn a_path_is_known_by_its_first_bytes_then_by_its_extension() {
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
async fn a_name_and_a_media_type_that_are_set_come_first() {
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
        let line = refused(document).await;
        assert!(line.contains("the media type of the document"), "{line}");
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
        let line = refused(Document::url(text)).await;
        assert!(line.contains("the URL of the document"), "{line}");
        assert!(text.is_empty() || !line.contains(text), "{line}");
    }
    let line = refused(Document::path("https://a.example/b.pdf")).await;
    assert!(line.contains("cannot be read"), "{line}");
}

#[tokio::test]
async fn a_reader_is_sent_whole_with_length_or_without() {
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
        (3, "more than the 3 bytes"),
        (5, "4 bytes where 5 were expected"),
    ] {
        let line = refused(Document::reader("scan.csv", &b"four"[..], Some(length))).await;
        assert!(line.contains("scan.csv") && line.contains(reason), "{line}");
    }
}

#[tokio::test]
async fn a_data_url_is_sent_as_what_it_holds() {
    let (name, media_type, content) = sent(Document::data_url("data:text/csv;base64,YTti")).await;
    assert_eq!(
        (name.as_str(), media_type.as_str()),
        ("document.csv", "text/csv")
    );
    assert_eq!(content, b"a;b");
    let url = Document::data_url("data:,Total%3A%2012").file_name("note.txt");
    let (name, media_type, content) = sent(url).await;
    assert_eq!(
        (name.as_str(), media_type.as_str()),
        ("note.txt", "text/plain")
    );
    assert_eq!(content, b"Total: 12");
    let line = refused(Document::data_url("data:text/plain;base64,HUNTER2*")).await;
    assert!(
        line.contains("is not valid base64") && !line.contains("HUNTER2"),
        "{line}"
    );
}

#[tokio::test]
async fn a_url_is_handed_on_as_it_is() {
    let fake = FakeRetab::start().await;
    let url = "https://storage.googleapis.com/acme/gr%C3%BC%C3%9Fe.pdf?signature=x%2By";
    send(&fake, Document::url(url)).await.unwrap();
    send(&fake, Document::url(url).file_name("a.pdf"))
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

    send(&fake, Document::file(id.as_str())).await.unwrap();
    send(&fake, Document::file(FileId::from(&id)).file_name("b.pdf"))
        .await
        .unwrap();
    send(&fake, Document::file(stored.as_str())).await.unwrap();
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
async fn a_stored_file_without_mime_data_is_referred_to_by_its_download_url() {
    let fake = FakeRetab::start().await;
    let url = "https://storage.googleapis.com/acme/a.pdf";
    let link = serde_json::json!({"download_url": url, "expires_in": "1 h", "filename": "a.pdf"});
    fake.queue_response(retab_fake::Response::json(200, &link));
    send(&fake, Document::file("file_1")).await.unwrap();
    assert_eq!(
        mime_data(&fake.requests()[1]),
        ("a.pdf".to_owned(), url.to_owned())
    );

    let refused = send(&fake, Document::file("file_unknown"))
        .await
        .unwrap_err();
    assert!(refused.is_not_found(), "{refused}");
}

#[tokio::test]
async fn what_an_upload_gave_is_referred_to_without_another_call() {
    let fake = FakeRetab::start().await;
    let uploaded = client_of(&fake)
        .files()
        .upload(Document::text("a"))
        .send()
        .await
        .unwrap();
    let before = fake.requests().len();
    send(&fake, Document::file(&uploaded)).await.unwrap();
    let received = fake.requests();
    assert_eq!(received.len(), before + 1);
    let expected = (
        uploaded.name().to_owned(),
        uploaded.storage_url().to_owned(),
    );
    assert_eq!(mime_data(&received[before]), expected);
}
