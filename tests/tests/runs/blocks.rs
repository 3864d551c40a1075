//! Inputs without a block id, and blocks with two inputs.

use retab_ext::{Client, Document, ErrorKind, RunRequest, Version};
use retab_fake::FakeRetab;
use serde_json::json;

use crate::{fake_and_client, last_body, request_lines};

fn invoice() -> Document {
    Document::text("Total: 12")
}

fn run_with_both_inputs(client: &Client) -> RunRequest {
    let run = client.workflow("wf_1").run().only_document(invoice());
    run.only_json(&json!({"customer": 7}))
}

/// Returns the error message of a run, which must not be created.
async fn error_without_run(fake: &FakeRetab, run: RunRequest) -> String {
    let error = run.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let created = request_lines(fake)
        .iter()
        .any(|request| request.starts_with("POST"));
    assert!(!created, "{error}");
    error.to_string()
}

#[tokio::test]
async fn resolves_start_blocks_in_production_version() {
    let (fake, client) = fake_and_client().await;
    // Changes to the draft have no effect.
    fake.edit_draft([("a", "start_document"), ("b", "start_document")]);
    run_with_both_inputs(&client).send().await.unwrap();
    let body = last_body(&fake);
    assert!(body["documents"]["start_document-block-1"].is_object());
    assert_eq!(body["json_inputs"]["start-json-block-1"]["customer"], 7);
    assert_eq!(
        request_lines(&fake),
        [
            "GET /v1/workflows/wf_1",
            "GET /v1/workflows/versions/ver_0000production?workflow_id=wf_1",
            "POST /v1/workflows/runs",
        ]
    );
}

#[tokio::test]
async fn resolves_start_blocks_in_pinned_version() {
    let (fake, client) = fake_and_client().await;
    fake.publish("ver_0000next", [("start-9", "start_document")]);
    let first = Version::pinned("ver_0000first");
    let run = client.workflow("wf_1").run().only_document(invoice());
    run.version(first).send().await.unwrap();
    assert!(last_body(&fake)["documents"]["start_document-block-1"].is_object());
    assert_eq!(
        request_lines(&fake),
        [
            "GET /v1/workflows/versions/ver_0000first?workflow_id=wf_1",
            "POST /v1/workflows/runs",
        ]
    );
}

#[tokio::test]
async fn resolves_start_blocks_in_current_draft() {
    let (fake, client) = fake_and_client().await;
    fake.edit_draft([("start-9", "start_json"), ("note", "note")]);
    let run = client.workflow("wf_1").run().only_json(&json!(1));
    run.version(Version::Draft).send().await.unwrap();
    assert_eq!(last_body(&fake)["json_inputs"], json!({"start-9": 1}));
    assert_eq!(
        request_lines(&fake),
        [
            "GET /v1/workflows/blocks?workflow_id=wf_1",
            "POST /v1/workflows/runs",
        ]
    );
}

#[tokio::test]
async fn ambiguous_start_block_error_lists_candidates() {
    let (fake, client) = fake_and_client().await;
    fake.edit_draft([
        ("a", "start_document"),
        ("b", "start_document"),
        ("c", "start_json"),
    ]);
    let run = client.workflow("wf_1").run().only_document(invoice());
    assert_eq!(
        error_without_run(&fake, run.version(Version::Draft)).await,
        "cannot select a start block: the workflow wf_1 (version draft) has 2 that accept a document; name one of them: a, b"
    );
}

#[tokio::test]
async fn missing_start_block_is_an_error() {
    let (fake, client) = fake_and_client().await;
    let first = Version::pinned("ver_0000first");
    let run = client.workflow("wf_1").run().only_json(&json!(1));
    assert_eq!(
        error_without_run(&fake, run.version(first)).await,
        "cannot select a start block: the workflow wf_1 (version ver_0000first) has none that accepts JSON"
    );
}

#[tokio::test]
async fn rejects_two_inputs_for_one_block() {
    let (fake, client) = fake_and_client().await;
    let run = || client.workflow("wf_1").run();
    let twice = "cannot start the run: the block start_document-block-1 has two inputs";
    let block = "start_document-block-1";
    let by_name = run().document(block, invoice());
    let named_twice = by_name.clone().json(block, &1);
    assert_eq!(error_without_run(&fake, named_twice).await, twice);
    assert_eq!(
        error_without_run(&fake, by_name.only_document(invoice())).await,
        twice
    );
    let unnamed = run().only_document(invoice()).only_document(invoice());
    assert_eq!(error_without_run(&fake, unnamed).await, twice);
}

#[tokio::test]
async fn named_blocks_need_no_lookup() {
    let (fake, client) = fake_and_client().await;
    let run = client
        .workflow("wf_1")
        .run()
        .document("start_document-block-1", invoice());
    run.send().await.unwrap();
    assert_eq!(request_lines(&fake), ["POST /v1/workflows/runs"]);
}
