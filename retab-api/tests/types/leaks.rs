//! `Debug` shows no document, no secret and no URL that gives access.

use std::fmt::Debug;

use retab_api::types::{
    ApiCallAttempt, BlockExecJsonHandleInput, CreateFileUploadResponse, CreateSecretRequest,
    CreateWorkflowRunRequest, EditResult, Extraction, ExtractionSources, FileLink, HandleInput,
    MimeData, ParseOutput, PublicHandlePayload, RunInputs, SecretValueResponse, SetSecretRequest,
    UpdateWorkflowBlockRequest, WorkflowArtifact, WorkflowBlock, WorkflowRunLifecycle,
    WorkflowTableRow,
};
use serde::de::DeserializeOwned;

use crate::read;
use crate::scripted_server::ScriptedServer;

/// Every value that says SECRET in `text` is hidden, and what says `shown` is not.
#[track_caller]
fn hides<T: DeserializeOwned + Debug>(text: &str, shown: &str) {
    let value: T = read(text);
    for debug in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!debug.contains("SECRET"), "{debug}");
        assert!(debug.contains(shown), "{debug}");
        assert!(debug.contains("[redacted]"), "{debug}");
    }
}

#[test]
fn documents_do_not_show() {
    let document = r#"{"filename":"shown.pdf","url":"data:application/pdf;base64,SECRET"}"#;
    hides::<MimeData>(document, "shown.pdf");
    hides::<CreateWorkflowRunRequest>(
        &format!(
            r#"{{"workflow_id":"wf_1","documents":{{"block_1":{document}}},"json_inputs":{{"b":"SECRET"}}}}"#
        ),
        "block_1",
    );
    hides::<RunInputs>(
        r#"{"documents":{},"json_data":{"b":"SECRET"}}"#,
        "documents",
    );
    hides::<EditResult>(
        &format!(
            r#"{{"filled_document":{document},"form_data":[{{"bbox":{{"height":1,"left":1,"page":1,"top":1,"width":1}},
            "description":"d","key":"shown_key","type":"text","value":"SECRET"}}]}}"#
        ),
        "shown_key",
    );
}

#[test]
fn what_was_read_from_documents_does_not_show() {
    hides::<ParseOutput>(r#"{"pages":["SECRET"],"text":"SECRET"}"#, "ParseOutput");
    hides::<Extraction>(
        r#"{"id":"extr_1","file":{"id":"file_1","filename":"a.pdf","mime_type":"m"},"model":"m","json_schema":{},
        "output":{"name":"SECRET"},"consensus":{"choices":[{"name":"SECRET"}]}}"#,
        "extr_1",
    );
    hides::<ExtractionSources>(
        r#"{"extraction_id":"extr_1","document_type":"pdf","file":{"id":"file_1","filename":"a.pdf","mime_type":"m"},
        "extraction":{"a":"SECRET"},"sources":{"a":"SECRET"}}"#,
        "extr_1",
    );
    hides::<HandleInput>(r#"{"type":"json","data":["SECRET"]}"#, "Json");
    hides::<BlockExecJsonHandleInput>(r#"{"data":"SECRET"}"#, "data");
    hides::<PublicHandlePayload>(r#"{"type":"json","data":{"a":"SECRET"}}"#, "type");
    hides::<WorkflowTableRow>(
        r#"{"id":"row_1","position":7,"data":{"a":"SECRET"}}"#,
        "row_1",
    );
}

#[test]
fn secrets_do_not_show() {
    hides::<CreateSecretRequest>(r#"{"name":"shown","value":"SECRET"}"#, "shown");
    hides::<SetSecretRequest>(r#"{"value":"SECRET"}"#, "value");
    hides::<SecretValueResponse>(
        r#"{"secret":{"name":"shown","value":"SECRET","updated_at":"2026-01-01T00:00:00Z"}}"#,
        "shown",
    );
}

#[test]
fn signed_urls_and_upload_headers_do_not_show() {
    hides::<FileLink>(
        r#"{"download_url":"https://SECRET","expires_in":"1h","filename":"shown.pdf","mime_data":{"filename":"SECRET","url":"SECRET"}}"#,
        "shown.pdf",
    );
    hides::<CreateFileUploadResponse>(
        r#"{"fileId":"file_1","uploadUrl":"https://SECRET","uploadMethod":"PUT","uploadHeaders":{"x":"SECRET"},
        "mimeData":{"filename":"a","url":"SECRET"},"expiresAt":"2026-01-01T00:00:00Z"}"#,
        "file_1",
    );
}

#[test]
fn calls_to_other_services_do_not_show() {
    hides::<ApiCallAttempt>(
        r#"{"attempt_number":3,"request_method":"POST","request_url":"https://SECRET",
        "request_headers":{"authorization":"SECRET"},"request_body":{"a":"SECRET"},"response_status":418,
        "response_headers":{"set-cookie":"SECRET"},"response_body":"SECRET"}"#,
        "418",
    );
    hides::<UpdateWorkflowBlockRequest>(
        r#"{"label":"shown","config":{"headers":{"authorization":"SECRET"}}}"#,
        "shown",
    );
    hides::<WorkflowBlock>(
        r#"{"id":"block_1","workflow_id":"wf_1","type":"api_call","label":"shown","config":{"headers":"SECRET"},
        "updated_at":"2026-01-01T00:00:00Z"}"#,
        "shown",
    );
}

#[test]
fn a_hidden_field_says_whether_it_is_set() {
    let set: FileLink =
        read(r#"{"download_url":"u","expires_in":"1h","filename":"f","mime_data":null}"#);
    assert_eq!(
        format!("{set:?}"),
        r#"FileLink { download_url: [redacted], expires_in: "1h", filename: "f", mime_data: None }"#
    );
}

#[test]
fn what_has_no_type_shows_its_keys_only() {
    let artifact: WorkflowArtifact =
        read(r#"{"id":"art_1","operation":"extraction","output":{"a":"SECRET"}}"#);
    assert_eq!(
        format!("{artifact:?}"),
        r#"WorkflowArtifact { id: "art_1", operation: Extraction, extra: {"output"} }"#
    );
    let unknown: WorkflowRunLifecycle = read(r#"{"status":"new","output":"SECRET"}"#);
    let debug = format!("{unknown:?}");
    assert!(
        !debug.contains("SECRET") && debug.contains("output"),
        "{debug}"
    );
}

#[tokio::test]
async fn builders_of_types_and_operations_show_no_value() {
    let wire = ScriptedServer::json("{}").await;
    let secret = CreateSecretRequest::builder().name("n").value("SECRET");
    let document = MimeData::builder().filename("SECRET").url("SECRET");
    let run = CreateWorkflowRunRequest::builder()
        .workflow_id("wf_1")
        .documents([("block_1", document.clone())]);
    let client = wire.client();
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
