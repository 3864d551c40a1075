//! Uploads and downloads, one request at a time.

use std::time::Duration;

use retab_fake::FakeRetab;
use serde_json::{Value, json};

use crate::{TestResponse, execute, get, send};

/// SHA-256 of `abc`.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

struct Session {
    id: String,
    url: String,
    token: String,
}

async fn open(fake: &FakeRetab, size: u64) -> Session {
    let body = json!({"filename": "a.bin", "size_bytes": size});
    let opened = send(fake, "POST /v1/files/upload", body).await.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Session {
        id: text(&opened["fileId"]),
        url: text(&opened["uploadUrl"]),
        token: text(&opened["uploadHeaders"]["x-upload-token"]),
    }
}

fn put(session: &Session, content: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
    let request = crate::client().put(&session.url);
    request
        .header("x-upload-token", &session.token)
        .body(content)
}

async fn complete(fake: &FakeRetab, session: &Session, body: Value) -> TestResponse {
    let line = format!("POST /v1/files/upload/{}/complete", session.id);
    send(fake, &line, body).await
}

#[tokio::test]
async fn downloads_uploaded_file() {
    let fake = FakeRetab::start().await;
    let session = open(&fake, 3).await;
    assert_eq!(execute(put(&session, "abc")).await.status, 200);
    assert_eq!(
        get(&fake, &format!("/v1/files/{}", session.id))
            .await
            .status,
        404
    );
    assert_eq!(
        complete(&fake, &session, json!({"sha256": ABC}))
            .await
            .status,
        200
    );
    assert_eq!(
        complete(&fake, &session, json!({})).await.status,
        200,
        "repeated completion"
    );
    let late = execute(put(&session, "xyz")).await;
    assert_eq!(
        late.status, 403,
        "completed uploads are immutable: {}",
        late.text
    );
    let file = get(&fake, &format!("/v1/files/{}", session.id))
        .await
        .json();
    assert_eq!(file["filename"], "a.bin");
    let listed = get(&fake, "/v1/files?filename=a.bin").await.json();
    assert_eq!(listed["data"], json!([file]));
    let link = get(&fake, &format!("/v1/files/{}/download-link", session.id))
        .await
        .json();
    let url = link["download_url"].as_str().unwrap().to_owned();
    let client = crate::client();
    assert_eq!(execute(client.get(&url)).await.text, "abc");

    assert_eq!(
        execute(client.get(&url).bearer_auth("rt_test_fake"))
            .await
            .status,
        400
    );
    assert_eq!(
        execute(client.get(url.replace("SIGNATURE", "OTHER")))
            .await
            .status,
        403
    );
    fake.clock().advance(Duration::from_secs(3600));
    assert_eq!(
        execute(client.get(&url)).await.status,
        403,
        "the URL has expired"
    );
}

#[tokio::test]
async fn run_document_is_stored_as_file() {
    let fake = FakeRetab::start().await;
    let document = json!({"filename": "a.txt", "url": "data:text/plain;base64,YWJj"});
    let body = json!({"workflow_id": "wf_1", "documents": {"start": document}});
    let run = send(&fake, "POST /v1/workflows/runs", body).await.json();
    let id = run["inputs"]["documents"]["start"]["id"].as_str().unwrap();
    let link = get(&fake, &format!("/v1/files/{id}/download-link"))
        .await
        .json();
    let url = link["download_url"].as_str().unwrap();
    assert_eq!(execute(crate::client().get(url)).await.text, "abc");
}

#[tokio::test]
async fn rejects_invalid_and_expired_uploads() {
    let fake = FakeRetab::start().await;
    let session = open(&fake, 3).await;
    let without_token = crate::client().put(&session.url).body("abc");
    assert_eq!(execute(without_token).await.status, 403);
    let with_key = put(&session, "abc").header("Api-Key", FakeRetab::API_KEY);
    assert_eq!(execute(with_key).await.status, 400);
    assert_eq!(
        complete(&fake, &session, json!({})).await.json()["detail"]["code"],
        "size_mismatch"
    );
    execute(put(&session, "abd")).await;
    let mismatch = complete(&fake, &session, json!({"sha256": ABC})).await;
    assert_eq!(mismatch.json()["detail"]["code"], "hash_mismatch");
    fake.clock().advance(Duration::from_secs(3600));
    assert_eq!(execute(put(&session, "abc")).await.status, 403);
    assert_eq!(complete(&fake, &session, json!({})).await.status, 410);
}

#[tokio::test]
async fn stores_only_size_and_hash_of_large_files() {
    let fake = FakeRetab::start().await;
    let size = 65 * 1024 * 1024;
    let session = open(&fake, size as u64).await;
    assert_eq!(execute(put(&session, vec![0; size])).await.status, 200);
    // `head -c 68157440 /dev/zero | sha256sum`
    let hash = "25631f11bd18756ec0029380ec886af0c8824dc6b2706bbdb1d9451c7cf45f42";
    let complete = complete(&fake, &session, json!({"sha256": hash})).await;
    assert_eq!(complete.status, 200, "{}", complete.text);
    assert!(fake.file(&session.id).is_none());
    let link = get(&fake, &format!("/v1/files/{}/download-link", session.id))
        .await
        .json();
    let url = link["download_url"].as_str().unwrap();
    let response = execute(crate::client().get(url)).await;
    assert!(response.status == 404 && response.text.contains("ContentIsNotKeptByTheFake"));
}
