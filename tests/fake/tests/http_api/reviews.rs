//! Reviews, and the runs that await them.

use retab_fake::FakeRetab;
use serde_json::{Value, json};

use super::{Got, call, get};

/// A run that awaits a review, with that review.
async fn awaiting(fake: &FakeRetab) -> (Value, Value) {
    let body = json!({"workflow_id": "wf_abc123xyz", "metadata": {"fake_end": "awaiting_review"}});
    let run = call(fake, "POST /v1/workflows/runs", body).await.json();
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

async fn decide(fake: &FakeRetab, decision: &str, review: &Value, body: Value) -> Got {
    let id = review["id"].as_str().unwrap();
    call(
        fake,
        &format!("POST /v1/workflows/reviews/{id}/{decision}"),
        body,
    )
    .await
}

#[tokio::test]
async fn an_approval_lets_the_run_go_on_and_says_so_once() {
    let fake = FakeRetab::start().await;
    let (run, review) = awaiting(&fake).await;
    assert_eq!(review["decision"], Value::Null);
    let versions = versions(&fake, &review).await;
    assert_eq!(versions[1]["parent_id"], versions[0]["id"]);

    let old = decide(
        &fake,
        "approve",
        &review,
        json!({"version_id": versions[0]["id"]}),
    )
    .await;
    assert_eq!(old.json()["submission_status"], "conflict", "{}", old.text);
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
    let again = decide(&fake, "approve", &review, latest).await.json();
    assert_eq!(again["submission_status"], "already_applied");
    let rejected = json!({"version_id": versions[1]["id"], "reason": "too late"});
    let other = decide(&fake, "reject", &review, rejected).await.json();
    assert_eq!(other["submission_status"], "conflict");
    assert_eq!(other["review"]["decision"]["verdict"], "approved");
    assert_eq!(read(&fake, &run).await["lifecycle"]["status"], "completed");
}

#[tokio::test]
async fn a_rejection_ends_the_run() {
    let fake = FakeRetab::start().await;
    let (run, review) = awaiting(&fake).await;
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
        let found = get(&fake, &target).await.json();
        assert_eq!(found["data"][0]["id"], review["id"], "{status}");
    }
}

#[tokio::test]
async fn a_new_version_goes_on_from_the_latest() {
    let fake = FakeRetab::start().await;
    let (_, review) = awaiting(&fake).await;
    let old = versions(&fake, &review).await;
    let version = |parent: &Value| json!({"review_id": review["id"], "parent_id": parent, "snapshot": {"total": 1}});
    let line = "POST /v1/workflows/reviews/versions";
    assert_eq!(call(&fake, line, version(&old[0]["id"])).await.status, 409);
    assert_eq!(
        call(
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
    let new = call(&fake, line, acknowledged).await;
    assert_eq!(new.status, 201, "{}", new.text);
    let id = new.json()["id"].as_str().unwrap().to_owned();
    let read = get(&fake, &format!("/v1/workflows/reviews/versions/{id}")).await;
    assert_eq!(read.json()["snapshot"], json!({"total": 1}));
    let decided = decide(&fake, "approve", &review, json!({"version_id": id})).await;
    assert_eq!(decided.json()["submission_status"], "accepted");
}
