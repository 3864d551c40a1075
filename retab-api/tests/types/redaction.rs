//! `Debug` redacts documents, secrets and presigned URLs.

use std::fmt::Debug;

use retab_api::types::{
    ApiCallAttempt, BlockExecJsonHandleInput, CreateFileUploadResponse, CreateSecretRequest,
    CreateWorkflowRunRequest, EditResult, Extraction, ExtractionSources, FileLink, HandleInput,
    MimeData, ParseOutput, PublicHandlePayload, RunInputs, SecretValueResponse, SetSecretRequest,
    UpdateWorkflowBlockRequest, WorkflowArtifact, WorkflowBlock, WorkflowRunLifecycle,
    WorkflowTableRow,
};
use serde::de::DeserializeOwned;

use crate::decode;
use crate::scripted_server::ScriptedServer;

/// Asserts that `Debug` redacts every value that contains SECRET and shows `shown`.
#[track_caller]
fn assert_redacted<T: DeserializeOwned + Debug>(text: &str, shown: &str) {
    let value: T = decode(text);
    for debug in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!debug.contains("SECRET"), "{debug}");
        assert!(debug.contains(shown), "{debug}");
        assert!(debug.contains("[redacted]"), "{debug}");
    }
}

#[test]
fn redacts_documents() {
    let document = r#"{"filename":"shown.pdf","url":"data:application/pdf;base64,SECRET"}"#;
    assert_redacted::<MimeData>(document, "shown.pdf");
    assert_redacted::<CreateWorkflowRunRequest>(
        &format!(
            r#"{{"workflow_id":"wf_1","documents":{{"block_1":{document}}},"json_inputs":{{"b":"SECRET"}}}}"#
        ),
        "block_1",
    );
    assert_redacted::<RunInputs>(
        r#"{"documents":{},"json_data":{"b":"SECRET"}}"#,
        "documents",
    );
    assert_redacted::<EditResult>(
        &format!(
            r#"{{"filled_document":{document},"form_data":[{{"bbox":{{"height":1,"left":1,"page":1,"top":1,"width":1}},
            "description":"d","key":"shown_key","type":"text","value":"SECRET"}}]}}"#
        ),
        "shown_key",
    );
}

#[test]
fn redacts_content_extracted_from_documents() {
    assert_redacted::<ParseOutput>(r#"{"pages":["SECRET"],"text":"SECRET"}"#, "ParseOutput");
    assert_redacted::<Extraction>(
        r#"{"id":"extr_1","file":{"id":"file_1","filename":"a.pdf","mime_type":"m"},"model":"m","json_schema":{},
        "output":{"name":"SECRET"},"consensus":{"choices":[{"name":"SECRET"}]}}"#,
        "extr_1",
    );
    assert_redacted::<ExtractionSources>(
        r#"{"extraction_id":"extr_1","document_type":"pdf","file":{"id":"file_1","filename":"a.pdf","mime_type":"m"},
        "extraction":{"a":"SECRET"},"sources":{"a":"SECRET"}}"#,
        "extr_1",
    );
    assert_redacted::<HandleInput>(r#"{"type":"json","data":["SECRET"]}"#, "Json");
    assert_redacted::<BlockExecJsonHandleInput>(r#"{"data":"SECRET"}"#, "data");
    assert_redacted::<PublicHandlePayload>(r#"{"type":"json","data":{"a":"SECRET"}}"#, "type");
    assert_redacted::<WorkflowTableRow>(
        r#"{"id":"row_1","position":7,"data":{"a":"SECRET"}}"#,
        "row_1",
    );
}

#[test]
fn redacts_secrets() {
    assert_redacted::<CreateSecretRequest>(r#"{"name":"shown","value":"SECRET"}"#, "shown");
    assert_redacted::<SetSecretRequest>(r#"{"value":"SECRET"}"#, "value");
    assert_redacted::<SecretValueResponse>(
        r#"{"secret":{"name":"shown","value":"SECRET","updated_at":"2026-01-01T00:00:00Z"}}"#,
        "shown",
    );
}

#[test]
fn redacts_presigned_urls_and_upload_headers() {
    assert_redacted::<FileLink>(
        r#"{"download_url":"https://SECRET","expires_in":"1h","filename":"shown.pdf","mime_data":{"filename":"SECRET","url":"SECRET"}}"#,
        "shown.pdf",
    );
    assert_redacted::<CreateFileUploadResponse>(
        r#"{"fileId":"file_1","uploadUrl":"https://SECRET","uploadMethod":"PUT","uploadHeaders":{"x":"SECRET"},
        "mimeData":{"filename":"a","url":"SECRET"},"expiresAt":"2026-01-01T00:00:00Z"}"#,
        "file_1",
    );
}

#[test]
fn redacts_requests_to_other_services() {
    assert_redacted::<ApiCallAttempt>(
        r#"{"attempt_number":3,"request_method":"POST","request_url":"https://SECRET",
        "request_headers":{"authorization":"SECRET"},"request_body":{"a":"SECRET"},"response_status":418,
        "response_headers":{"set-cookie":"SECRET"},"response_body":"SECRET"}"#,
        "418",
    );
    assert_redacted::<UpdateWorkflowBlockRequest>(
        r#"{"label":"shown","config":{"headers":{"authorization":"SECRET"}}}"#,
        "shown",
    );
    assert_redacted::<WorkflowBlock>(
        r#"{"id":"block_1","workflow_id":"wf_1","type":"api_call","label":"shown","config":{"headers":"SECRET"},
        "updated_at":"2026-01-01T00:00:00Z"}"#,
        "shown",
    );
}

#[test]
fn shows_whether_redacted_fields_are_set() {
    let set: FileLink =
        decode(r#"{"download_url":"u","expires_in":"1h","filename":"f","mime_data":null}"#);
    assert_eq!(
        format!("{set:?}"),
        r#"FileLink { download_url: [redacted], expires_in: "1h", filename: "f", mime_data: None }"#
    );
}

#[test]
fn shows_only_keys_of_untyped_objects() {
    let artifact: WorkflowArtifact =
        decode(r#"{"id":"art_1","operation":"extraction","output":{"a":"SECRET"}}"#);
    assert_eq!(
        format!("{artifact:?}"),
        r#"WorkflowArtifact { id: "art_1", operation: Extraction, extra: {"output"} }"#
    );
    let unknown: WorkflowRunLifecycle = decode(r#"{"status":"new","output":"SECRET"}"#);
    let debug = format!("{unknown:?}");
    assert!(
        !debug.contains("SECRET") && debug.contains("output"),
        "{debug}"
    );
}

#[tokio::test]
async fn builders_show_no_values() {
    let server = ScriptedServer::json("{}").await;
    let secret = CreateSecretRequest::builder().name("n").value("SECRET");
    let document = MimeData::builder().filename("SECRET").url("SECRET");
    let run = CreateWorkflowRunRequest::builder()
        .workflow_id("wf_1")
        .documents([("block_1", document.clone())]);
    let client = server.client();
    let shown = [
        format!("{secret:?} {document:?} {run:?}"),
        format!("{:?}", client.create_secret().body(secret)),
        format!("{:?}", client.create_workflow_run().body(run)),
        format!("{:?}", client.get_workflow_run().run_id("SECRET")),
        format!("{:?}", client.list_workflow_runs().search("SECRET")),
    ];
    for debug in shown {
        assert!(!debug.contains("SECRET"), "{debug}");
    }
}
