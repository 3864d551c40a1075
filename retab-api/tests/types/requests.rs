//! Requests contain exactly the fields that were set.

use indexmap::IndexMap;
use retab_api::Nullable;
use retab_api::types::{
    CreateEditRequest, CreateWorkflowRunRequest, EditConfig, ExplicitExperimentDocumentRequest,
    HandleInput, JsonHandleInput, UpdateEditTemplateRequest, UpdateExperimentRequest,
    UpdateWorkflowBlockRequest, UpdateWorkflowEvalRequest, UpdateWorkflowRequest,
    UpdateWorkflowTableRequest, ValidateWorkflowBlockConfigRequest,
};

use crate::scripted_server::{ScriptedServer, promptly};
use crate::{encode, round_trip};

#[test]
fn omits_unset_fields() {
    let request = CreateWorkflowRunRequest::builder().workflow_id("wf_1");
    assert_eq!(
        encode(&request.build().unwrap()),
        r#"{"workflow_id":"wf_1"}"#
    );
    let request = CreateEditRequest::builder().instructions("fill");
    assert_eq!(
        encode(&request.build().unwrap()),
        r#"{"instructions":"fill"}"#
    );
}

#[test]
fn sends_empty_and_default_values() {
    let request = CreateWorkflowRunRequest::builder()
        .workflow_id("")
        .documents(IndexMap::<String, retab_api::types::MimeData>::new())
        .metadata(IndexMap::<String, String>::new())
        .version("production")
        .build()
        .unwrap();
    assert_eq!(
        encode(&request),
        r#"{"documents":{},"metadata":{},"version":"production","workflow_id":""}"#
    );
    let request = CreateEditRequest::builder()
        .instructions("fill")
        .bust_cache(false)
        .background(false)
        .build()
        .unwrap();
    assert_eq!(
        encode(&request),
        r#"{"background":false,"bust_cache":false,"instructions":"fill"}"#
    );
    let request = UpdateExperimentRequest::builder()
        .documents(Vec::<ExplicitExperimentDocumentRequest>::new())
        .build()
        .unwrap();
    assert_eq!(encode(&request), r#"{"documents":[]}"#);
}

#[test]
fn sends_tag_of_nested_unions() {
    let json = HandleInput::Json(JsonHandleInput::builder().data(7).build().unwrap());
    let request = ExplicitExperimentDocumentRequest::builder()
        .handle_inputs([("in", json)])
        .build()
        .unwrap();
    assert_eq!(
        encode(&request),
        r#"{"handle_inputs":{"in":{"type":"json","data":7}}}"#
    );
}

/// Asserts that every field is optional and nullable.
macro_rules! assert_fields_are_nullable {
    ($($body:ident: $($field:literal),*;)*) => {$(
        $(round_trip::<$body>(concat!("{\"", $field, "\":null}"));)*
        round_trip::<$body>("{}");
    )*};
}

#[test]
fn distinguishes_null_from_absence_in_every_patch_field() {
    assert_fields_are_nullable! {
        UpdateEditTemplateRequest: "name", "form_fields";
        UpdateWorkflowTableRequest: "name", "metadata";
        UpdateWorkflowBlockRequest: "label", "position_x", "position_y", "width", "height",
            "config", "parent_id", "config_mode";
        UpdateWorkflowEvalRequest: "name", "assertion", "source";
        UpdateExperimentRequest: "document_captures", "documents", "n_consensus", "name";
        UpdateWorkflowRequest: "name", "description";
    }
}

#[test]
fn distinguishes_null_from_absence_in_two_other_types() {
    let config = EditConfig::builder().color(Nullable::Null).build().unwrap();
    assert_eq!(encode(&config), r#"{"color":null}"#);
    let config = EditConfig::builder().color("#ff0000").build().unwrap();
    assert_eq!(encode(&config), r##"{"color":"#ff0000"}"##);
    assert_eq!(encode(&EditConfig::builder().build().unwrap()), "{}");
    for text in [
        r#"{"config":{}}"#,
        r#"{"config":{},"config_mode":null}"#,
        r#"{"config":{},"config_mode":"merge"}"#,
        r#"{"config":{},"config_mode":"weave"}"#,
    ] {
        round_trip::<ValidateWorkflowBlockConfigRequest>(text);
    }
    // In other types, null means absence.
    let request: retab_api::types::CreateWorkflowRunRequest =
        crate::decode(r#"{"workflow_id":"wf_1","metadata":null}"#);
    assert_eq!(encode(&request), r#"{"workflow_id":"wf_1"}"#);
}

#[tokio::test]
async fn patch_sets_clears_and_omits_fields() {
    let response = r#"{"id":"wf_1","name":"n"}"#;
    for (request, body) in [
        (UpdateWorkflowRequest::builder(), "{}"),
        (
            UpdateWorkflowRequest::builder().name(Nullable::Null),
            r#"{"name":null}"#,
        ),
        (
            UpdateWorkflowRequest::builder()
                .name("Invoices")
                .description(""),
            r#"{"description":"","name":"Invoices"}"#,
        ),
    ] {
        let server = ScriptedServer::json(response).await;
        let update = server.client().update_workflow().workflow_id("wf_1");
        let _ = promptly(update.body(request).send_as::<serde_json::Value>()).await;
        let received = server.only_request().await;
        assert_eq!(received.line(), "PATCH /v1/workflows/wf_1");
        assert_eq!(received.text(), body);
    }
}
