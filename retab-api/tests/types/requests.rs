//! A request says what was set, and nothing else.

use indexmap::IndexMap;
use retab_api::Nullable;
use retab_api::types::{
    CreateEditRequest, CreateWorkflowRunRequest, EditConfig, ExplicitExperimentDocumentRequest,
    HandleInput, JsonHandleInput, UpdateEditTemplateRequest, UpdateExperimentRequest,
    UpdateWorkflowBlockRequest, UpdateWorkflowEvalRequest, UpdateWorkflowRequest,
    UpdateWorkflowTableRequest, ValidateWorkflowBlockConfigRequest,
};

use crate::scripted_server::{ScriptedServer, promptly};
use crate::{reads_back, written};

#[test]
fn what_was_not_set_is_not_sent() {
    let request = CreateWorkflowRunRequest::builder().workflow_id("wf_1");
    assert_eq!(
        written(&request.build().unwrap()),
        r#"{"workflow_id":"wf_1"}"#
    );
    let request = CreateEditRequest::builder().instructions("fill");
    assert_eq!(
        written(&request.build().unwrap()),
        r#"{"instructions":"fill"}"#
    );
}

#[test]
fn what_was_set_is_sent_also_when_it_is_empty_or_the_default() {
    let request = CreateWorkflowRunRequest::builder()
        .workflow_id("")
        .documents(IndexMap::<String, retab_api::types::MimeData>::new())
        .metadata(IndexMap::<String, String>::new())
        .version("production")
        .build()
        .unwrap();
    assert_eq!(
        written(&request),
        r#"{"documents":{},"metadata":{},"version":"production","workflow_id":""}"#
    );
    let request = CreateEditRequest::builder()
        .instructions("fill")
        .bust_cache(false)
        .background(false)
        .build()
        .unwrap();
    assert_eq!(
        written(&request),
        r#"{"background":false,"bust_cache":false,"instructions":"fill"}"#
    );
    let request = UpdateExperimentRequest::builder()
        .documents(Vec::<ExplicitExperimentDocumentRequest>::new())
        .build()
        .unwrap();
    assert_eq!(written(&request), r#"{"documents":[]}"#);
}

#[test]
fn the_tag_of_a_union_is_sent_in_every_place() {
    let json = HandleInput::Json(JsonHandleInput::builder().data(7).build().unwrap());
    let request = ExplicitExperimentDocumentRequest::builder()
        .handle_inputs([("in", json)])
        .build()
        .unwrap();
    assert_eq!(
        written(&request),
        r#"{"handle_inputs":{"in":{"type":"json","data":7}}}"#
    );
}

/// Every field of the body can be null, and none of them has to be there.
macro_rules! null_differs {
    ($($body:ident: $($field:literal),*;)*) => {$(
        $(reads_back::<$body>(concat!("{\"", $field, "\":null}"));)*
        reads_back::<$body>("{}");
    )*};
}

#[test]
fn every_field_of_a_patch_can_be_null_or_absent() {
    null_differs! {
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
fn outside_of_a_patch_null_differs_in_two_places() {
    let config = EditConfig::builder().color(Nullable::Null).build().unwrap();
    assert_eq!(written(&config), r#"{"color":null}"#);
    let config = EditConfig::builder().color("#ff0000").build().unwrap();
    assert_eq!(written(&config), r##"{"color":"#ff0000"}"##);
    assert_eq!(written(&EditConfig::builder().build().unwrap()), "{}");
    for text in [
        r#"{"config":{}}"#,
        r#"{"config":{},"config_mode":null}"#,
        r#"{"config":{},"config_mode":"merge"}"#,
        r#"{"config":{},"config_mode":"weave"}"#,
    ] {
        reads_back::<ValidateWorkflowBlockConfigRequest>(text);
    }
    // Elsewhere null is absence.
    let request: retab_api::types::CreateWorkflowRunRequest =
        crate::read(r#"{"workflow_id":"wf_1","metadata":null}"#);
    assert_eq!(written(&request), r#"{"workflow_id":"wf_1"}"#);
}

#[tokio::test]
async fn a_patch_sets_takes_away_and_leaves_alone() {
    let answer = r#"{"id":"wf_1","name":"n"}"#;
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
        let wire = ScriptedServer::json(answer).await;
        let call = wire.client().update_workflow().workflow_id("wf_1");
        // What the answer is does not matter here.
        let _ = promptly(call.body(request).send_as::<serde_json::Value>()).await;
        let received = wire.received_once().await;
        assert_eq!(received.line(), "PATCH /v1/workflows/wf_1");
        assert_eq!(received.text(), body);
    }
}
