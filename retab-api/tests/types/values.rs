//! Timestamps, numbers and the order of keys.

use chrono::DateTime;
use retab_api::types::{
    CreateExtractionRequest, Extraction, MimeData, RunTiming, UploadFileRequest, WorkflowRun,
};
use serde_json::{Map, Value};

use crate::scripted_server::{ScriptedServer, promptly};
use crate::{read, reads_back, written};

fn timing(created_at: &str) -> String {
    let timing: RunTiming = read(&format!(r#"{{"created_at":"{created_at}"}}"#));
    written(&timing)
}

#[test]
fn a_timestamp_has_any_offset_and_without_one_it_is_utc() {
    for text in [
        "2026-08-16T10:00:00Z",
        "2026-08-16T10:00:00z",
        "2026-08-16T12:00:00+02:00",
        "2026-08-16T04:30:00-05:30",
        "2026-08-16T10:00:00",
        "2026-08-16 10:00:00",
        "2026-08-16 10:00:00.000",
        "2026-08-16 12:00:00+02:00",
    ] {
        assert_eq!(
            timing(text),
            r#"{"created_at":"2026-08-16T10:00:00Z"}"#,
            "{text}"
        );
    }
    assert_eq!(
        timing("2026-08-16T10:00:00.123456"),
        r#"{"created_at":"2026-08-16T10:00:00.123456Z"}"#
    );
}

#[test]
fn a_timestamp_is_the_instant_that_was_meant() {
    let instant = DateTime::from_timestamp(1_786_874_400, 0);
    for text in [
        "2026-08-16T10:00:00Z",
        "2026-08-16T15:30:00+05:30",
        "2026-08-16T10:00:00",
        "2026-08-16 10:00:00",
    ] {
        let timing: RunTiming = read(&format!(
            r#"{{"created_at":"{text}","started_at":"{text}","completed_at":"{text}"}}"#
        ));
        let read = [timing.created_at, timing.started_at, timing.completed_at];
        assert_eq!(read, [instant; 3], "{text}");
    }
}

#[test]
fn a_timestamp_can_be_null_or_absent() {
    let timing: RunTiming = read(r#"{"created_at":null,"started_at":null}"#);
    assert_eq!(written(&timing), "{}");
}

#[test]
fn what_is_no_timestamp_is_refused() {
    for text in [r#""yesterday""#, r#""2026-13-01T00:00:00Z""#, "1700000000"] {
        let timing = serde_json::from_str::<RunTiming>(&format!(r#"{{"created_at":{text}}}"#));
        assert!(timing.is_err(), "{text}");
    }
}

#[test]
fn integers_beyond_the_precision_of_a_double_survive() {
    for size in [
        "5000000000",
        "9007199254740993",
        "9223372036854775807",
        "0",
        "-1",
    ] {
        let request: UploadFileRequest =
            reads_back(&format!(r#"{{"filename":"a.pdf","size_bytes":{size}}}"#));
        assert_eq!(request.size_bytes.to_string(), size);
    }
}

#[test]
fn json_keeps_its_integers_and_the_order_of_its_keys() {
    let output = r#"{"zeta":{"y":18446744073709551615,"b":-9007199254740993},"alpha":[{"d":1,"c":2.5}],"_":null}"#;
    let extraction: Extraction = read(&format!(
        r#"{{"id":"extr_1","file":{{"id":"file_1","filename":"a.pdf","mime_type":"application/pdf"}},
        "model":"m","json_schema":{output},"output":{output},"metadata":{{"z":"1","a":"2"}}}}"#
    ));
    assert_eq!(written(&extraction.output), output);
    assert_eq!(written(&extraction.json_schema), output);
    assert_eq!(written(&extraction.metadata), r#"{"z":"1","a":"2"}"#);
}

/// JSON whose keys are in no order of theirs, with integers that no double holds.
const ORDERED: &str = r#"{"zeta":{"y":18446744073709551615,"b":-9007199254740993},"alpha":[{"d":9007199254740993,"c":2.5}],"_":null}"#;

#[tokio::test]
async fn an_answer_keeps_its_integers_and_the_order_of_its_keys() {
    let answer = format!(
        r#"{{"output":{ORDERED},"metadata":{{"z":"1","a":"2"}},"json_schema":{ORDERED},"model":"m",
        "file":{{"mime_type":"application/pdf","filename":"a.pdf","id":"file_1"}},"id":"extr_1",
        "created_at":"2026-08-16 10:00:00"}}"#
    );
    let wire = ScriptedServer::json(&answer).await;
    let call = wire.client().get_extraction().extraction_id("extr_1");
    let extraction = promptly(call.send()).await.unwrap();
    assert_eq!(written(&extraction.output), ORDERED);
    assert_eq!(written(&extraction.json_schema), ORDERED);
    assert_eq!(written(&extraction.metadata), r#"{"z":"1","a":"2"}"#);
    let created_at = extraction.created_at.unwrap();
    assert_eq!(created_at.timestamp(), 1_786_874_400);
}

#[tokio::test]
async fn a_request_keeps_its_integers_and_the_order_of_its_keys() {
    let wire = ScriptedServer::json("{}").await;
    let schema: Map<String, Value> = read(ORDERED);
    let call = wire.client().create_extraction().body(
        CreateExtractionRequest::builder()
            .document(MimeData::builder().filename("a.pdf").url("https://x"))
            .json_schema(schema)
            .metadata([("z", "1"), ("a", "2")]),
    );
    promptly(call.send_as::<Value>()).await.unwrap();
    assert_eq!(
        wire.received_once().await.text(),
        format!(
            r#"{{"document":{{"filename":"a.pdf","url":"https://x"}},"json_schema":{ORDERED},"metadata":{{"z":"1","a":"2"}}}}"#
        )
    );
}

#[test]
fn the_keys_of_what_is_unknown_keep_their_order() {
    let run: WorkflowRun = read(
        r#"{"id":"run_1","workflow_id":"wf_1","workflow_version_id":"ver_1","trigger":{"type":"api"},
        "timing":{},"lifecycle":{"zeta":{"y":1,"b":2},"status":"new","alpha":[]}}"#,
    );
    assert_eq!(
        written(&run.lifecycle),
        r#"{"zeta":{"y":1,"b":2},"status":"new","alpha":[]}"#
    );
}
