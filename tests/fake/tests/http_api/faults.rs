//! Faults on purpose, and the time that answers take.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use retab_fake::FakeRetab;
use serde_json::{Value, json};

use crate::{call, get};

async fn with(faults: &str) -> FakeRetab {
    let fake = FakeRetab::builder().faults(faults.parse().unwrap());
    fake.start().await.unwrap()
}

/// What a client makes of a request for the runs.
async fn outcome(fake: &FakeRetab, limit: Duration) -> Result<Vec<u8>, reqwest::Error> {
    let request = crate::client()
        .get(format!("{}/v1/workflows/runs", fake.base_url()))
        .bearer_auth(FakeRetab::API_KEY);
    let answered = async { Ok(request.send().await?.bytes().await?.to_vec()) };
    let answer = tokio::time::timeout(limit, answered).await;
    answer.unwrap_or_else(|_| Ok(b"nothing".to_vec()))
}

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_status_strikes_as_often_as_it_says_with_its_hint() {
    let fake = with("list_workflow_runs:429+2x2,create_workflow_run:503").await;
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
    let refused = call(&fake, "POST /v1/workflows/runs", run).await;
    assert_eq!(refused.status, 503);
    assert!(!refused.headers.contains_key("retry-after"));
    assert_eq!(
        get(&fake, "/v1/workflows/runs").await.json()["data"],
        json!([])
    );
}

#[tokio::test]
async fn a_page_of_a_proxy_is_html() {
    let fake = with("*:html").await;
    let page = get(&fake, "/v1/files").await;
    assert_eq!(
        (page.status, &page.headers["content-type"]),
        (502, &"text/html".parse().unwrap())
    );
}

#[tokio::test]
async fn a_connection_is_reset_before_anything_is_done_or_after_it() {
    for (fault, created) in [("reset", 0), ("lost", 1)] {
        let fake = with(&format!("create_workflow_run:{fault}")).await;
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
async fn half_of_an_answer_is_missing() {
    let fake = with("list_workflow_runs:truncatex1").await;
    let error = outcome(&fake, PATIENCE).await.unwrap_err();
    assert!(error.is_body() || error.is_decode(), "{error:?}");
    assert!(outcome(&fake, PATIENCE).await.is_ok());
    // The head and the first half have arrived.
    let fake = with("list_workflow_runs:truncate").await;
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
async fn a_request_that_stalls_is_never_answered_and_holds_up_no_other() {
    let fake = with("list_workflow_runs:stall").await;
    let nothing = outcome(&fake, Duration::from_millis(50)).await.unwrap();
    assert_eq!(nothing, b"nothing");
    assert_eq!(get(&fake, "/v1/files").await.status, 200);
}

#[tokio::test]
async fn the_storage_has_faults_of_its_own() {
    let fake = with("*:503,storage:500x1").await;
    let url = format!("{}/download/file_1?signature=SIGNATURE", fake.storage_url());
    let client = crate::client();
    assert_eq!(client.get(&url).send().await.unwrap().status(), 500);
    assert_eq!(client.get(&url).send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn an_answer_takes_its_latency() {
    let latency = Duration::from_millis(30);
    let fake = FakeRetab::builder().latency(latency).start().await.unwrap();
    let before = Instant::now();
    assert_eq!(get(&fake, "/v1/files").await.status, 200);
    assert!(before.elapsed() >= latency);
}

#[tokio::test]
async fn a_line_is_logged_for_each_request_without_what_is_secret() {
    let lines = Arc::new(Mutex::new(Vec::<String>::new()));
    let log = Arc::clone(&lines);
    let fake = FakeRetab::builder()
        .faults("list_files:reset".parse().unwrap())
        .log(move |line| log.lock().unwrap().push(line.to_owned()))
        .start()
        .await
        .unwrap();
    let run = json!({"workflow_id": "wf_1", "metadata": {"a": "SECRET"}});
    call(&fake, "POST /v1/workflows/runs", run).await;
    call(
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
