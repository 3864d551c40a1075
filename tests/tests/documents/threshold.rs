//! Documents that are uploaded because the request would be too large.

use retab_ext::{Document, RequestOptions, RunRequest};
use retab_fake::FakeRetab;
use serde_json::Value;

use crate::fixture::{BLOCK, client_of, content, decoded, file, mime_data, rewrite};

fn run(fake: &FakeRetab) -> RunRequest {
    client_of(fake).run("wf_abc123xyz")
}

#[tokio::test]
async fn the_largest_documents_are_uploaded_until_the_rest_fits() {
    let fake = FakeRetab::start().await;
    let request = run(&fake)
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
    assert!(decoded(&url("middle")).1 == content(60_000));
    assert!(decoded(&url("small")).1 == content(1_000));
    let stored = fake.storage_requests();
    assert_eq!(stored.len(), 1);
    assert!(stored[0].body == content(90_000));
}

#[tokio::test]
async fn the_limit_is_the_size_of_the_encoded_body() {
    let fake = FakeRetab::start().await;
    let request = run(&fake).document(BLOCK, Document::bytes("a\"ü.bin", content(1_000)));
    request.clone().send().await.unwrap();
    let size = fake.requests()[0].body.len() as u64;
    request.clone().inline_limit(size).send().await.unwrap();
    assert!(fake.storage_requests().is_empty());
    request.inline_limit(size - 1).send().await.unwrap();
    assert_eq!(fake.storage_requests().len(), 1);
}

#[tokio::test]
async fn without_a_setting_the_limit_is_below_the_service_s_own() {
    let fake = FakeRetab::start().await;
    // 21 MiB are 28 MiB in base64, and there is more in the body.
    let document = Document::bytes("a.bin", content(21 * 1024 * 1024));
    run(&fake).document(BLOCK, document).send().await.unwrap();
    assert_eq!(fake.storage_requests().len(), 1);
    let document = Document::bytes("a.bin", content(21 * 1024 * 1024 - 1024));
    run(&fake).document(BLOCK, document).send().await.unwrap();
    assert_eq!(fake.storage_requests().len(), 1);
}

#[tokio::test]
async fn what_is_too_large_without_documents_is_sent() {
    let fake = FakeRetab::start().await;
    run(&fake)
        .inline_limit(0)
        .metadata("a", "b")
        .send()
        .await
        .unwrap();
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn an_upload_that_succeeded_is_not_repeated() {
    let fake = FakeRetab::start().await;
    let (_folder, path) = file("a.csv", content(1_000));
    let request = run(&fake)
        .document(BLOCK, Document::path(&path))
        // The service does not take this one, so that the run fails after the upload.
        .document("other", Document::url("https://elsewhere.example/a.pdf"))
        .inline_limit(500);
    for _ in 0..2 {
        let refused = request.clone().send().await.unwrap_err();
        assert_eq!(refused.status().unwrap().as_u16(), 422);
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
        "a file that has changed is another: {url}"
    );
}

#[tokio::test]
async fn what_one_clone_has_uploaded_is_not_sent_for_the_document_of_another() {
    let fake = FakeRetab::start().await;
    let base = run(&fake).inline_limit(500);
    for (at, byte) in [b'a', b'b'].into_iter().enumerate() {
        let document = Document::bytes("a.txt", vec![byte; 1_000]);
        let only = Document::bytes("a.txt", vec![byte; 1_001]);
        base.clone().document(BLOCK, document).send().await.unwrap();
        base.clone().only_document(only).send().await.unwrap();
        let stored = fake.storage_requests();
        assert_eq!(stored.len(), 2 * (at + 1));
        for stored in &stored[2 * at..] {
            assert!(stored.body.iter().all(|stored| *stored == byte));
        }
    }
}

#[tokio::test]
async fn the_idempotency_key_of_a_run_is_not_that_of_its_uploads() {
    let fake = FakeRetab::start().await;
    let options = RequestOptions::new().idempotency_key("order-4711").unwrap();
    let client = client_of(&fake).with(options);
    let document = Document::bytes("a.txt", content(1_000));
    let request = client.run("wf_abc123xyz").document(BLOCK, document);
    request.inline_limit(500).send().await.unwrap();
    let received = fake.requests();
    let with_key = received
        .iter()
        .filter(|received| received.headers.contains_key("idempotency-key"));
    let paths: Vec<&str> = with_key.map(|received| received.path.as_str()).collect();
    assert_eq!(paths, ["/v1/workflows/runs"]);
}
