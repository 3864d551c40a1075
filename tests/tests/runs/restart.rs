//! Restarting runs.

use retab_ext::{Document, Version};
use serde_json::json;

use crate::{fake_and_client, last_body, request_lines};

#[tokio::test]
async fn regression_missing_restart_repeats_inputs_and_metadata() {
    let (fake, client) = fake_and_client().await;
    let invoice = Document::text("Total: 12").file_name("invoice.txt");
    let run = client
        .workflow("wf_1")
        .run()
        .document("start_document-block-1", invoice)
        .json("start-json-block-1", &json!({"customer": 7}))
        .metadata("tenant", "acme")
        .metadata("try", "1")
        .send()
        .await
        .unwrap();
    drop(fake.take_requests());

    let restart = run
        .restart()
        .metadata("try", "2")
        .metadata("by", "night shift");
    let restarted = restart.send().await.unwrap();
    let mut body = last_body(&fake);
    let document = body["documents"]["start_document-block-1"].take();
    assert_eq!(document["filename"], "invoice.txt");
    let url = document["url"].as_str().unwrap();
    assert!(
        url.starts_with("https://storage.retab.example/file_input_000001"),
        "{url}"
    );
    assert_eq!(
        body,
        json!({
            "workflow_id": "wf_1",
            "documents": {"start_document-block-1": null},
            "json_inputs": {"start-json-block-1": {"customer": 7}},
            "metadata": {"tenant": "acme", "try": "2", "by": "night shift"},
            "trigger_type": "restart",
            "parent_run_id": "run_000001",
        })
    );
    assert_eq!(
        request_lines(&fake),
        [
            "GET /v1/files/file_input_000001/download-link",
            "POST /v1/workflows/runs",
        ]
    );
    assert_eq!(restarted.snapshot().trigger.type_.as_str(), Some("restart"));
}

#[tokio::test]
async fn restart_by_id_fetches_run_first() {
    let (fake, client) = fake_and_client().await;
    client.workflow("wf_1").run().send().await.unwrap();
    drop(fake.take_requests());
    let restart = client.run("run_000001").restart().await.unwrap();
    let restarted = restart.version(Version::Draft).send().await.unwrap();
    assert_eq!(restarted.version_id(), "ver_0000draft");
    assert_eq!(last_body(&fake)["parent_run_id"], "run_000001");
    assert_eq!(
        request_lines(&fake),
        [
            "GET /v1/workflows/runs/run_000001",
            "POST /v1/workflows/runs"
        ]
    );
}

#[tokio::test]
async fn restart_fails_before_creation_if_a_file_is_missing() {
    let (fake, client) = fake_and_client().await;
    let run = client
        .workflow("wf_1")
        .run()
        .only_document(Document::text("Total: 12"));
    let run = run.send().await.unwrap();
    drop(fake.take_requests());
    fake.queue_response(retab_fake::Response::json(
        404,
        &json!({"detail": "no such file"}),
    ));
    assert!(run.restart().send().await.unwrap_err().is_not_found());
    assert_eq!(
        request_lines(&fake),
        ["GET /v1/files/file_input_000001/download-link"]
    );
}
