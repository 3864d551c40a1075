//! The first run: what the client sends, what it makes of the answers, and what it refuses before it sends anything.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by them")]

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

fn client_of(fake: &FakeRetab) -> Client {
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

/// One line, for a person: neither the key nor the URL, and no line break.
fn reads_well(error: &Error) -> String {
    let line = error.to_string();
    assert!(!line.contains('\n') && line.len() < 400, "{line}");
    let all = format!("{line} {error:?}");
    assert!(
        !all.contains(FakeRetab::API_KEY) && !all.contains("127.0.0.1"),
        "{all}"
    );
    line
}

#[tokio::test]
async fn a_document_arrives_as_the_service_wants_it() {
    let fake = FakeRetab::start().await;
    let run = client_of(&fake)
        .run("wf_abc123xyz")
        .document("start_document-block-1", Document::path(INVOICE))
        .json(
            "start-json-block-1",
            &json!({"customer_id": "cust_123", "priority": "high"}),
        )
        .unwrap()
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
async fn what_is_not_set_is_not_sent() {
    let fake = FakeRetab::start().await;
    client_of(&fake).run("wf_abc123xyz").send().await.unwrap();
    assert_eq!(body(&fake, 0), json!({"workflow_id": "wf_abc123xyz"}));
}

#[tokio::test]
async fn each_form_of_the_version_is_sent_as_the_service_writes_it() {
    let fake = FakeRetab::start().await;
    fake.publish("ver_abc123def456", [("start-1", "start_json")]);
    fake.publish("ver_0000next", [("start-1", "start_json")]);
    let client = client_of(&fake);
    let pinned = Version::pinned("ver_abc123def456").unwrap();
    for (at, (version, text, runs)) in [
        (Version::Production, "production", "ver_0000next"),
        (Version::Draft, "draft", "ver_0000draft"),
        (pinned, "ver_abc123def456", "ver_abc123def456"),
    ]
    .into_iter()
    .enumerate()
    {
        let run = client
            .run("wf_abc123xyz")
            .version(version)
            .send()
            .await
            .unwrap();
        assert_eq!(run.version_id(), runs);
        assert_eq!(body(&fake, at)["version"], text);
    }
}

#[tokio::test]
async fn one_form_of_the_credentials_can_be_selected() {
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
            .run("wf_abc123xyz")
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
async fn the_raw_client_goes_the_same_way() {
    let fake = FakeRetab::start().await;
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(format!("{}/v1/", fake.base_url()));
    let client = client.build().unwrap();
    let started = client.run("wf_abc123xyz").send().await.unwrap();
    let read = client
        .api()
        .get_workflow_run()
        .run_id(started.id().as_str())
        .send()
        .await
        .unwrap();
    assert_eq!(read.id, started.id().as_str());
    let received = fake.requests();
    assert_eq!(received[1].path, "/v1/workflows/runs/run_000001");
    assert_eq!(received[1].header("api-key"), Some(FakeRetab::API_KEY));
    assert_eq!(
        received[1].header("authorization"),
        Some("Bearer rt_test_fake")
    );
}

#[tokio::test]
async fn both_shapes_of_a_run_are_read() {
    let fake = FakeRetab::start().await;
    let client = client_of(&fake);
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
    for shape in [&older, &newer] {
        fake.queue_response(Response::json(200, shape));
        let run = client.get_run("run_abc123xyz").await.unwrap();
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
    let refused = client.get_run("run_abc123xyz").await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::UnexpectedResponse);
    assert!(reads_well(&refused).contains("workflow_id"), "{refused}");
}

#[tokio::test]
async fn a_document_that_cannot_be_read_sends_nothing() {
    let fake = FakeRetab::start().await;
    let request = client_of(&fake)
        .run("wf_abc123xyz")
        .document("first", Document::path(INVOICE));
    let refused = request
        .document("second", Document::path("no/such.pdf"))
        .send()
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
    let line = reads_well(&refused);
    assert!(
        line.contains("second") && line.contains("no/such.pdf") && line.contains("No such file"),
        "{line}"
    );
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn a_block_that_is_given_twice_sends_nothing() {
    let fake = FakeRetab::start().await;
    let request = client_of(&fake)
        .run("wf_abc123xyz")
        .document("start", Document::path(INVOICE));
    let refused = request.json("start", &1).unwrap().send().await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
    assert!(
        reads_well(&refused).contains("start is given twice"),
        "{refused}"
    );
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn a_key_that_the_service_refuses_is_told_as_that() {
    let fake = FakeRetab::start().await;
    let client = Client::builder()
        .api_key("unknown_key")
        .base_url(fake.base_url())
        .build()
        .unwrap();
    let refused = client.run("wf_abc123xyz").send().await.unwrap_err();
    assert!(refused.is_auth() && !refused.is_retryable() && !refused.is_not_found());
    assert_eq!(refused.status().map(|status| status.as_u16()), Some(401));
    assert_eq!(refused.message(), Some("The API key is not valid"));
    assert_eq!(refused.request_id(), Some("req_000001"));
    let line = reads_well(&refused);
    for part in [
        "create_workflow_run",
        "401",
        "The API key is not valid",
        "req_000001",
    ] {
        assert!(line.contains(part), "{line}");
    }
    assert!(!format!("{line} {refused:?}").contains("unknown_key"));
}

#[tokio::test]
async fn a_run_that_does_not_exist_is_told_as_that() {
    let fake = FakeRetab::start().await;
    let refused = client_of(&fake).get_run("run_unknown").await.unwrap_err();
    assert!(refused.is_not_found() && !refused.is_auth() && !refused.is_retryable());
    assert_eq!(refused.code(), Some("run_not_found"));
    let line = reads_well(&refused);
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
async fn a_request_that_does_not_fit_is_told_by_its_field() {
    let fake = FakeRetab::start().await;
    let elsewhere = Document::url("https://elsewhere.example/invoice.pdf");
    let request = client_of(&fake).run("").document("start", elsewhere);
    let refused = request.send().await.unwrap_err();
    assert_eq!(refused.status().map(|status| status.as_u16()), Some(422));
    let line = reads_well(&refused);
    for part in ["workflow_id", "A workflow ID is required", "url"] {
        assert!(line.contains(part), "{line}");
    }
}

#[tokio::test]
async fn a_page_of_a_proxy_keeps_the_status() {
    let fake = FakeRetab::start().await;
    fake.queue_response(Response::new(
        502,
        "text/html",
        "<html><h1>Bad gateway</h1></html>",
    ));
    let refused = client_of(&fake)
        .run("wf_abc123xyz")
        .send()
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Status);
    assert!(
        refused.is_retryable() && reads_well(&refused).contains("502"),
        "{refused}"
    );

    fake.queue_response(Response::json(429, &json!({"detail": "slow down"})));
    let refused = client_of(&fake)
        .run("wf_abc123xyz")
        .send()
        .await
        .unwrap_err();
    assert!(refused.is_rate_limited() && refused.is_retryable() && !refused.is_timeout());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let fake = FakeRetab::start().await;
    let elsewhere = FakeRetab::start().await;
    let target = format!("{}/v1/workflows/runs/run_1", elsewhere.base_url());
    fake.queue_response(Response::json(307, &json!({})).header("location", &target));
    let refused = client_of(&fake).get_run("run_1").await.unwrap_err();
    assert_eq!(refused.status().map(|status| status.as_u16()), Some(307));
    reads_well(&refused);
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn no_connection_is_told_as_that() {
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(base_url)
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let refused = client.run("wf_abc123xyz").send().await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Connect);
    assert!(refused.is_retryable() && refused.status().is_none());
    reads_well(&refused);
}

#[tokio::test]
async fn what_goes_in_is_not_in_debug() {
    let fake = FakeRetab::start().await;
    let request = client_of(&fake)
        .run("wf_abc123xyz")
        .json("start", &json!("hunter2"))
        .unwrap();
    let request = request.metadata("tenant", "hunter2");
    let shown = format!("{request:?}");
    assert!(
        shown.contains("wf_abc123xyz") && shown.contains("tenant") && !shown.contains("hunter2"),
        "{shown}"
    );
    let run = request.send().await.unwrap();
    let shown = format!("{run:?}");
    assert!(
        shown.contains("run_000001") && shown.contains("pending") && !shown.contains("hunter2"),
        "{shown}"
    );
}
