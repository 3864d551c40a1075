//! Generated operations on the wire: where each kind of parameter goes, and how each kind of answer
//! is read.

use bytes::Bytes;
use retab_api::types::{
    CancelWorkflowRequest, CreateExtractionRequest, CreateWorkflowRunRequest, MimeData,
    StreamExtractionRequest, WorkflowRunStatus,
};
use retab_api::{ErrorKind, FilePart};
use serde_json::{Map, Value, json};

use crate::scripted_server::ScriptedServer;

const RUN: &str = r#"{"id":"run_1","workflow_id":"wf_1","workflow_version_id":"ver_1","trigger":{"type":"api"},"lifecycle":{"status":"pending"},"timing":{}}"#;

/// An answer of this status and media type.
fn answer(status: &str, media_type: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

fn document() -> MimeData {
    let document = MimeData::builder()
        .filename("invoice.pdf")
        .url("data:application/pdf;base64,JVBERg==");
    document.build().unwrap()
}

#[tokio::test]
async fn a_run_is_created_with_exactly_what_was_set() {
    let wire = ScriptedServer::with_handler(answer("202 Accepted", "application/json", RUN)).await;
    let request = CreateWorkflowRunRequest::builder()
        .workflow_id("wf_1")
        .documents([("start_document-block-1", document())])
        .version("draft");
    let run = wire
        .client()
        .create_workflow_run()
        .body(request)
        .send()
        .await
        .unwrap();
    assert_eq!(run.status(), 202);
    assert_eq!(run.id, "run_1");

    let received = wire.received_once().await;
    assert_eq!(received.line(), "POST /v1/workflows/runs");
    assert_eq!(received.header("content-type"), Some("application/json"));
    assert_eq!(received.header("accept"), Some("application/json"));
    assert_eq!(received.header("api-version"), None);
    assert_eq!(
        serde_json::from_slice::<Value>(&received.body).unwrap(),
        json!({
            "workflow_id": "wf_1",
            "documents": {"start_document-block-1": {
                "filename": "invoice.pdf", "url": "data:application/pdf;base64,JVBERg==",
            }},
            "version": "draft",
        })
    );
}

#[tokio::test]
async fn an_id_stays_itself_in_the_path() {
    let wire = ScriptedServer::json(RUN).await;
    wire.client()
        .get_workflow_run()
        .run_id("extr_01")
        .send()
        .await
        .unwrap();
    assert_eq!(
        wire.received_once().await.line(),
        "GET /v1/workflows/runs/extr_01"
    );
}

#[tokio::test]
async fn an_array_query_is_repeated_keys_and_what_is_not_set_is_not_sent() {
    let wire =
        ScriptedServer::json(r#"{"data":[],"list_metadata":{"before":null,"after":null}}"#).await;
    let call = wire.client().list_extractions();
    let call = call
        .document_type(["pdf".to_owned(), "image".to_owned()])
        .limit(5);
    call.send().await.unwrap();
    let received = wire.received_once().await;
    let (path, query) = received.line().split_once('?').unwrap();
    assert_eq!(path, "GET /v1/extractions");
    let mut pairs: Vec<_> = query.split('&').collect();
    pairs.sort_unstable();
    assert_eq!(
        pairs,
        ["document_type=image", "document_type=pdf", "limit=5"]
    );
}

#[tokio::test]
async fn an_enum_query_is_its_value() {
    let wire =
        ScriptedServer::json(r#"{"data":[],"list_metadata":{"before":null,"after":null}}"#).await;
    let call = wire
        .client()
        .list_workflow_runs()
        .status(WorkflowRunStatus::AwaitingReview);
    call.send().await.unwrap();
    let line = wire.received_once().await.line().to_owned();
    assert_eq!(line, "GET /v1/workflows/runs?status=awaiting_review");
}

#[tokio::test]
async fn the_header_parameter_is_a_header() {
    let wire = ScriptedServer::json("{}").await;
    let call = wire
        .client()
        .generate_schema_from_examples()
        .idempotency_key("key-1");
    let body = json!({"documents": [{"filename": "a.txt", "url": "data:text/plain;base64,YQ=="}]});
    let body: retab_api::types::GenerateSchemaRequest = serde_json::from_value(body).unwrap();
    call.body(body).send_as::<Value>().await.unwrap();
    let received = wire.received_once().await;
    assert_eq!(received.header("idempotency-key"), Some("key-1"));
    assert_eq!(received.line(), "POST /v1/schemas/generate");
}

#[tokio::test]
async fn an_optional_body_can_be_left_out_or_sent() {
    let cancelled = format!(r#"{{"run":{RUN},"cancellation_status":"cancelled"}}"#);
    let wire = ScriptedServer::json(&cancelled).await;
    wire.client()
        .cancel_workflow_run()
        .run_id("run_1")
        .send()
        .await
        .unwrap();
    let received = wire.received_once().await;
    assert_eq!(received.header("content-type"), None);
    assert_eq!(received.body, b"");

    let wire = ScriptedServer::json(&cancelled).await;
    let body = CancelWorkflowRequest::builder().command_id("cmd_1");
    wire.client()
        .cancel_workflow_run()
        .run_id("run_1")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(
        wire.received_once().await.body,
        br#"{"command_id":"cmd_1"}"#
    );
}

#[tokio::test]
async fn an_untyped_operation_ignores_a_body() {
    let wire = ScriptedServer::with_handler(answer("200 OK", "text/html", "<h1>gone</h1>")).await;
    let gone = wire
        .client()
        .delete_workflow_run()
        .run_id("run_1")
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), 200);
    assert_eq!(
        wire.received_once().await.line(),
        "DELETE /v1/workflows/runs/run_1"
    );
}

#[tokio::test]
async fn a_csv_is_bytes() {
    let wire = ScriptedServer::with_handler(answer("200 OK", "text/csv", "a;b\n1;2\n")).await;
    let table = wire
        .client()
        .download_table_csv()
        .table_id("tbl_1")
        .send()
        .await
        .unwrap();
    let bytes = table.into_inner().read_to_end(1024).await.unwrap();
    assert_eq!(bytes, "a;b\n1;2\n");
    assert_eq!(
        wire.received_once().await.header("accept"),
        Some("text/csv")
    );
}

fn json_schema() -> Map<String, Value> {
    Map::from_iter([("type".to_owned(), json!("object"))])
}

#[tokio::test]
async fn an_extraction_answers_json_with_any_success_and_a_stream_is_a_named_error() {
    let request = || {
        CreateExtractionRequest::builder()
            .document(document())
            .json_schema(json_schema())
    };
    for status in ["200 OK", "201 Created", "202 Accepted"] {
        let wire =
            ScriptedServer::with_handler(answer(status, "application/json", r#"{"id":"extr_1"}"#))
                .await;
        let call = wire.client().create_extraction().body(request());
        let extraction = call.send_as::<Value>().await.unwrap();
        assert_eq!(extraction["id"], "extr_1");
        let sent = wire.received_once().await;
        let sent: Value = serde_json::from_slice(&sent.body).unwrap();
        assert_eq!(sent.get("stream"), None);
    }
    let wire =
        ScriptedServer::with_handler(answer("200 OK", "application/stream+json", "{}\n{}\n")).await;
    let error = wire
        .client()
        .create_extraction()
        .body(request())
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedContentType);
    let shown = error.to_string();
    assert!(shown.contains("create_extraction"), "{shown}");
    assert!(shown.contains("application/stream+json"), "{shown}");
}

#[tokio::test]
async fn the_extraction_stream_returns_its_bytes() {
    let lines = "{\"output\":{\"a\":1}}\n\n{\"output\":{\"a\":2}}\n";
    let wire =
        ScriptedServer::with_handler(answer("200 OK", "application/stream+json", lines)).await;
    let request = StreamExtractionRequest::builder()
        .document(document())
        .json_schema(json_schema())
        .stream(true);
    let stream = wire
        .client()
        .create_extraction_stream()
        .body(request)
        .send()
        .await
        .unwrap();
    assert_eq!(stream.into_inner().read_to_end(1024).await.unwrap(), lines);
    let sent = wire.received_once().await;
    assert_eq!(sent.header("accept"), Some("application/stream+json"));
    assert_eq!(
        serde_json::from_slice::<Value>(&sent.body).unwrap()["stream"],
        true
    );
}

#[tokio::test]
async fn a_table_is_created_from_parts() {
    let wire = ScriptedServer::json("{}").await;
    let file = FilePart::bytes("rows.csv", Bytes::from_static(b"a;b\n"));
    let call = wire.client().create_table().name("Rows").file(file);
    call.send_as::<Value>().await.unwrap();
    let received = wire.received_once().await;
    assert_eq!(received.line(), "POST /v1/tables");
    let content_type = received.header("content-type").unwrap();
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let body = String::from_utf8(received.body.clone()).unwrap();
    assert_eq!(
        body,
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nRows\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"rows.csv\"\r\n\
             Content-Type: text/csv\r\n\r\na;b\n\r\n--{boundary}--\r\n"
        )
    );
}

#[tokio::test]
async fn a_table_is_replaced_from_parts_under_its_id() {
    let wire = ScriptedServer::json("{}").await;
    let file = FilePart::bytes("rows.csv", Bytes::from_static(b"a;b\n"));
    let call = wire.client().replace_table().table_id("tbl_1").file(file);
    call.send_as::<Value>().await.unwrap();
    assert_eq!(wire.received_once().await.line(), "PUT /v1/tables/tbl_1");
}

#[tokio::test]
async fn what_is_required_and_was_not_set_sends_nothing() {
    let wire = ScriptedServer::json("{}").await;
    let client = wire.client();
    for (error, named) in [
        (
            client.get_workflow_run().send().await.unwrap_err(),
            "run_id",
        ),
        (
            client.create_workflow_run().send().await.unwrap_err(),
            "body",
        ),
        (
            client.create_table().name("Rows").send().await.unwrap_err(),
            "file",
        ),
        (
            client.list_workflow_evals().send().await.unwrap_err(),
            "workflow_id",
        ),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(named), "{error}");
    }
    assert!(wire.is_untouched());
}
