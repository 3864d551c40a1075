//! Uploads and downloads, as a client sees them that does each step by itself.

use std::time::Duration;

use retab_fake::FakeRetab;
use serde_json::{Value, json};

use crate::{Got, call, get, got};

/// SHA-256 of `abc`.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

struct Session {
    id: String,
    url: String,
    token: String,
}

async fn open(fake: &FakeRetab, size: u64) -> Session {
    let body = json!({"filename": "a.bin", "size_bytes": size});
    let opened = call(fake, "POST /v1/files/upload", body).await.json();
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

async fn complete(fake: &FakeRetab, session: &Session, body: Value) -> Got {
    let line = format!("POST /v1/files/upload/{}/complete", session.id);
    call(fake, &line, body).await
}

#[tokio::test]
async fn what_was_uploaded_is_downloaded() {
    let fake = FakeRetab::start().await;
    let session = open(&fake, 3).await;
    assert_eq!(got(put(&session, "abc")).await.status, 200);
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
        "again"
    );
    let late = got(put(&session, "xyz")).await;
    assert_eq!(late.status, 403, "what is complete stays: {}", late.text);
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
    assert_eq!(got(client.get(&url)).await.text, "abc");

    assert_eq!(
        got(client.get(&url).bearer_auth("rt_test_fake"))
            .await
            .status,
        400
    );
    assert_eq!(
        got(client.get(url.replace("SIGNATURE", "OTHER")))
            .await
            .status,
        403
    );
    fake.clock().advance(Duration::from_secs(3600));
    assert_eq!(got(client.get(&url)).await.status, 403, "it has expired");
}

#[tokio::test]
async fn the_document_of_a_run_is_a_file_as_well() {
    let fake = FakeRetab::start().await;
    let document = json!({"filename": "a.txt", "url": "data:text/plain;base64,YWJj"});
    let body = json!({"workflow_id": "wf_1", "documents": {"start": document}});
    let run = call(&fake, "POST /v1/workflows/runs", body).await.json();
    let id = run["inputs"]["documents"]["start"]["id"].as_str().unwrap();
    let link = get(&fake, &format!("/v1/files/{id}/download-link"))
        .await
        .json();
    let url = link["download_url"].as_str().unwrap();
    assert_eq!(got(crate::client().get(url)).await.text, "abc");
}

#[tokio::test]
async fn an_upload_that_is_wrong_is_not_completed() {
    let fake = FakeRetab::start().await;
    let session = open(&fake, 3).await;
    let without_token = crate::client().put(&session.url).body("abc");
    assert_eq!(got(without_token).await.status, 403);
    let with_key = put(&session, "abc").header("Api-Key", FakeRetab::API_KEY);
    assert_eq!(got(with_key).await.status, 400);
    assert_eq!(
        complete(&fake, &session, json!({})).await.json()["detail"]["code"],
        "size_mismatch"
    );
    got(put(&session, "abd")).await;
    let other = complete(&fake, &session, json!({"sha256": ABC})).await;
    assert_eq!(other.json()["detail"]["code"], "hash_mismatch");
    fake.clock().advance(Duration::from_secs(3600));
    assert_eq!(got(put(&session, "abc")).await.status, 403);
    assert_eq!(complete(&fake, &session, json!({})).await.status, 410);
}

#[tokio::test]
async fn of_what_is_too_large_to_keep_the_size_and_the_hash_are_known() {
    let fake = FakeRetab::start().await;
    let size = 65 * 1024 * 1024;
    let session = open(&fake, size as u64).await;
    assert_eq!(got(put(&session, vec![0; size])).await.status, 200);
    // `head -c 68157440 /dev/zero | sha256sum`
    let hash = "25631f11bd18756ec0029380ec886af0c8824dc6b2706bbdb1d9451c7cf45f42";
    let complete = complete(&fake, &session, json!({"sha256": hash})).await;
    assert_eq!(complete.status, 200, "{}", complete.text);
    assert!(fake.file(&session.id).is_none());
    let link = get(&fake, &format!("/v1/files/{}/download-link", session.id))
        .await
        .json();
    let url = link["download_url"].as_str().unwrap();
    let gone = got(crate::client().get(url)).await;
    assert!(gone.status == 404 && gone.text.contains("ContentIsNotKeptByTheFake"));
}
