//! Builders of the types that a request contains: what their setters take, and what is sent.

#![allow(
    clippy::redundant_closure_for_method_calls,
    reason = "a closure shows which builder the setter is of"
)]

use chrono::{DateTime, FixedOffset};
use retab_api::types::{
    CancelWorkflowRequest, CreateEditTemplateRequest, CreateWorkflowRunRequest, FormField,
    MimeData, UpdateEditTemplateRequest, UploadFileRequest, builder,
};
use retab_api::{ErrorKind, Nullable};
use serde_json::{Value, json};

use crate::scripted_server::ScriptedServer;

fn document() -> builder::MimeData {
    MimeData::builder()
        .filename("invoice.pdf")
        .url("data:application/pdf;base64,JVBERg==")
}

fn sent(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn setters_take_what_a_caller_has_at_hand() {
    let request = CreateWorkflowRunRequest::builder()
        .workflow_id("wf_1")
        .documents([("block", document())])
        .json_inputs([("customer", json!({"z": 1, "a": 2}))])
        .metadata([("tenant", "acme")])
        .build()
        .unwrap();
    assert_eq!(
        serde_json::to_string(&request.json_inputs).unwrap(),
        r#"{"customer":{"z":1,"a":2}}"#
    );
    assert_eq!(
        sent(&request),
        json!({
            "workflow_id": "wf_1",
            "documents": {"block": {
                "filename": "invoice.pdf", "url": "data:application/pdf;base64,JVBERg==",
            }},
            "json_inputs": {"customer": {"z": 1, "a": 2}},
            "metadata": {"tenant": "acme"},
        })
    );
    let size: usize = 5_000_000_000;
    let request = UploadFileRequest::builder()
        .filename("a.pdf")
        .size_bytes(size);
    assert_eq!(
        sent(&request.build().unwrap()),
        json!({"filename": "a.pdf", "size_bytes": 5_000_000_000_u64})
    );
}

#[test]
fn what_is_set_is_sent_also_when_it_is_empty() {
    let request = CreateWorkflowRunRequest::builder()
        .workflow_id("")
        .metadata(Vec::<(String, String)>::new());
    assert_eq!(
        sent(&request.build().unwrap()),
        json!({"workflow_id": "", "metadata": {}})
    );
}

#[test]
fn a_field_is_left_alone_where_there_is_no_value_for_it() {
    let request = |version: Option<&str>| {
        let request = CreateWorkflowRunRequest::builder()
            .workflow_id("wf_1")
            .when_some(version, |request, version| request.version(version));
        sent(&request.build().unwrap())
    };
    assert_eq!(request(None), json!({"workflow_id": "wf_1"}));
    assert_eq!(
        request(Some("draft")),
        json!({"workflow_id": "wf_1", "version": "draft"})
    );
}

#[test]
fn a_nullable_field_is_set_null_or_left_alone() {
    let fields: [FormField; 0] = [];
    for (request, body) in [
        (UpdateEditTemplateRequest::builder(), json!({})),
        (
            UpdateEditTemplateRequest::builder()
                .name("Invoice")
                .form_fields(fields),
            json!({"name": "Invoice", "form_fields": []}),
        ),
        (
            UpdateEditTemplateRequest::builder()
                .name(Nullable::Null)
                .form_fields(Nullable::Null),
            json!({"name": null, "form_fields": null}),
        ),
    ] {
        assert_eq!(sent(&request.build().unwrap()), body);
    }
}

#[tokio::test]
async fn a_missing_field_is_named_when_the_call_is_sent_and_nothing_is_sent() {
    let wire = ScriptedServer::json("{}").await;
    let unnamed = MimeData::builder().url("data:text/plain,SECRET");
    for (body, fault) in [
        (
            CreateWorkflowRunRequest::builder().version("SECRET"),
            "`workflow_id` of CreateWorkflowRunRequest: it is required and was not set",
        ),
        (
            CreateWorkflowRunRequest::builder().documents([("block", unnamed)]),
            "`filename` of MimeData in `documents` of CreateWorkflowRunRequest: \
             it is required and was not set",
        ),
    ] {
        let call = wire.client().create_workflow_run().body(body);
        let error = call.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(
            error.to_string(),
            format!("create_workflow_run: request body: {fault}")
        );
    }
    assert!(wire.is_untouched());
}

#[test]
fn a_value_that_does_not_fit_is_named_and_not_shown() {
    let request = UploadFileRequest::builder()
        .filename("a.pdf")
        .size_bytes(u64::MAX);
    assert_eq!(
        request.build().unwrap_err().to_string(),
        "`size_bytes` of UploadFileRequest: its value cannot be converted to its type"
    );
}

#[test]
fn a_builder_shows_no_value() {
    let builder = CreateEditTemplateRequest::builder()
        .name("SECRET")
        .document(document());
    assert_eq!(format!("{builder:?}"), "CreateEditTemplateRequest { .. }");
}

#[tokio::test]
async fn a_call_takes_a_value_or_its_builder() {
    let body = || CancelWorkflowRequest::builder().command_id("cmd_1");
    let wire = ScriptedServer::json("{}").await;
    let call = wire.client().cancel_workflow_run().run_id("run_1");
    call.body(body()).send_as::<Value>().await.unwrap();
    let by_builder = wire.received_once().await.body;

    let wire = ScriptedServer::json("{}").await;
    let call = wire.client().cancel_workflow_run().run_id("run_1");
    let built = body().build().unwrap();
    call.body(built).send_as::<Value>().await.unwrap();
    assert_eq!(by_builder, br#"{"command_id":"cmd_1"}"#);
    assert_eq!(wire.received_once().await.body, by_builder);
}

#[tokio::test]
async fn a_parameter_is_left_alone_where_there_is_no_value_for_it() {
    let wire = ScriptedServer::json("{}").await;
    let from: DateTime<FixedOffset> = "2026-08-16T02:00:00+02:00".parse().unwrap();
    let call = wire
        .client()
        .list_workflow_eval_runs()
        .from_date(from)
        .when_some(Some(5), |call, limit| call.limit(limit))
        .when_some(None::<&str>, |call, after| call.after(after));
    call.send_as::<Value>().await.unwrap();
    assert_eq!(
        wire.received_once().await.line(),
        "GET /v1/workflows/evals/runs?from_date=2026-08-16T00%3A00%3A00Z&limit=5"
    );
}
