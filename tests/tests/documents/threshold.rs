//! Documents uploaded because the request would exceed the inline limit.

use retab_ext::{Document, RequestOptions, RunRequest};
use retab_fake::FakeRetab;
use serde_json::Value;

use crate::fixture::{BLOCK, client_for, content, decode_data_url, file, mime_data, rewrite};

fn run_request(fake: &FakeRetab) -> RunRequest {
    client_for(fake).workflow("wf_abc123xyz").run()
}

#[tokio::test]
async fn uploads_largest_documents_until_request_fits() {
    let fake = FakeRetab::start().await;
    let request = run_request(&fake)
        .document("small", Document::bytes("s.bin", content(1_000)))
        .document("largest", Document::bytes("l.bin", content(90_000)))
        .document("middle", Document::bytes("m.bin", content(60_000)))
        .inline_limit(90_000);
    request.send().await.unwrap();

    let received = fake.requests();
    let paths: Vec<_> = received
        .iter()
        .map(|received| received.path.as_str())
        .collect();
    let complete = "/v1/files/upload/file_000001/complete";
    assert_eq!(paths, ["/v1/files/upload", complete, "/v1/workflows/runs"]);
    assert!(received[2].body.len() <= 90_000);
    let body: Value = serde_json::from_slice(&received[2].body).unwrap();
    let url = |block: &str| body["documents"][block]["url"].as_str().unwrap().to_owned();
    assert!(url("largest").starts_with("https://storage.retab.example/file_000001"));
    assert_eq!(body["documents"]["largest"]["filename"], "l.bin");
    assert!(decode_data_url(&url("middle")).1 == content(60_000));
    assert!(decode_data_url(&url("small")).1 == content(1_000));
    let stored = fake.storage_requests();
    assert_eq!(stored.len(), 1);
    assert!(stored[0].body == content(90_000));
}

#[tokio::test]
async fn inline_limit_applies_to_encoded_body() {
    let fake = FakeRetab::start().await;
    let request = run_request(&fake).document(BLOCK, Document::bytes("a\"ü.bin", content(1_000)));
    request.clone().send().await.unwrap();
    let size = fake.requests()[0].body.len() as u64;
    request.clone().inline_limit(size).send().await.unwrap();
    assert!(fake.storage_requests().is_empty());
    request.inline_limit(size - 1).send().await.unwrap();
    assert_eq!(fake.storage_requests().len(), 1);
}

#[tokio::test]
async fn default_inline_limit_is_below_service_limit() {
    let fake = FakeRetab::start().await;
    // 21 MiB become 28 MiB in base64, plus the rest of the body.
    let document = Document::bytes("a.bin", content(21 * 1024 * 1024));
    run_request(&fake)
        .document(BLOCK, document)
        .send()
        .await
        .unwrap();
    assert_eq!(fake.storage_requests().len(), 1);
    let document = Document::bytes("a.bin", content(21 * 1024 * 1024 - 1024));
    run_request(&fake)
        .document(BLOCK, document)
        .send()
        .await
        .unwrap();
    assert_eq!(fake.storage_requests().len(), 1);
}

#[tokio::test]
async fn sends_oversized_request_without_documents() {
    let fake = FakeRetab::start().await;
    run_request(&fake)
        .inline_limit(0)
        .metadata("a", "b")
        .send()
        .await
        .unwrap();
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn reuses_successful_upload_across_sends() {
    let fake = FakeRetab::start().await;
    let (_folder, path) = file("a.csv", content(1_000));
    let request = run_request(&fake)
        .document(BLOCK, Document::path(&path))
        // The service rejects this URL, so the run fails after the upload.
        .document("other", Document::url("https://elsewhere.example/a.pdf"))
        .inline_limit(500);
    for _ in 0..2 {
        let error = request.clone().send().await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), 422);
        assert_eq!(fake.storage_requests().len(), 1);
        let url = mime_data(fake.requests().last().unwrap()).1;
        assert!(url.contains("/file_000001?"), "{url}");
    }

    rewrite(&path, content(1_001));
    request.send().await.unwrap_err();
    assert_eq!(fake.storage_requests().len(), 2);
    let url = mime_data(fake.requests().last().unwrap()).1;
    assert!(
        url.contains("/file_000002?"),
        "a changed file is uploaded again: {url}"
    );
}

#[tokio::test]
async fn clones_do_not_share_uploads_of_different_documents() {
    let fake = FakeRetab::start().await;
    let base = run_request(&fake).inline_limit(500);
    for (at, byte) in [b'a', b'b'].into_iter().enumerate() {
        let document = Document::bytes("a.txt", vec![byte; 1_000]);
        let only = Document::bytes("a.txt", vec![byte; 1_001]);
        base.clone().document(BLOCK, document).send().await.unwrap();
        base.clone().only_document(only).send().await.unwrap();
        let uploads = fake.storage_requests();
        assert_eq!(uploads.len(), 2 * (at + 1));
        for upload in &uploads[2 * at..] {
            assert!(upload.body.iter().all(|uploaded| *uploaded == byte));
        }
    }
}

#[tokio::test]
async fn uploads_omit_idempotency_key_of_run() {
    let fake = FakeRetab::start().await;
    let options = RequestOptions::new().idempotency_key("order-4711");
    let client = client_for(&fake).with(options);
    let document = Document::bytes("a.txt", content(1_000));
    let request = client
        .workflow("wf_abc123xyz")
        .run()
        .document(BLOCK, document);
    request.inline_limit(500).send().await.unwrap();
    let received = fake.requests();
    let with_key = received
        .iter()
        .filter(|received| received.headers.contains_key("idempotency-key"));
    let paths: Vec<&str> = with_key.map(|received| received.path.as_str()).collect();
    assert_eq!(paths, ["/v1/workflows/runs"]);
}
