//! Generated operations: the location of each kind of parameter, and the decoding of each kind of response.

use bytes::Bytes;
use retab_api::types::{
    CancelWorkflowRequest, CreateExtractionRequest, CreateWorkflowRunRequest, MimeData,
    StreamExtractionRequest, WorkflowRunStatus,
};
use retab_api::{ErrorKind, FilePart};
use serde_json::{Map, Value, json};

use crate::scripted_server::ScriptedServer;

const RUN: &str = r#"{"id":"run_1","workflow_id":"wf_1","workflow_version_id":"ver_1","trigger":{"type":"api"},"lifecycle":{"status":"pending"},"timing":{}}"#;

/// Returns a raw response.
fn response(status: &str, media_type: &str, body: &str) -> String {
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
async fn create_workflow_run_sends_only_set_fields() {
    let server =
        ScriptedServer::with_response(response("202 Accepted", "application/json", RUN)).await;
    let request = CreateWorkflowRunRequest::builder()
        .workflow_id("wf_1")
        .documents([("start_document-block-1", document())])
        .version("draft");
    let run = server
        .client()
        .create_workflow_run()
        .body(request)
        .send()
        .await
        .unwrap();
    assert_eq!(run.status(), 202);
    assert_eq!(run.id, "run_1");

    let received = server.only_request().await;
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
async fn sends_ids_unchanged_in_paths() {
    let server = ScriptedServer::json(RUN).await;
    server
        .client()
        .get_workflow_run()
        .run_id("extr_01")
        .send()
        .await
        .unwrap();
    assert_eq!(
        server.only_request().await.line(),
        "GET /v1/workflows/runs/extr_01"
    );
}

#[tokio::test]
async fn repeats_array_query_keys_and_omits_unset_parameters() {
    let server =
        ScriptedServer::json(r#"{"data":[],"list_metadata":{"before":null,"after":null}}"#).await;
    let request = server.client().list_extractions();
    let request = request
        .document_type(["pdf".to_owned(), "image".to_owned()])
        .limit(5);
    request.send().await.unwrap();
    let received = server.only_request().await;
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
async fn sends_enum_query_values() {
    let server =
        ScriptedServer::json(r#"{"data":[],"list_metadata":{"before":null,"after":null}}"#).await;
    let request = server
        .client()
        .list_workflow_runs()
        .status(WorkflowRunStatus::AwaitingReview);
    request.send().await.unwrap();
    let line = server.only_request().await.line().to_owned();
    assert_eq!(line, "GET /v1/workflows/runs?status=awaiting_review");
}

#[tokio::test]
async fn sends_header_parameters() {
    let server = ScriptedServer::json("{}").await;
    let request = server
        .client()
        .generate_schema_from_examples()
        .idempotency_key("key-1");
    let body = json!({"documents": [{"filename": "a.txt", "url": "data:text/plain;base64,YQ=="}]});
    let body: retab_api::types::GenerateSchemaRequest = serde_json::from_value(body).unwrap();
    request.body(body).send_as::<Value>().await.unwrap();
    let received = server.only_request().await;
    assert_eq!(received.header("idempotency-key"), Some("key-1"));
    assert_eq!(received.line(), "POST /v1/schemas/generate");
}

#[tokio::test]
async fn sends_optional_body_only_if_set() {
    let cancelled = format!(r#"{{"run":{RUN},"cancellation_status":"cancelled"}}"#);
    let server = ScriptedServer::json(&cancelled).await;
    server
        .client()
        .cancel_workflow_run()
        .run_id("run_1")
        .send()
        .await
        .unwrap();
    let received = server.only_request().await;
    assert_eq!(received.header("content-type"), None);
    assert_eq!(received.body, b"");

    let server = ScriptedServer::json(&cancelled).await;
    let body = CancelWorkflowRequest::builder().command_id("cmd_1");
    server
        .client()
        .cancel_workflow_run()
        .run_id("run_1")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(
        server.only_request().await.body,
        br#"{"command_id":"cmd_1"}"#
    );
}

#[tokio::test]
async fn ignores_body_of_untyped_operation() {
    let server =
        ScriptedServer::with_response(response("200 OK", "text/html", "<h1>gone</h1>")).await;
    let gone = server
        .client()
        .delete_workflow_run()
        .run_id("run_1")
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), 200);
    assert_eq!(
        server.only_request().await.line(),
        "DELETE /v1/workflows/runs/run_1"
    );
}

#[tokio::test]
async fn returns_csv_as_bytes() {
    let server = ScriptedServer::with_response(response("200 OK", "text/csv", "a;b\n1;2\n")).await;
    let table = server
        .client()
        .download_table_csv()
        .table_id("tbl_1")
        .send()
        .await
        .unwrap();
    let bytes = table.into_inner().read_to_end(1024).await.unwrap();
    assert_eq!(bytes, "a;b\n1;2\n");
    assert_eq!(
        server.only_request().await.header("accept"),
        Some("text/csv")
    );
}

fn json_schema() -> Map<String, Value> {
    Map::from_iter([("type".to_owned(), json!("object"))])
}

#[tokio::test]
async fn create_extraction_accepts_json_and_rejects_streams() {
    let request = || {
        CreateExtractionRequest::builder()
            .document(document())
            .json_schema(json_schema())
    };
    for status in ["200 OK", "201 Created", "202 Accepted"] {
        let server = ScriptedServer::with_response(response(
            status,
            "application/json",
            r#"{"id":"extr_1"}"#,
        ))
        .await;
        let request = server.client().create_extraction().body(request());
        let extraction = request.send_as::<Value>().await.unwrap();
        assert_eq!(extraction["id"], "extr_1");
        let sent = server.only_request().await;
        let sent: Value = serde_json::from_slice(&sent.body).unwrap();
        assert_eq!(sent.get("stream"), None);
    }
    let server =
        ScriptedServer::with_response(response("200 OK", "application/stream+json", "{}\n{}\n"))
            .await;
    let error = server
        .client()
        .create_extraction()
        .body(request())
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedContentType);
    let displayed = error.to_string();
    assert!(displayed.contains("create_extraction"), "{displayed}");
    assert!(displayed.contains("application/stream+json"), "{displayed}");
}

#[tokio::test]
async fn create_extraction_stream_returns_bytes() {
    let lines = "{\"output\":{\"a\":1}}\n\n{\"output\":{\"a\":2}}\n";
    let server =
        ScriptedServer::with_response(response("200 OK", "application/stream+json", lines)).await;
    let request = StreamExtractionRequest::builder()
        .document(document())
        .json_schema(json_schema())
        .stream(true);
    let stream = server
        .client()
        .create_extraction_stream()
        .body(request)
        .send()
        .await
        .unwrap();
    assert_eq!(stream.into_inner().read_to_end(1024).await.unwrap(), lines);
    let sent = server.only_request().await;
    assert_eq!(sent.header("accept"), Some("application/stream+json"));
    assert_eq!(
        serde_json::from_slice::<Value>(&sent.body).unwrap()["stream"],
        true
    );
}

#[tokio::test]
async fn create_table_sends_multipart_body() {
    let server = ScriptedServer::json("{}").await;
    let file = FilePart::bytes("rows.csv", Bytes::from_static(b"a;b\n"));
    let request = server.client().create_table().name("Rows").file(file);
    request.send_as::<Value>().await.unwrap();
    let received = server.only_request().await;
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
async fn replace_table_sends_id_in_path() {
    let server = ScriptedServer::json("{}").await;
    let file = FilePart::bytes("rows.csv", Bytes::from_static(b"a;b\n"));
    let request = server.client().replace_table().table_id("tbl_1").file(file);
    request.send_as::<Value>().await.unwrap();
    assert_eq!(server.only_request().await.line(), "PUT /v1/tables/tbl_1");
}

#[tokio::test]
async fn rejects_missing_required_parameters() {
    let server = ScriptedServer::json("{}").await;
    let client = server.client();
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
    assert!(server.has_no_connections());
}
