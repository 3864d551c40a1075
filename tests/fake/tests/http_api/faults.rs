//! Injected faults, latency and logging.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use retab_fake::FakeRetab;
use serde_json::{Value, json};

use crate::{get, send};

async fn start_with_faults(faults: &str) -> FakeRetab {
    let fake = FakeRetab::builder().faults(faults.parse().unwrap());
    fake.start().await.unwrap()
}

/// Lists runs and returns the response body, or `nothing` after the timeout.
async fn list_runs(fake: &FakeRetab, timeout: Duration) -> Result<Vec<u8>, reqwest::Error> {
    let request = crate::client()
        .get(format!("{}/v1/workflows/runs", fake.base_url()))
        .bearer_auth(FakeRetab::API_KEY);
    let response = async { Ok(request.send().await?.bytes().await?.to_vec()) };
    let response = tokio::time::timeout(timeout, response).await;
    response.unwrap_or_else(|_| Ok(b"nothing".to_vec()))
}

const TIMEOUT: Duration = Duration::from_secs(30);

#[tokio::test]
async fn status_fault_applies_count_and_retry_after() {
    let fake = start_with_faults("list_workflow_runs:429+2x2,create_workflow_run:503").await;
    for _ in 0..2 {
        let busy = get(&fake, "/v1/workflows/runs").await;
        assert_eq!(
            (busy.status, &busy.headers["retry-after"]),
            (429, &"2".parse().unwrap())
        );
        assert_eq!(busy.json(), json!({"detail": "Too Many Requests"}));
        assert!(busy.headers.contains_key("x-request-id"));
    }
    assert_eq!(
        get(&fake, "/v1/workflows/runs").await.json()["data"],
        json!([])
    );
    let run = json!({"workflow_id": "wf_1"});
    let rejected = send(&fake, "POST /v1/workflows/runs", run).await;
    assert_eq!(rejected.status, 503);
    assert!(!rejected.headers.contains_key("retry-after"));
    assert_eq!(
        get(&fake, "/v1/workflows/runs").await.json()["data"],
        json!([])
    );
}

#[tokio::test]
async fn html_fault_returns_proxy_error_page() {
    let fake = start_with_faults("*:html").await;
    let page = get(&fake, "/v1/files").await;
    assert_eq!(
        (page.status, &page.headers["content-type"]),
        (502, &"text/html".parse().unwrap())
    );
}

#[tokio::test]
async fn reset_and_lost_faults_reset_connection_before_or_after_handling() {
    for (fault, created) in [("reset", 0), ("lost", 1)] {
        let fake = start_with_faults(&format!("create_workflow_run:{fault}")).await;
        let request = crate::client()
            .post(format!("{}/v1/workflows/runs", fake.base_url()))
            .bearer_auth(FakeRetab::API_KEY)
            .header("content-type", "application/json")
            .body(r#"{"workflow_id":"wf_1"}"#);
        let error = request.send().await.unwrap_err();
        let text = format!("{error:?}");
        assert!(text.contains("ConnectionReset"), "{text}");
        let runs = get(&fake, "/v1/workflows/runs").await.json();
        assert_eq!(runs["data"].as_array().unwrap().len(), created, "{fault}");
    }
}

#[tokio::test]
async fn truncate_fault_cuts_response_body() {
    let fake = start_with_faults("list_workflow_runs:truncatex1").await;
    let error = list_runs(&fake, TIMEOUT).await.unwrap_err();
    assert!(error.is_body() || error.is_decode(), "{error:?}");
    assert!(list_runs(&fake, TIMEOUT).await.is_ok());
    // The headers and the first half of the body arrive.
    let fake = start_with_faults("list_workflow_runs:truncate").await;
    let mut response = crate::client()
        .get(format!("{}/v1/workflows/runs", fake.base_url()))
        .bearer_auth(FakeRetab::API_KEY)
        .send()
        .await
        .unwrap();
    let half = response.chunk().await.unwrap().unwrap();
    assert!(half.starts_with(b"{\"data\""), "{half:?}");
    response.chunk().await.unwrap_err();
}

#[tokio::test]
async fn stall_fault_does_not_block_other_requests() {
    let fake = start_with_faults("list_workflow_runs:stall").await;
    let stalled = list_runs(&fake, Duration::from_millis(50)).await.unwrap();
    assert_eq!(stalled, b"nothing");
    assert_eq!(get(&fake, "/v1/files").await.status, 200);
}

#[tokio::test]
async fn storage_faults_are_independent() {
    let fake = start_with_faults("*:503,storage:500x1").await;
    let url = format!("{}/download/file_1?signature=SIGNATURE", fake.storage_url());
    let client = crate::client();
    assert_eq!(client.get(&url).send().await.unwrap().status(), 500);
    assert_eq!(client.get(&url).send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn latency_delays_responses() {
    let latency = Duration::from_millis(30);
    let fake = FakeRetab::builder().latency(latency).start().await.unwrap();
    let started = Instant::now();
    assert_eq!(get(&fake, "/v1/files").await.status, 200);
    assert!(started.elapsed() >= latency);
}

#[tokio::test]
async fn logs_each_request_without_secrets() {
    let lines = Arc::new(Mutex::new(Vec::<String>::new()));
    let log = Arc::clone(&lines);
    let fake = FakeRetab::builder()
        .faults("list_files:reset".parse().unwrap())
        .log(move |line| log.lock().unwrap().push(line.to_owned()))
        .start()
        .await
        .unwrap();
    let run = json!({"workflow_id": "wf_1", "metadata": {"a": "SECRET"}});
    send(&fake, "POST /v1/workflows/runs", run).await;
    send(
        &fake,
        "GET /v1/workflows/runs?workflow_id=SECRET&limit=2",
        Value::Null,
    )
    .await;
    let url = format!("{}/v1/files", fake.base_url());
    let broken = crate::client().get(url).bearer_auth(FakeRetab::API_KEY);
    broken.send().await.unwrap_err();
    let lines = lines.lock().unwrap();
    let starts: Vec<&str> = lines
        .iter()
        .map(|line| line.rsplit_once(' ').unwrap().0)
        .collect();
    let starts: Vec<&str> = starts
        .iter()
        .map(|line| line.rsplit_once(' ').unwrap().0)
        .collect();
    assert_eq!(
        starts,
        [
            "POST /v1/workflows/runs 202",
            "GET /v1/workflows/runs?workflow_id&limit 200",
            "GET /v1/files aborted",
        ]
    );
    for line in lines.iter() {
        assert!(
            !line.contains("SECRET") && !line.contains(FakeRetab::API_KEY),
            "{line}"
        );
    }
}
