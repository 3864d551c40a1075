//! Steps, artifacts and outputs of a run.

use futures_util::TryStreamExt as _;
use retab_ext::{ErrorKind, List as _, Outputs};
use retab_fake::FakeRetab;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{fake_and_client, request_lines};

#[derive(Debug, PartialEq, Deserialize)]
struct Invoice {
    number: String,
    total: f64,
}

/// A completed step with its outputs.
fn step(block: &str, id: &str, outputs: Value) -> Value {
    json!({
        "block_id": block,
        "step_id": id,
        "block_type": "function",
        "block_label": block,
        "lifecycle": {"status": "completed"},
        "handle_outputs": outputs,
    })
}

fn data(data: Value) -> Value {
    json!({"type": "json", "data": data})
}

async fn outputs_of(steps: impl IntoIterator<Item = Value>) -> (FakeRetab, Outputs) {
    let (fake, client) = fake_and_client().await;
    fake.set_steps(steps);
    client.workflow("wf_1").run().send().await.unwrap();
    let run = client.run("run_000001");
    let outputs = run.outputs().await.unwrap();
    (fake, outputs)
}

#[tokio::test]
async fn lists_steps() {
    let (fake, client) = fake_and_client().await;
    let run = client.workflow("wf_1").run().send().await.unwrap();
    drop(fake.take_requests());
    let steps: Vec<_> = run.steps().items().try_collect().await.unwrap();
    assert_eq!(steps[0].block_id, "extract-block-1");
    assert_eq!(steps[0].run_id, "run_000001");
    let none: Vec<_> = run
        .steps()
        .block_id("other")
        .items()
        .try_collect()
        .await
        .unwrap();
    assert!(none.is_empty());
    assert_eq!(
        request_lines(&fake),
        [
            "GET /v1/workflows/steps?run_id=run_000001",
            "GET /v1/workflows/steps?run_id=run_000001&block_id=other",
        ]
    );
}

#[tokio::test]
async fn lists_artifacts() {
    let (fake, client) = fake_and_client().await;
    let run = client.workflow("wf_1").run().send().await.unwrap();
    drop(fake.take_requests());
    let list = run.artifacts().operation("extraction");
    let artifacts: Vec<_> = list.items().try_collect().await.unwrap();
    assert_eq!(artifacts.len(), 1);
    assert_eq!(artifacts[0].id, "extr_000001");
    assert_eq!(
        request_lines(&fake),
        ["GET /v1/workflows/artifacts?run_id=run_000001&operation=extraction"]
    );
}

#[tokio::test]
async fn regression_missing_typed_output_is_decoded_by_block() {
    let (_fake, client) = fake_and_client().await;
    let run = client.workflow("wf_1").run().send().await.unwrap();
    let outputs = run.outputs().await.unwrap();
    let invoice: Invoice = outputs.get("extract-block-1").unwrap();
    let number = "2026-0117".to_owned();
    assert_eq!(
        invoice,
        Invoice {
            number,
            total: 1284.5
        }
    );
}

#[tokio::test]
async fn decode_error_names_block_and_path_without_value() {
    let invoices = json!([{"number": "n", "total": 1.5}, {"number": "n", "total": "secret"}]);
    let (_fake, outputs) = outputs_of([step("b-1", "s-1", json!({"out-0": data(invoices)}))]).await;
    let error = outputs.get::<Vec<Invoice>>("b-1").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    let message = error.to_string();
    let start =
        "run_000001: cannot deserialize the output of the block b-1, step s-1, handle out-0: ";
    assert!(message.starts_with(start), "{message}");
    assert!(message.contains("[1].total"), "{message}");
    let formatted = format!("{message} {error:?} {outputs:?}");
    assert!(!formatted.contains("secret"), "{formatted}");
}

#[tokio::test]
async fn missing_or_ambiguous_json_output_is_an_error() {
    let looped = |id: &str, n| step("loop-1", id, json!({"out-0": data(json!(n))}));
    let file = json!({"type": "file", "document": {"id": "file_1", "filename": "a.pdf", "mime_type": "application/pdf"}});
    let (_fake, outputs) = outputs_of([
        looped("s-1", 1),
        looped("s-2", 2),
        step("edit-1", "s-3", json!({"out-0": file})),
    ])
    .await;
    let message = |block| outputs.get::<Value>(block).unwrap_err().to_string();
    assert_eq!(
        message("loop-1"),
        "run_000001: cannot read the output of the block loop-1: it returned JSON 2 times (step s-1, handle out-0; step s-2, handle out-0); use `Outputs::of` to access each output"
    );
    for block in ["edit-1", "other"] {
        let line =
            format!("run_000001: cannot read the output of the block {block}: it returned no JSON");
        assert_eq!(message(block), line);
    }

    let looped = outputs.of("loop-1");
    let numbers: Vec<i64> = looped.iter().map(|output| output.json().unwrap()).collect();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(looped[1].step_id(), "s-2");
    let edited = outputs.of("edit-1");
    assert_eq!(edited[0].file().unwrap().id, "file_1");
    assert_eq!(outputs.iter().count(), 3);
}

#[tokio::test]
async fn decodes_json_output_next_to_a_file() {
    let file = json!({"type": "file", "document": {"id": "file_1", "filename": "a.pdf", "mime_type": "application/pdf"}});
    let both = json!({"out-0": file, "out-1": data(json!([1, 2]))});
    let (_fake, outputs) = outputs_of([step("b-1", "s-1", both)]).await;
    assert_eq!(outputs.get::<Vec<i64>>("b-1").unwrap(), [1, 2]);
}
