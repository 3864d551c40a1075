//! Runs that are cancelled and deleted.

use retab_ext::{CancellationStatus, RequestOptions, RetryPolicy};
use retab_fake::Response;
use serde_json::json;

use crate::{asked, last_body, service};

#[tokio::test]
async fn a_run_is_cancelled_by_a_command_with_an_id() {
    let (fake, client) = service().await;
    let run = client.run("wf_1").send().await.unwrap();
    let cancellation = run.cancel().await.unwrap();
    assert_eq!(cancellation.status(), CancellationStatus::Cancelled);
    assert_eq!(cancellation.run().status(), "cancelled");
    assert_eq!(last_body(&fake)["command_id"].as_str().unwrap().len(), 32);
    let requests = [
        "POST /v1/workflows/runs",
        "POST /v1/workflows/runs/run_000001/cancel",
    ];
    assert_eq!(asked(&fake), requests);
}

#[tokio::test]
async fn the_id_of_the_command_stays_when_it_is_sent_again() {
    let (fake, client) = service().await;
    let run = client.run("wf_1").send().await.unwrap();
    drop(fake.take_requests());
    fake.queue_response(Response::json(503, &json!({"detail": "not now"})));
    let at_once = RetryPolicy::default().base_delay(std::time::Duration::ZERO);
    let client = client.with(RequestOptions::new().retry(at_once));
    let cancelled = client.runs().handle(run.id()).cancel().await.unwrap();
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
async fn what_the_service_says_of_a_cancellation_is_told() {
    let (fake, client) = service().await;
    let run = client.run("wf_1").send().await.unwrap();
    let document = serde_json::to_value(run.snapshot()).unwrap();
    for (status, told) in [
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
        let answer = json!({"run": document, "cancellation_status": status});
        fake.queue_response(Response::json(200, &answer));
        let cancellation = run.cancel().await.unwrap();
        assert_eq!(cancellation.status(), told);
        assert_eq!(cancellation.status().to_string(), status);
    }
    fake.queue_response(Response::json(200, &json!({"run": document})));
    let unsaid = run.cancel().await.unwrap();
    assert_eq!(unsaid.status(), CancellationStatus::Requested);
}

#[tokio::test]
async fn a_run_that_has_ended_is_not_cancelled() {
    let (fake, client) = service().await;
    fake.set_run_lifecycles([json!({"status": "completed"})]);
    let run = client.run("wf_1").send().await.unwrap();
    let cancellation = run.cancel().await.unwrap();
    assert_eq!(cancellation.status(), CancellationStatus::Failed);
    assert_eq!(cancellation.run().status(), "completed");
}

#[tokio::test]
async fn a_deleted_run_is_gone() {
    let (fake, client) = service().await;
    let run = client.run("wf_1").send().await.unwrap();
    drop(fake.take_requests());
    run.delete().await.unwrap();
    assert!(run.refresh().await.unwrap_err().is_not_found());
    let stored = client.runs().handle("run_000001");
    assert!(stored.delete().await.unwrap_err().is_not_found());
    assert_eq!(
        asked(&fake),
        [
            "DELETE /v1/workflows/runs/run_000001",
            "GET /v1/workflows/runs/run_000001",
            "DELETE /v1/workflows/runs/run_000001",
        ]
    );
}
