//! Creating a first run: requests, decoded responses, and errors before sending.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests panic on failure")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use retab_ext::{Client, Credentials, Document, Error, ErrorKind, RetryPolicy, Version};
use retab_fake::{FakeRetab, Response};
use serde_json::{Value, json};

const INVOICE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../retab-ext/examples/invoice.pdf"
);

fn client_for(fake: &FakeRetab) -> Client {
    Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}

fn body(fake: &FakeRetab, at: usize) -> Value {
    serde_json::from_slice(&fake.requests()[at].body).unwrap()
}

/// Returns the error message. Panics if it has several lines or 400 bytes, or if the error reveals the key or the URL.
fn checked_message(error: &Error) -> String {
    let message = error.to_string();
    assert!(!message.contains('\n') && message.len() < 400, "{message}");
    let all = format!("{message} {error:?}");
    assert!(
        !all.contains(FakeRetab::API_KEY) && !all.contains("127.0.0.1"),
        "{all}"
    );
    message
}

#[tokio::test]
async fn sends_document_as_data_url() {
    let fake = FakeRetab::start().await;
    let run = client_for(&fake)
        .workflow("wf_abc123xyz")
        .run()
        .document("start_document-block-1", Document::path(INVOICE))
        .json(
            "start-json-block-1",
            &json!({"customer_id": "cust_123", "priority": "high"}),
        )
        .version(Version::Draft)
        .metadata("tenant", "acme")
        .send()
        .await
        .unwrap();
    assert_eq!(run.id().as_str(), "run_000001");
    assert_eq!(run.workflow_id().as_str(), "wf_abc123xyz");
    assert_eq!(run.status(), "pending");
    assert_eq!(run.version_id(), "ver_0000draft");
    assert_eq!(
        serde_json::to_value(run.snapshot()).unwrap()["inputs"]["documents"]["start_document-block-1"]
            ["mime_type"],
        "application/pdf"
    );

    let received = fake.requests();
    assert_eq!(received.len(), 1);
    assert_eq!(
        (&received[0].method, received[0].path.as_str()),
        (&Method::POST, "/v1/workflows/runs")
    );
    assert_eq!(received[0].header("api-key"), Some(FakeRetab::API_KEY));
    assert_eq!(
        received[0].header("authorization"),
        Some("Bearer rt_test_fake")
    );
    assert_eq!(received[0].header("content-type"), Some("application/json"));
    assert_eq!(received[0].header("accept"), Some("application/json"));
    assert_eq!(
        received[0].header("content-length"),
        Some(received[0].body.len().to_string().as_str())
    );
    assert!(
        received[0]
            .header("user-agent")
            .unwrap()
            .starts_with("retab-ext/")
    );
    for absent in ["api-version", "referer", "cookie"] {
        assert!(!received[0].headers.contains_key(absent), "{absent}");
    }

    let mut body = body(&fake, 0);
    let url = body["documents"]["start_document-block-1"]["url"].take();
    let content = url
        .as_str()
        .unwrap()
        .strip_prefix("data:application/pdf;base64,")
        .unwrap();
    assert_eq!(
        STANDARD.decode(content).unwrap(),
        std::fs::read(INVOICE).unwrap()
    );
    assert_eq!(
        body,
        json!({
            "workflow_id": "wf_abc123xyz",
            "documents": {"start_document-block-1": {"filename": "invoice.pdf", "url": null}},
            "json_inputs": {"start-json-block-1": {"customer_id": "cust_123", "priority": "high"}},
            "version": "draft",
            "metadata": {"tenant": "acme"},
        })
    );
}

#[tokio::test]
async fn omits_unset_fields() {
    let fake = FakeRetab::start().await;
    client_for(&fake)
        .workflow("wf_abc123xyz")
        .run()
        .send()
        .await
        .unwrap();
    assert_eq!(body(&fake, 0), json!({"workflow_id": "wf_abc123xyz"}));
}

#[tokio::test]
async fn sends_every_form_of_version() {
    let fake = FakeRetab::start().await;
    fake.publish("ver_abc123def456", [("start-1", "start_json")]);
    fake.publish("ver_0000next", [("start-1", "start_json")]);
    let client = client_for(&fake);
    let pinned = Version::pinned("ver_abc123def456");
    for (at, (version, text, version_id)) in [
        (Version::Production, "production", "ver_0000next"),
        (Version::Draft, "draft", "ver_0000draft"),
        (pinned, "ver_abc123def456", "ver_abc123def456"),
    ]
    .into_iter()
    .enumerate()
    {
        let run = client
            .workflow("wf_abc123xyz")
            .run()
            .version(version)
            .send()
            .await
            .unwrap();
        assert_eq!(run.version_id(), version_id);
        assert_eq!(body(&fake, at)["version"], text);
    }
}

#[tokio::test]
async fn sends_only_the_selected_credentials() {
    let fake = FakeRetab::start().await;
    for (credentials, sent, absent) in [
        (Credentials::ApiKey, "api-key", "authorization"),
        (Credentials::Bearer, "authorization", "api-key"),
    ] {
        let client = Client::builder()
            .api_key(FakeRetab::API_KEY)
            .credentials(credentials)
            .base_url(fake.base_url());
        client
            .build()
            .unwrap()
            .workflow("wf_abc123xyz")
            .run()
            .send()
            .await
            .unwrap();
        let received = fake.requests();
        let headers = &received.last().unwrap().headers;
        assert!(
            headers.contains_key(sent) && !headers.contains_key(absent),
            "{credentials:?}"
        );
    }
}

#[tokio::test]
async fn raw_client_shares_base_url_and_credentials() {
    let fake = FakeRetab::start().await;
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(format!("{}/v1/", fake.base_url()));
    let client = client.build().unwrap();
    let created = client.workflow("wf_abc123xyz").run().send().await.unwrap();
    let fetched = client
        .api()
        .get_workflow_run()
        .run_id(created.id().as_str())
        .send()
        .await
        .unwrap();
    assert_eq!(fetched.id, created.id().as_str());
    let received = fake.requests();
    assert_eq!(received[1].path, "/v1/workflows/runs/run_000001");
    assert_eq!(received[1].header("api-key"), Some(FakeRetab::API_KEY));
    assert_eq!(
        received[1].header("authorization"),
        Some("Bearer rt_test_fake")
    );
}

#[tokio::test]
async fn decodes_both_formats_of_a_run() {
    let fake = FakeRetab::start().await;
    let client = client_for(&fake);
    let mut older = json!({
        "id": "run_abc123xyz",
        "workflow": {"workflow_id": "wf_abc123xyz", "version_id": "ver_abc123xyz"},
        "trigger": {"type": "api"},
        "lifecycle": {"status": "running"},
        "timing": {
            "created_at": "2024-01-15T10:30:00Z",
            "started_at": "2024-01-15T10:30:00Z",
            "completed_at": null
        },
        "inputs": {
            "documents": {
                "start_document-block-1": {"id": "file_123", "filename": "invoice.pdf", "mime_type": "application/pdf"}
            },
            "json_data": {}
        }
    });
    let mut newer = older.clone();
    newer["workflow_id"] = json!("wf_abc123xyz");
    newer["workflow_version_id"] = json!("ver_abc123xyz");
    newer.as_object_mut().unwrap().remove("workflow");
    for format in [&older, &newer] {
        fake.queue_response(Response::json(200, format));
        let run = client.run("run_abc123xyz").get().await.unwrap();
        assert_eq!(
            (run.workflow_id().as_str(), run.version_id()),
            ("wf_abc123xyz", "ver_abc123xyz")
        );
        assert_eq!(
            (run.id().as_str(), run.status()),
            ("run_abc123xyz", "running")
        );
    }

    older.as_object_mut().unwrap().remove("workflow");
    fake.queue_response(Response::json(200, &older));
    let error = client.run("run_abc123xyz").get().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    assert!(checked_message(&error).contains("workflow_id"), "{error}");
}

#[tokio::test]
async fn unreadable_document_fails_before_sending() {
    let fake = FakeRetab::start().await;
    let request = client_for(&fake)
        .workflow("wf_abc123xyz")
        .run()
        .document("first", Document::path(INVOICE));
    let error = request
        .document("second", Document::path("no/such.pdf"))
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let line = checked_message(&error);
    assert!(
        line.contains("second") && line.contains("no/such.pdf") && line.contains("No such file"),
        "{line}"
    );
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn duplicate_block_fails_before_sending() {
    let fake = FakeRetab::start().await;
    let request = client_for(&fake)
        .workflow("wf_abc123xyz")
        .run()
        .document("start", Document::path(INVOICE));
    let error = request.json("start", &1).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(
        checked_message(&error).contains("start has two inputs"),
        "{error}"
    );
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn reports_invalid_key_as_auth_error() {
    let fake = FakeRetab::start().await;
    let client = Client::builder()
        .api_key("unknown_key")
        .base_url(fake.base_url())
        .build()
        .unwrap();
    let error = client
        .workflow("wf_abc123xyz")
        .run()
        .send()
        .await
        .unwrap_err();
    assert!(error.is_auth() && !error.is_retryable() && !error.is_not_found());
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
    assert_eq!(error.message(), Some("The API key is not valid"));
    assert_eq!(error.request_id(), Some("req_000001"));
    let line = checked_message(&error);
    for part in [
        "create_workflow_run",
        "401",
        "The API key is not valid",
        "req_000001",
    ] {
        assert!(line.contains(part), "{line}");
    }
    assert!(!format!("{line} {error:?}").contains("unknown_key"));
}

#[tokio::test]
async fn reports_missing_run_as_not_found() {
    let fake = FakeRetab::start().await;
    let error = client_for(&fake)
        .run("run_unknown")
        .get()
        .await
        .unwrap_err();
    assert!(error.is_not_found() && !error.is_auth() && !error.is_retryable());
    assert_eq!(error.code(), Some("run_not_found"));
    let line = checked_message(&error);
    for part in [
        "get_workflow_run",
        "404",
        "run_not_found",
        "There is no run with this ID",
    ] {
        assert!(line.contains(part), "{line}");
    }
}

#[tokio::test]
async fn validation_error_names_invalid_fields() {
    let fake = FakeRetab::start().await;
    let elsewhere = Document::url("https://elsewhere.example/invoice.pdf");
    let request = client_for(&fake)
        .workflow("")
        .run()
        .document("start", elsewhere);
    let error = request.send().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(422));
    let line = checked_message(&error);
    for part in ["workflow_id", "A workflow ID is required", "url"] {
        assert!(line.contains(part), "{line}");
    }
}

#[tokio::test]
async fn non_json_error_response_preserves_status() {
    let fake = FakeRetab::start().await;
    fake.queue_response(Response::new(
        502,
        "text/html",
        "<html><h1>Bad gateway</h1></html>",
    ));
    let error = client_for(&fake)
        .workflow("wf_abc123xyz")
        .run()
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status);
    assert!(
        error.is_retryable() && checked_message(&error).contains("502"),
        "{error}"
    );

    fake.queue_response(Response::json(429, &json!({"detail": "slow down"})));
    let error = client_for(&fake)
        .workflow("wf_abc123xyz")
        .run()
        .send()
        .await
        .unwrap_err();
    assert!(error.is_rate_limited() && error.is_retryable() && !error.is_timeout());
}

#[tokio::test]
async fn does_not_follow_redirects() {
    let fake = FakeRetab::start().await;
    let elsewhere = FakeRetab::start().await;
    let target = format!("{}/v1/workflows/runs/run_1", elsewhere.base_url());
    fake.queue_response(Response::json(307, &json!({})).header("location", &target));
    let error = client_for(&fake).run("run_1").get().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(307));
    checked_message(&error);
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn reports_refused_connection_as_connect_error() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(base_url)
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = client
        .workflow("wf_abc123xyz")
        .run()
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.is_retryable() && error.status().is_none());
    checked_message(&error);
}

#[tokio::test]
async fn debug_redacts_inputs() {
    let fake = FakeRetab::start().await;
    let request = client_for(&fake)
        .workflow("wf_abc123xyz")
        .run()
        .json("start", &json!("hunter2"));
    let request = request.metadata("tenant", "hunter2");
    let debug = format!("{request:?}");
    assert!(
        debug.contains("wf_abc123xyz") && debug.contains("tenant") && !debug.contains("hunter2"),
        "{debug}"
    );
    let run = request.send().await.unwrap();
    let debug = format!("{run:?}");
    assert!(
        debug.contains("run_000001") && debug.contains("pending") && !debug.contains("hunter2"),
        "{debug}"
    );
}
