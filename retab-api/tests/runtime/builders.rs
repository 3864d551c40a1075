//! Builders of request types: accepted arguments and serialized output.

#![allow(
    clippy::redundant_closure_for_method_calls,
    reason = "closures show the builder of the setter"
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
fn setters_accept_convertible_types() {
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
fn sends_empty_values() {
    let request = CreateWorkflowRunRequest::builder()
        .workflow_id("")
        .metadata(Vec::<(String, String)>::new());
    assert_eq!(
        sent(&request.build().unwrap()),
        json!({"workflow_id": "", "metadata": {}})
    );
}

#[test]
fn when_some_skips_fields_without_value() {
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
fn sets_clears_or_omits_nullable_fields() {
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
async fn reports_missing_fields_without_sending() {
    let server = ScriptedServer::json("{}").await;
    let unnamed = MimeData::builder().url("data:text/plain,SECRET");
    for (body, reason) in [
        (
            CreateWorkflowRunRequest::builder().version("SECRET"),
            "`workflow_id` of CreateWorkflowRunRequest: required but not set",
        ),
        (
            CreateWorkflowRunRequest::builder().documents([("block", unnamed)]),
            "`filename` of MimeData in `documents` of CreateWorkflowRunRequest: \
             required but not set",
        ),
    ] {
        let request = server.client().create_workflow_run().body(body);
        let error = request.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(
            error.to_string(),
            format!("create_workflow_run: request body: {reason}")
        );
    }
    assert!(server.has_no_connections());
}

#[test]
fn reports_failed_conversions_without_the_value() {
    let request = UploadFileRequest::builder()
        .filename("a.pdf")
        .size_bytes(u64::MAX);
    assert_eq!(
        request.build().unwrap_err().to_string(),
        "`size_bytes` of UploadFileRequest: cannot convert the value to the expected type"
    );
}

#[test]
fn debug_output_contains_no_values() {
    let builder = CreateEditTemplateRequest::builder()
        .name("SECRET")
        .document(document());
    assert_eq!(format!("{builder:?}"), "CreateEditTemplateRequest { .. }");
}

#[tokio::test]
async fn accepts_values_and_builders() {
    let body = || CancelWorkflowRequest::builder().command_id("cmd_1");
    let server = ScriptedServer::json("{}").await;
    let request = server.client().cancel_workflow_run().run_id("run_1");
    request.body(body()).send_as::<Value>().await.unwrap();
    let by_builder = server.only_request().await.body;

    let server = ScriptedServer::json("{}").await;
    let request = server.client().cancel_workflow_run().run_id("run_1");
    let built = body().build().unwrap();
    request.body(built).send_as::<Value>().await.unwrap();
    assert_eq!(by_builder, br#"{"command_id":"cmd_1"}"#);
    assert_eq!(server.only_request().await.body, by_builder);
}

#[tokio::test]
async fn when_some_skips_parameters_without_value() {
    let server = ScriptedServer::json("{}").await;
    let from: DateTime<FixedOffset> = "2026-08-16T02:00:00+02:00".parse().unwrap();
    let request = server
        .client()
        .list_workflow_eval_runs()
        .from_date(from)
        .when_some(Some(5), |request, limit| request.limit(limit))
        .when_some(None::<&str>, |request, after| request.after(after));
    request.send_as::<Value>().await.unwrap();
    assert_eq!(
        server.only_request().await.line(),
        "GET /v1/workflows/evals/runs?from_date=2026-08-16T00%3A00%3A00Z&limit=5"
    );
}
