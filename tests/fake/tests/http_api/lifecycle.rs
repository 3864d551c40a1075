//! Runs on a clock, and how they end.

use std::time::Duration;

use retab_fake::{FakeRetab, Pace};
use serde_json::{Value, json};

use crate::{call, get};

async fn by_clock() -> FakeRetab {
    let fake = FakeRetab::builder().pace(Pace::ByClock);
    fake.start().await.unwrap()
}

async fn create(fake: &FakeRetab, body: Value) -> String {
    let mut body = body;
    body["workflow_id"] = json!("wf_1");
    let created = call(fake, "POST /v1/workflows/runs", body).await;
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
async fn a_run_moves_by_the_clock_alone() {
    let fake = by_clock().await;
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
async fn a_run_ends_as_its_metadata_or_its_input_asks() {
    let fake = by_clock().await;
    for (end, step) in [
        ("completed", "completed"),
        ("error", "error"),
        ("cancelled", "cancelled"),
        ("awaiting_review", "awaiting_review"),
    ] {
        let by_metadata = create(&fake, json!({"metadata": {"fake_end": end}})).await;
        let input = json!({"json_inputs": {"start-json-block-1": {"fake_end": end}}});
        let by_input = create(&fake, input).await;
        assert_eq!(
            run(&fake, &by_input).await["lifecycle"]["status"],
            "pending"
        );
        fake.clock().advance(2 * SECOND);
        for id in [by_metadata, by_input] {
            assert_eq!(run(&fake, &id).await["lifecycle"]["status"], end);
            let steps = steps(&fake, &id).await;
            assert_eq!(steps[0]["lifecycle"]["status"], step);
            let outputs = steps[0]["handle_outputs"].as_object().unwrap();
            assert_eq!(outputs.is_empty(), end != "completed");
        }
    }
    let listed = get(&fake, "/v1/workflows/runs?status=error").await.json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
    assert_eq!(
        listed["data"][0]["lifecycle"]["failing_step_id"],
        "extract-block-1"
    );
    let unknown = json!({"workflow_id": "wf_1", "metadata": {"fake_end": "well"}});
    let refused = call(&fake, "POST /v1/workflows/runs", unknown).await;
    assert_eq!(
        refused.json()["detail"][0]["loc"],
        json!(["body", "metadata", "fake_end"])
    );
}

#[tokio::test]
async fn the_same_command_cancels_once_and_says_so_again() {
    let fake = by_clock().await;
    let id = create(&fake, json!({})).await;
    let cancel = async |command: &str| {
        let line = format!("POST /v1/workflows/runs/{id}/cancel");
        call(&fake, &line, json!({"command_id": command}))
            .await
            .json()
    };
    assert_eq!(cancel("one").await["cancellation_status"], "cancelled");
    assert_eq!(cancel("one").await["cancellation_status"], "cancelled");
    let other = cancel("two").await;
    assert_eq!(other["cancellation_status"], "cancellation_failed");
    assert_eq!(other["run"]["lifecycle"]["status"], "cancelled");
    fake.clock().advance(9 * SECOND);
    assert_eq!(run(&fake, &id).await["lifecycle"]["status"], "cancelled");
}

#[tokio::test]
async fn runs_are_found_by_what_the_list_is_asked_for() {
    let fake = by_clock().await;
    let old = create(&fake, json!({"metadata": {"tenant": "acme"}})).await;
    fake.clock().advance(Duration::from_secs(2 * 86_400));
    let new = create(&fake, json!({"metadata": {"tenant": "other"}})).await;
    let restart = json!({"trigger_type": "restart", "parent_run_id": old});
    let again = create(&fake, restart).await;
    let found = async |query: &str| -> String {
        let listed = get(&fake, &format!("/v1/workflows/runs?{query}"))
            .await
            .json();
        let runs = listed["data"].as_array().unwrap().iter();
        let ids: Vec<&str> = runs.map(|run| run["id"].as_str().unwrap()).collect();
        ids.join(" ")
    };
    assert_eq!(found("order=asc").await, format!("{old} {new} {again}"));
    assert_eq!(found("to_date=2026-03-10").await, old);
    assert_eq!(found("from_date=2026-03-11&search=oth").await, new);
    assert_eq!(found("exclude_status=pending").await, old);
    assert_eq!(found("trigger_type=restart").await, again);
    assert_eq!(found("min_duration_ms=1000").await, old);
    assert_eq!(found("max_duration_ms=999").await, "");
    let of_tenant = "metadata=%7B%22tenant%22%3A%22acme%22%7D";
    assert_eq!(found(of_tenant).await, old);
    for query in ["metadata=acme", "from_date=today", "after=run_9"] {
        let refused = get(&fake, &format!("/v1/workflows/runs?{query}")).await;
        assert_eq!(refused.status, 422, "{query}");
    }
}

#[tokio::test]
async fn ids_of_nothing_are_404_whatever_is_asked() {
    let fake = FakeRetab::builder()
        .only_workflows(["wf_mine"])
        .start()
        .await
        .unwrap();
    let id = create_in(&fake, "wf_mine").await;
    let line = format!("DELETE /v1/workflows/runs/{id}");
    assert_eq!(call(&fake, &line, Value::Null).await.status, 204);
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
        let answer = call(&fake, &line, Value::Null).await;
        assert_eq!(answer.status, 404, "{line}: {}", answer.text);
        assert!(answer.json()["detail"]["code"].is_string(), "{line}");
    }
    let run = json!({"workflow_id": "wf_other"});
    assert_eq!(
        call(&fake, "POST /v1/workflows/runs", run).await.status,
        404
    );
}

async fn create_in(fake: &FakeRetab, workflow: &str) -> String {
    let run = json!({"workflow_id": workflow});
    let created = call(fake, "POST /v1/workflows/runs", run).await;
    created.json()["id"].as_str().unwrap().to_owned()
}
