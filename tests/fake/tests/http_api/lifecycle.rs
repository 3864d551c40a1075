//! Run lifecycles, cancellation and filters.

use std::time::Duration;

use retab_fake::{FakeRetab, Pace};
use serde_json::{Value, json};

use crate::{get, send};

async fn start_with_clock() -> FakeRetab {
    let fake = FakeRetab::builder().pace(Pace::ByClock);
    fake.start().await.unwrap()
}

async fn create(fake: &FakeRetab, body: Value) -> String {
    let mut body = body;
    body["workflow_id"] = json!("wf_1");
    let created = send(fake, "POST /v1/workflows/runs", body).await;
    assert_eq!(created.status, 202, "{}", created.text);
    created.json()["id"].as_str().unwrap().to_owned()
}

async fn run(fake: &FakeRetab, id: &str) -> Value {
    get(fake, &format!("/v1/workflows/runs/{id}")).await.json()
}

async fn steps(fake: &FakeRetab, id: &str) -> Value {
    let steps = get(fake, &format!("/v1/workflows/steps?run_id={id}")).await;
    steps.json()["data"].clone()
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn run_paced_by_clock_ignores_reads() {
    let fake = start_with_clock().await;
    let id = create(&fake, json!({})).await;
    for status in ["pending", "running", "completed", "completed"] {
        for _ in 0..3 {
            assert_eq!(run(&fake, &id).await["lifecycle"]["status"], status);
        }
        let expected = usize::from(status != "pending");
        assert_eq!(steps(&fake, &id).await.as_array().unwrap().len(), expected);
        fake.clock().advance(SECOND);
    }
    let timing = run(&fake, &id).await["timing"].clone();
    assert_eq!(
        timing,
        json!({
            "created_at": "2026-03-09T10:30:00Z",
            "started_at": "2026-03-09T10:30:01Z",
            "completed_at": "2026-03-09T10:30:02Z",
        })
    );
    let output = &steps(&fake, &id).await[0]["handle_outputs"]["output-json-0"]["data"];
    assert_eq!(output["number"], "2026-0117");
}

#[tokio::test]
async fn run_ends_with_outcome_from_metadata_or_json_input() {
    let fake = start_with_clock().await;
    for outcome in ["completed", "error", "cancelled", "awaiting_review"] {
        let by_metadata = create(&fake, json!({"metadata": {"fake_end": outcome}})).await;
        let input = json!({"json_inputs": {"start-json-block-1": {"fake_end": outcome}}});
        let by_input = create(&fake, input).await;
        assert_eq!(
            run(&fake, &by_input).await["lifecycle"]["status"],
            "pending"
        );
        fake.clock().advance(2 * SECOND);
        for id in [by_metadata, by_input] {
            assert_eq!(run(&fake, &id).await["lifecycle"]["status"], outcome);
            let steps = steps(&fake, &id).await;
            assert_eq!(steps[0]["lifecycle"]["status"], outcome);
            let outputs = steps[0]["handle_outputs"].as_object().unwrap();
            assert_eq!(outputs.is_empty(), outcome != "completed");
        }
    }
    let listed = get(&fake, "/v1/workflows/runs?status=error").await.json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
    assert_eq!(
        listed["data"][0]["lifecycle"]["failing_step_id"],
        "extract-block-1"
    );
    let unknown = json!({"workflow_id": "wf_1", "metadata": {"fake_end": "well"}});
    let rejected = send(&fake, "POST /v1/workflows/runs", unknown).await;
    assert_eq!(
        rejected.json()["detail"][0]["loc"],
        json!(["body", "metadata", "fake_end"])
    );
}

#[tokio::test]
async fn cancellation_is_idempotent_per_command() {
    let fake = start_with_clock().await;
    let id = create(&fake, json!({})).await;
    let cancel = async |command: &str| {
        let line = format!("POST /v1/workflows/runs/{id}/cancel");
        send(&fake, &line, json!({"command_id": command}))
            .await
            .json()
    };
    assert_eq!(cancel("one").await["cancellation_status"], "cancelled");
    assert_eq!(cancel("one").await["cancellation_status"], "cancelled");
    let second = cancel("two").await;
    assert_eq!(second["cancellation_status"], "cancellation_failed");
    assert_eq!(second["run"]["lifecycle"]["status"], "cancelled");
    fake.clock().advance(9 * SECOND);
    assert_eq!(run(&fake, &id).await["lifecycle"]["status"], "cancelled");
}

#[tokio::test]
async fn lists_runs_by_filter() {
    let fake = start_with_clock().await;
    let old = create(&fake, json!({"metadata": {"tenant": "acme"}})).await;
    fake.clock().advance(Duration::from_secs(2 * 86_400));
    let new = create(&fake, json!({"metadata": {"tenant": "other"}})).await;
    let restart = json!({"trigger_type": "restart", "parent_run_id": old});
    let restarted = create(&fake, restart).await;
    let list = async |query: &str| -> String {
        let listed = get(&fake, &format!("/v1/workflows/runs?{query}"))
            .await
            .json();
        let runs = listed["data"].as_array().unwrap().iter();
        let ids: Vec<&str> = runs.map(|run| run["id"].as_str().unwrap()).collect();
        ids.join(" ")
    };
    assert_eq!(list("order=asc").await, format!("{old} {new} {restarted}"));
    assert_eq!(list("to_date=2026-03-10").await, old);
    assert_eq!(list("from_date=2026-03-11&search=oth").await, new);
    assert_eq!(list("exclude_status=pending").await, old);
    assert_eq!(list("trigger_type=restart").await, restarted);
    assert_eq!(list("min_duration_ms=1000").await, old);
    assert_eq!(list("max_duration_ms=999").await, "");
    let metadata = "metadata=%7B%22tenant%22%3A%22acme%22%7D";
    assert_eq!(list(metadata).await, old);
    for query in ["metadata=acme", "from_date=today", "after=run_9"] {
        let rejected = get(&fake, &format!("/v1/workflows/runs?{query}")).await;
        assert_eq!(rejected.status, 422, "{query}");
    }
}

#[tokio::test]
async fn returns_404_for_unknown_ids() {
    let fake = FakeRetab::builder()
        .only_workflows(["wf_mine"])
        .start()
        .await
        .unwrap();
    let id = create_in(&fake, "wf_mine").await;
    let line = format!("DELETE /v1/workflows/runs/{id}");
    assert_eq!(send(&fake, &line, Value::Null).await.status, 204);
    for line in [
        format!("GET /v1/workflows/runs/{id}"),
        line,
        format!("GET /v1/workflows/steps?run_id={id}"),
        format!("POST /v1/workflows/runs/{id}/cancel"),
        "GET /v1/workflows/runs/run_1".into(),
        "GET /v1/workflows/steps/nothing".into(),
        "GET /v1/workflows/artifacts/nothing".into(),
        "GET /v1/workflows/wf_other".into(),
        "POST /v1/workflows/wf_other/publish".into(),
        "GET /v1/workflows/blocks?workflow_id=wf_other".into(),
        "GET /v1/workflows/edges/nothing".into(),
        "GET /v1/workflows/versions/ver_x?workflow_id=wf_mine".into(),
        "GET /v1/workflows/blocks/versions/nothing".into(),
        "GET /v1/files/file_1".into(),
        "GET /v1/files/file_1/download-link".into(),
    ] {
        let response = send(&fake, &line, Value::Null).await;
        assert_eq!(response.status, 404, "{line}: {}", response.text);
        assert!(response.json()["detail"]["code"].is_string(), "{line}");
    }
    let run = json!({"workflow_id": "wf_other"});
    assert_eq!(
        send(&fake, "POST /v1/workflows/runs", run).await.status,
        404
    );
}

async fn create_in(fake: &FakeRetab, workflow: &str) -> String {
    let run = json!({"workflow_id": workflow});
    let created = send(fake, "POST /v1/workflows/runs", run).await;
    created.json()["id"].as_str().unwrap().to_owned()
}
