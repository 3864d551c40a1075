//! Reviews and the runs that await them.

use retab_fake::FakeRetab;
use serde_json::{Value, json};

use super::{TestResponse, get, send};

/// Creates a run that awaits a review and returns both.
async fn run_with_review(fake: &FakeRetab) -> (Value, Value) {
    let body = json!({"workflow_id": "wf_abc123xyz", "metadata": {"fake_end": "awaiting_review"}});
    let run = send(fake, "POST /v1/workflows/runs", body).await.json();
    for _ in 0..3 {
        read(fake, &run).await;
    }
    let target = format!(
        "/v1/workflows/reviews?run_id={}",
        run["id"].as_str().unwrap()
    );
    let reviews = get(fake, &target).await.json();
    assert_eq!(
        reviews["data"].as_array().map(Vec::len),
        Some(1),
        "{reviews}"
    );
    (run, reviews["data"][0].clone())
}

async fn read(fake: &FakeRetab, run: &Value) -> Value {
    get(
        fake,
        &format!("/v1/workflows/runs/{}", run["id"].as_str().unwrap()),
    )
    .await
    .json()
}

async fn versions(fake: &FakeRetab, review: &Value) -> Vec<Value> {
    let id = review["id"].as_str().unwrap();
    let target = format!("/v1/workflows/reviews/versions?review_id={id}");
    let first = get(fake, &format!("{target}&limit=1")).await.json();
    let after = first["list_metadata"]["after"].as_str().unwrap();
    let rest = get(fake, &format!("{target}&after={after}")).await.json();
    let pages = [
        first["data"].as_array().unwrap(),
        rest["data"].as_array().unwrap(),
    ];
    pages.into_iter().flatten().cloned().collect()
}

async fn decide(fake: &FakeRetab, decision: &str, review: &Value, body: Value) -> TestResponse {
    let id = review["id"].as_str().unwrap();
    send(
        fake,
        &format!("POST /v1/workflows/reviews/{id}/{decision}"),
        body,
    )
    .await
}

#[tokio::test]
async fn approval_resumes_run_once() {
    let fake = FakeRetab::start().await;
    let (run, review) = run_with_review(&fake).await;
    assert_eq!(review["decision"], Value::Null);
    let versions = versions(&fake, &review).await;
    assert_eq!(versions[1]["parent_id"], versions[0]["id"]);

    let superseded = decide(
        &fake,
        "approve",
        &review,
        json!({"version_id": versions[0]["id"]}),
    )
    .await;
    assert_eq!(
        superseded.json()["submission_status"],
        "conflict",
        "{}",
        superseded.text
    );
    assert_eq!(
        read(&fake, &run).await["lifecycle"]["status"],
        "awaiting_review"
    );

    let latest = json!({"version_id": versions[1]["id"]});
    let accepted = decide(&fake, "approve", &review, latest.clone())
        .await
        .json();
    assert_eq!(accepted["submission_status"], "accepted");
    assert_eq!(accepted["resume_status"], "resumed");
    assert_eq!(accepted["review"]["decision"]["verdict"], "approved");
    for status in ["completed", "completed"] {
        assert_eq!(read(&fake, &run).await["lifecycle"]["status"], status);
    }
    let repeated = decide(&fake, "approve", &review, latest).await.json();
    assert_eq!(repeated["submission_status"], "already_applied");
    let rejection = json!({"version_id": versions[1]["id"], "reason": "too late"});
    let conflicting = decide(&fake, "reject", &review, rejection).await.json();
    assert_eq!(conflicting["submission_status"], "conflict");
    assert_eq!(conflicting["review"]["decision"]["verdict"], "approved");
    assert_eq!(read(&fake, &run).await["lifecycle"]["status"], "completed");
}

#[tokio::test]
async fn rejection_cancels_run() {
    let fake = FakeRetab::start().await;
    let (run, review) = run_with_review(&fake).await;
    let versions = versions(&fake, &review).await;
    let body = json!({"version_id": versions[1]["id"], "reason": "not an invoice"});
    let rejected = decide(&fake, "reject", &review, body).await.json();
    assert_eq!(rejected["submission_status"], "accepted");
    assert_eq!(rejected["review"]["decision"]["reason"], "not an invoice");
    assert_eq!(read(&fake, &run).await["lifecycle"]["status"], "cancelled");

    let pending = get(&fake, "/v1/workflows/reviews").await.json();
    assert_eq!(pending["data"], json!([]));
    for status in ["rejected", "decided", "all"] {
        let target = format!("/v1/workflows/reviews?decision_status={status}");
        let list = get(&fake, &target).await.json();
        assert_eq!(list["data"][0]["id"], review["id"], "{status}");
    }
}

#[tokio::test]
async fn new_version_requires_latest_parent_or_acknowledgement() {
    let fake = FakeRetab::start().await;
    let (_, review) = run_with_review(&fake).await;
    let old = versions(&fake, &review).await;
    let version = |parent: &Value| json!({"review_id": review["id"], "parent_id": parent, "snapshot": {"total": 1}});
    let line = "POST /v1/workflows/reviews/versions";
    assert_eq!(send(&fake, line, version(&old[0]["id"])).await.status, 409);
    assert_eq!(
        send(
            &fake,
            line,
            version(&json!("rvr_ZZZZZZZZZZZZZZZZZZZZZZZZZZ"))
        )
        .await
        .status,
        404
    );
    let mut acknowledged = version(&old[0]["id"]);
    acknowledged["acknowledged_superseded_version_ids"] = json!([old[1]["id"]]);
    let new = send(&fake, line, acknowledged).await;
    assert_eq!(new.status, 201, "{}", new.text);
    let id = new.json()["id"].as_str().unwrap().to_owned();
    let read = get(&fake, &format!("/v1/workflows/reviews/versions/{id}")).await;
    assert_eq!(read.json()["snapshot"], json!({"total": 1}));
    let decided = decide(&fake, "approve", &review, json!({"version_id": id})).await;
    assert_eq!(decided.json()["submission_status"], "accepted");
}
