//! Cancelling and deleting runs.

use retab_ext::{CancellationStatus, RequestOptions, RetryPolicy};
use retab_fake::Response;
use serde_json::json;

use crate::{fake_and_client, last_body, request_lines};

#[tokio::test]
async fn cancel_sends_command_id() {
    let (fake, client) = fake_and_client().await;
    let run = client.workflow("wf_1").run().send().await.unwrap();
    let cancellation = run.cancel().await.unwrap();
    assert_eq!(cancellation.status(), CancellationStatus::Cancelled);
    assert_eq!(cancellation.run().status(), "cancelled");
    assert_eq!(last_body(&fake)["command_id"].as_str().unwrap().len(), 32);
    let requests = [
        "POST /v1/workflows/runs",
        "POST /v1/workflows/runs/run_000001/cancel",
    ];
    assert_eq!(request_lines(&fake), requests);
}

#[tokio::test]
async fn retries_reuse_command_id() {
    let (fake, client) = fake_and_client().await;
    let run = client.workflow("wf_1").run().send().await.unwrap();
    drop(fake.take_requests());
    fake.queue_response(Response::json(503, &json!({"detail": "not now"})));
    let immediate = RetryPolicy::default().base_delay(std::time::Duration::ZERO);
    let client = client.with(RequestOptions::new().retry(immediate));
    let cancelled = client.run(run.id()).cancel().await.unwrap();
    assert_eq!(cancelled.status(), CancellationStatus::Cancelled);
    let bodies: Vec<_> = fake
        .requests()
        .into_iter()
        .map(|request| request.body)
        .collect();
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn returns_cancellation_status_of_the_service() {
    let (fake, client) = fake_and_client().await;
    let run = client.workflow("wf_1").run().send().await.unwrap();
    let snapshot = serde_json::to_value(run.snapshot()).unwrap();
    for (status, expected) in [
        (json!("cancelled"), CancellationStatus::Cancelled),
        (
            json!("cancellation_requested"),
            CancellationStatus::Requested,
        ),
        (json!("cancellation_failed"), CancellationStatus::Failed),
        (
            json!("cancelling"),
            CancellationStatus::Unknown("cancelling".to_owned()),
        ),
    ] {
        let response = json!({"run": snapshot, "cancellation_status": status});
        fake.queue_response(Response::json(200, &response));
        let cancellation = run.cancel().await.unwrap();
        assert_eq!(cancellation.status(), expected);
        assert_eq!(cancellation.status().to_string(), status);
    }
    fake.queue_response(Response::json(200, &json!({"run": snapshot})));
    let without_status = run.cancel().await.unwrap();
    assert_eq!(without_status.status(), CancellationStatus::Requested);
}

#[tokio::test]
async fn cancelling_a_completed_run_fails() {
    let (fake, client) = fake_and_client().await;
    fake.set_run_lifecycles([json!({"status": "completed"})]);
    let run = client.workflow("wf_1").run().send().await.unwrap();
    let cancellation = run.cancel().await.unwrap();
    assert_eq!(cancellation.status(), CancellationStatus::Failed);
    assert_eq!(cancellation.run().status(), "completed");
}

#[tokio::test]
async fn deleted_run_is_not_found() {
    let (fake, client) = fake_and_client().await;
    let run = client.workflow("wf_1").run().send().await.unwrap();
    drop(fake.take_requests());
    run.delete().await.unwrap();
    assert!(run.refresh().await.unwrap_err().is_not_found());
    let stored = client.run("run_000001");
    assert!(stored.delete().await.unwrap_err().is_not_found());
    assert_eq!(
        request_lines(&fake),
        [
            "DELETE /v1/workflows/runs/run_000001",
            "GET /v1/workflows/runs/run_000001",
            "DELETE /v1/workflows/runs/run_000001",
        ]
    );
}
