//! Steps, artifacts and outputs of a run.

use futures_util::TryStreamExt as _;
use retab_ext::{Error, ErrorKind, List as _, Outputs};
use retab_fake::{FakeRetab, Response};
use serde::Deserialize;
use serde_json::value::RawValue;
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

/// Reads the outputs from a page with one step per output text, `s-0` of the block `b-0` and so on.
async fn outputs_on_the_wire(outputs: &[&str]) -> Result<Outputs, Error> {
    let steps = outputs.iter().enumerate().map(|(at, output)| {
        format!(
            r#"{{"run_id":"run_1","block_id":"b-{at}","step_id":"s-{at}","block_type":"function","block_label":"b","lifecycle":{{"status":"completed"}},"handle_outputs":{{"out-0":{output}}}}}"#
        )
    });
    let steps: Vec<String> = steps.collect();
    let body = format!(
        r#"{{"data":[{}],"list_metadata":{{"before":null,"after":null}}}}"#,
        steps.join(",")
    );
    let (fake, client) = fake_and_client().await;
    fake.queue_response(Response::new(200, "application/json", body));
    client.runs().handle("run_1").outputs().await
}

#[tokio::test]
async fn keeps_every_digit_of_numbers() {
    #[derive(Deserialize)]
    struct Exact {
        no: i128,
        rate: Box<RawValue>,
    }
    let data =
        r#"{ "no":12345678901234567890123, "rate":0.1000000000000000000000001, "a":1, "a":1.0 }"#;
    let payload = format!(r#"{{"type":"json","data":{data}}}"#);
    let outputs = outputs_on_the_wire(&[&payload]).await.unwrap();
    let output = outputs.of("b-0")[0];
    assert_eq!(output.raw(), Some(data));
    let exact: Exact = outputs.get("b-0").unwrap();
    assert_eq!(exact.no, 12_345_678_901_234_567_890_123);
    assert_eq!(exact.rate.get(), "0.1000000000000000000000001");
    let formatted = format!("{outputs:?} {output:?}");
    assert!(!formatted.contains("12345"), "{formatted}");
}

#[tokio::test]
async fn output_that_is_not_json_fails_by_itself() {
    for (data, path) in [
        (r#"{"total":NaN}"#, "total"),
        (r#"{"total": [0, -Infinity], "next":"]}"}"#, "total"),
        (r#"{"total":Infinity}"#, "total"),
        (r#"{"total":1e400}"#, "total"),
        (r#"{"total":1,"name":"\ud800"}"#, "name"),
    ] {
        let valid = r#"{"type":"json","data":{"total":1.5}}"#;
        let invalid = format!(r#"{{"data":{data},"type":"json"}}"#);
        let outputs = outputs_on_the_wire(&[valid, &invalid, valid]).await;
        let outputs = outputs.unwrap();
        for block in ["b-0", "b-2"] {
            let total: Value = outputs.get(block).unwrap();
            assert_eq!(total, json!({"total": 1.5}), "{data}");
        }
        assert_eq!(outputs.of("b-1")[0].raw(), Some(data));
        let error = outputs.get::<Value>("b-1").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
        let message = error.to_string();
        let start = format!(
            "run_1: cannot deserialize the output of the block b-1, step s-1, handle out-0: cannot decode JSON at {path}"
        );
        assert!(message.starts_with(&start), "{message}");
    }
}

#[tokio::test]
async fn output_of_an_unknown_shape_fails_by_itself() {
    let file =
        r#"{"type":"file","document":{"id":7,"filename":"a.pdf","mime_type":"application/pdf"}}"#;
    let outputs = outputs_on_the_wire(&[file, "7", r#"{"type":"json","data":1}"#]).await;
    let outputs = outputs.unwrap();
    for (block, reason) in [("b-0", "document.id"), ("b-1", "found an integer")] {
        let output = outputs.of(block)[0];
        assert!(output.file().is_none() && output.raw().is_none());
        let message = outputs.get::<Value>(block).unwrap_err().to_string();
        assert!(
            message.contains(block) && message.contains(reason),
            "{message}"
        );
    }
    assert_eq!(outputs.get::<i64>("b-2").unwrap(), 1);
}

/// Without a closing quote or bracket, the end of an output is unknown.
#[tokio::test]
async fn page_that_cannot_be_split_is_an_error() {
    for data in [r#"{"a":[1}"#, r#"{"a":"b}"#, r#"{"a":1"#] {
        let payload = format!(r#"{{"type":"json","data":{data}}}"#);
        let error = outputs_on_the_wire(&[&payload]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{data}");
        let message = error.to_string();
        assert!(
            message.starts_with("list_workflow_run_steps: "),
            "{message}"
        );
    }
}
