//! What a run has after its end: steps, artifacts, outputs.

use futures_util::TryStreamExt as _;
use retab_ext::{ErrorKind, List as _, Outputs};
use retab_fake::FakeRetab;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{asked, service};

#[derive(Debug, PartialEq, Deserialize)]
struct Invoice {
    number: String,
    total: f64,
}

/// A completed step, with what it gives.
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
    let (fake, client) = service().await;
    fake.set_steps(steps);
    client.run("wf_1").send().await.unwrap();
    let run = client.runs().handle("run_000001");
    let outputs = run.outputs().await.unwrap();
    (fake, outputs)
}

#[tokio::test]
async fn the_steps_of_a_run_are_listed() {
    let (fake, client) = service().await;
    let run = client.run("wf_1").send().await.unwrap();
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
        asked(&fake),
        [
            "GET /v1/workflows/steps?run_id=run_000001",
            "GET /v1/workflows/steps?run_id=run_000001&block_id=other",
        ]
    );
}

#[tokio::test]
async fn the_artifacts_of_a_run_are_listed() {
    let (fake, client) = service().await;
    let run = client.run("wf_1").send().await.unwrap();
    drop(fake.take_requests());
    let list = run.artifacts().operation("extraction");
    let artifacts: Vec<_> = list.items().try_collect().await.unwrap();
    assert_eq!(artifacts.len(), 1);
    assert_eq!(artifacts[0].id, "extr_000001");
    assert_eq!(
        asked(&fake),
        ["GET /v1/workflows/artifacts?run_id=run_000001&operation=extraction"]
    );
}

#[tokio::test]
async fn rival_lacks_typed_output_which_is_read_by_block() {
    let (_fake, client) = service().await;
    let run = client.run("wf_1").send().await.unwrap();
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
async fn an_output_that_does_not_fit_is_named_with_block_and_path_and_not_shown() {
    let invoices = json!([{"number": "n", "total": 1.5}, {"number": "n", "total": "secret"}]);
    let (_fake, outputs) = outputs_of([step("b-1", "s-1", json!({"out-0": data(invoices)}))]).await;
    let error = outputs.get::<Vec<Invoice>>("b-1").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    let line = error.to_string();
    let start =
        "run_000001: cannot deserialize the output of the block b-1, step s-1, handle out-0: ";
    assert!(line.starts_with(start), "{line}");
    assert!(line.contains("[1].total"), "{line}");
    let shown = format!("{line} {error:?} {outputs:?}");
    assert!(!shown.contains("secret"), "{shown}");
}

#[tokio::test]
async fn a_block_that_has_given_no_json_or_several_is_an_error_that_says_so() {
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

    // Each of them can be had one by one.
    let looped = outputs.of("loop-1");
    let numbers: Vec<i64> = looped.iter().map(|output| output.json().unwrap()).collect();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(looped[1].step_id(), "s-2");
    let edited = outputs.of("edit-1");
    assert_eq!(edited[0].file().unwrap().id, "file_1");
    assert_eq!(outputs.iter().count(), 3);
}

#[tokio::test]
async fn a_file_beside_the_json_of_a_block_does_not_hide_it() {
    let file = json!({"type": "file", "document": {"id": "file_1", "filename": "a.pdf", "mime_type": "application/pdf"}});
    let both = json!({"out-0": file, "out-1": data(json!([1, 2]))});
    let (_fake, outputs) = outputs_of([step("b-1", "s-1", both)]).await;
    assert_eq!(outputs.get::<Vec<i64>>("b-1").unwrap(), [1, 2]);
}
