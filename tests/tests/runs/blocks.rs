//! Inputs that name no block, and blocks that are named twice.

use retab_ext::{Client, Document, ErrorKind, RunRequest, Version};
use retab_fake::FakeRetab;
use serde_json::json;

use crate::{asked, last_body, service};

fn invoice() -> Document {
    Document::text("Total: 12")
}

fn run_of_both(client: &Client) -> RunRequest {
    let run = client.run("wf_1").only_document(invoice());
    run.only_json(&json!({"customer": 7})).unwrap()
}

/// The error of a run, which was not created.
async fn refusal(fake: &FakeRetab, run: RunRequest) -> String {
    let error = run.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let created = asked(fake)
        .iter()
        .any(|request| request.starts_with("POST"));
    assert!(!created, "{error}");
    error.to_string()
}

#[tokio::test]
async fn the_only_start_blocks_are_looked_up_in_the_version_in_production() {
    let (fake, client) = service().await;
    // What the draft has is of no account.
    fake.edit_draft([("a", "start_document"), ("b", "start_document")]);
    run_of_both(&client).send().await.unwrap();
    let body = last_body(&fake);
    assert!(body["documents"]["start_document-block-1"].is_object());
    assert_eq!(body["json_inputs"]["start-json-block-1"]["customer"], 7);
    assert_eq!(
        asked(&fake),
        [
            "GET /v1/workflows/wf_1",
            "GET /v1/workflows/versions/ver_0000production?workflow_id=wf_1",
            "POST /v1/workflows/runs",
        ]
    );
}

#[tokio::test]
async fn of_a_pinned_version_its_own_start_blocks_are_taken() {
    let (fake, client) = service().await;
    fake.publish("ver_0000next", [("start-9", "start_document")]);
    let first = Version::pinned("ver_0000first").unwrap();
    let run = client.run("wf_1").only_document(invoice());
    run.version(first).send().await.unwrap();
    assert!(last_body(&fake)["documents"]["start_document-block-1"].is_object());
    assert_eq!(
        asked(&fake),
        [
            "GET /v1/workflows/versions/ver_0000first?workflow_id=wf_1",
            "POST /v1/workflows/runs",
        ]
    );
}

#[tokio::test]
async fn of_the_draft_its_present_start_blocks_are_taken() {
    let (fake, client) = service().await;
    fake.edit_draft([("start-9", "start_json"), ("note", "note")]);
    let run = client.run("wf_1").only_json(&json!(1)).unwrap();
    run.version(Version::Draft).send().await.unwrap();
    assert_eq!(last_body(&fake)["json_inputs"], json!({"start-9": 1}));
    assert_eq!(
        asked(&fake),
        [
            "GET /v1/workflows/blocks?workflow_id=wf_1",
            "POST /v1/workflows/runs",
        ]
    );
}

#[tokio::test]
async fn where_several_blocks_fit_the_error_lists_them() {
    let (fake, client) = service().await;
    fake.edit_draft([
        ("a", "start_document"),
        ("b", "start_document"),
        ("c", "start_json"),
    ]);
    let run = client.run("wf_1").only_document(invoice());
    assert_eq!(
        refusal(&fake, run.version(Version::Draft)).await,
        "cannot select a start block: the workflow wf_1 (version draft) has 2 that accept a document; name one of them: a, b"
    );
}

#[tokio::test]
async fn where_no_block_fits_the_error_says_so() {
    let (fake, client) = service().await;
    let first = Version::pinned("ver_0000first").unwrap();
    let run = client.run("wf_1").only_json(&json!(1)).unwrap();
    assert_eq!(
        refusal(&fake, run.version(first)).await,
        "cannot select a start block: the workflow wf_1 (version ver_0000first) has none that accepts JSON"
    );
}

#[tokio::test]
async fn a_block_is_given_once() {
    let (fake, client) = service().await;
    let run = || client.run("wf_1");
    let twice = "cannot start the run: the block start_document-block-1 has two inputs";
    let block = "start_document-block-1";
    let by_name = run().document(block, invoice());
    let named_twice = by_name.clone().json(block, &1).unwrap();
    assert_eq!(refusal(&fake, named_twice).await, twice);
    assert_eq!(
        refusal(&fake, by_name.only_document(invoice())).await,
        twice
    );
    let unnamed = run().only_document(invoice()).only_document(invoice());
    assert_eq!(refusal(&fake, unnamed).await, twice);
}

#[tokio::test]
async fn a_run_whose_blocks_are_named_looks_nothing_up() {
    let (fake, client) = service().await;
    let run = client
        .run("wf_1")
        .document("start_document-block-1", invoice());
    run.send().await.unwrap();
    assert_eq!(asked(&fake), ["POST /v1/workflows/runs"]);
}
