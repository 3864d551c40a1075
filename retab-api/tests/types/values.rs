//! Timestamps, integer precision and key order.

use chrono::DateTime;
use retab_api::types::{
    CreateExtractionRequest, Extraction, MimeData, RunTiming, UploadFileRequest, WorkflowRun,
};
use serde_json::{Map, Value};

use crate::scripted_server::{ScriptedServer, promptly};
use crate::{decode, encode, round_trip};

fn timing(created_at: &str) -> String {
    let timing: RunTiming = decode(&format!(r#"{{"created_at":"{created_at}"}}"#));
    encode(&timing)
}

#[test]
fn accepts_any_offset_and_defaults_to_utc() {
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
fn preserves_instants() {
    let instant = DateTime::from_timestamp(1_786_874_400, 0);
    for text in [
        "2026-08-16T10:00:00Z",
        "2026-08-16T15:30:00+05:30",
        "2026-08-16T10:00:00",
        "2026-08-16 10:00:00",
    ] {
        let timing: RunTiming = decode(&format!(
            r#"{{"created_at":"{text}","started_at":"{text}","completed_at":"{text}"}}"#
        ));
        let instants = [timing.created_at, timing.started_at, timing.completed_at];
        assert_eq!(instants, [instant; 3], "{text}");
    }
}

#[test]
fn accepts_null_and_missing_timestamps() {
    let timing: RunTiming = decode(r#"{"created_at":null,"started_at":null}"#);
    assert_eq!(encode(&timing), "{}");
}

#[test]
fn rejects_invalid_timestamps() {
    for text in [r#""yesterday""#, r#""2026-13-01T00:00:00Z""#, "1700000000"] {
        let timing = serde_json::from_str::<RunTiming>(&format!(r#"{{"created_at":{text}}}"#));
        assert!(timing.is_err(), "{text}");
    }
}

#[test]
fn preserves_integers_beyond_double_precision() {
    for size in [
        "5000000000",
        "9007199254740993",
        "9223372036854775807",
        "0",
        "-1",
    ] {
        let request: UploadFileRequest =
            round_trip(&format!(r#"{{"filename":"a.pdf","size_bytes":{size}}}"#));
        assert_eq!(request.size_bytes.to_string(), size);
    }
}

#[test]
fn preserves_integers_and_key_order_in_json() {
    let output = r#"{"zeta":{"y":18446744073709551615,"b":-9007199254740993},"alpha":[{"d":1,"c":2.5}],"_":null}"#;
    let extraction: Extraction = decode(&format!(
        r#"{{"id":"extr_1","file":{{"id":"file_1","filename":"a.pdf","mime_type":"application/pdf"}},
        "model":"m","json_schema":{output},"output":{output},"metadata":{{"z":"1","a":"2"}}}}"#
    ));
    assert_eq!(encode(&extraction.output), output);
    assert_eq!(encode(&extraction.json_schema), output);
    assert_eq!(encode(&extraction.metadata), r#"{"z":"1","a":"2"}"#);
}

/// JSON with unsorted keys and integers beyond the precision of a double.
const ORDERED: &str = r#"{"zeta":{"y":18446744073709551615,"b":-9007199254740993},"alpha":[{"d":9007199254740993,"c":2.5}],"_":null}"#;

#[tokio::test]
async fn preserves_integers_and_key_order_in_responses() {
    let response = format!(
        r#"{{"output":{ORDERED},"metadata":{{"z":"1","a":"2"}},"json_schema":{ORDERED},"model":"m",
        "file":{{"mime_type":"application/pdf","filename":"a.pdf","id":"file_1"}},"id":"extr_1",
        "created_at":"2026-08-16 10:00:00"}}"#
    );
    let server = ScriptedServer::json(&response).await;
    let request = server.client().get_extraction().extraction_id("extr_1");
    let extraction = promptly(request.send()).await.unwrap();
    assert_eq!(encode(&extraction.output), ORDERED);
    assert_eq!(encode(&extraction.json_schema), ORDERED);
    assert_eq!(encode(&extraction.metadata), r#"{"z":"1","a":"2"}"#);
    let created_at = extraction.created_at.unwrap();
    assert_eq!(created_at.timestamp(), 1_786_874_400);
}

#[tokio::test]
async fn preserves_integers_and_key_order_in_requests() {
    let server = ScriptedServer::json("{}").await;
    let schema: Map<String, Value> = decode(ORDERED);
    let request = server.client().create_extraction().body(
        CreateExtractionRequest::builder()
            .document(MimeData::builder().filename("a.pdf").url("https://x"))
            .json_schema(schema)
            .metadata([("z", "1"), ("a", "2")]),
    );
    promptly(request.send_as::<Value>()).await.unwrap();
    assert_eq!(
        server.only_request().await.text(),
        format!(
            r#"{{"document":{{"filename":"a.pdf","url":"https://x"}},"json_schema":{ORDERED},"metadata":{{"z":"1","a":"2"}}}}"#
        )
    );
}

#[test]
fn preserves_key_order_of_unknown_variants() {
    let run: WorkflowRun = decode(
        r#"{"id":"run_1","workflow_id":"wf_1","workflow_version_id":"ver_1","trigger":{"type":"api"},
        "timing":{},"lifecycle":{"zeta":{"y":1,"b":2},"status":"new","alpha":[]}}"#,
    );
    assert_eq!(
        encode(&run.lifecycle),
        r#"{"zeta":{"y":1,"b":2},"status":"new","alpha":[]}"#
    );
}
