//! What the service adds, leaves out or sets to null does not fail a decode.

use retab_api::types::{
    ArtifactDrift, ArtifactDriftStatus, BlockType, Extraction, MimeData, TriggerInfo,
    WorkflowArtifactList, WorkflowRun, WorkflowRunStatus,
};
use retab_api::{ErrorKind, Nullable};

use crate::scripted_server::{ScriptedServer, promptly};
use crate::{read, reads_back, written};

/// A run with these members beside the required ones.
fn run(more: &str) -> String {
    format!(
        r#"{{"id":"run_1","workflow_id":"wf_1","workflow_version_id":"ver_1","trigger":{{"type":"api"}},"timing":{{}},{more}}}"#
    )
}

#[test]
fn an_unknown_enum_value_of_any_json_type_is_kept_and_written_back() {
    for value in [
        r#""mended""#,
        r#""""#,
        "7",
        "9007199254740993",
        "0.5",
        "false",
        r#"["none"]"#,
        r#"{"z":"none","a":1}"#,
    ] {
        let drift: ArtifactDrift = reads_back(&format!(r#"{{"status":{value}}}"#));
        assert!(matches!(
            drift.status,
            Some(ArtifactDriftStatus::Unknown(_))
        ));
    }
    let trigger: TriggerInfo = reads_back(r#"{"type":"carrier_pigeon"}"#);
    assert_eq!(trigger.type_.as_str(), Some("carrier_pigeon"));
    let trigger: TriggerInfo = reads_back(r#"{"type":null}"#);
    assert_eq!(trigger.type_.as_str(), None);
}

#[test]
fn a_documented_value_called_unknown_is_not_the_unknown_case() {
    let drift: ArtifactDrift = reads_back(r#"{"status":"unknown"}"#);
    assert_eq!(drift.status, Some(ArtifactDriftStatus::Unknown_));
}

#[test]
fn text_that_is_not_listed_makes_no_enum() {
    assert_eq!("extract".parse::<BlockType>(), Ok(BlockType::Extract));
    assert!("extrakt".parse::<BlockType>().is_err());
    assert!(BlockType::try_from("Extract").is_err());
    assert!(WorkflowRunStatus::try_from("paused".to_owned()).is_err());
}

#[tokio::test]
async fn as_a_query_parameter_an_enum_is_its_value() {
    let wire =
        ScriptedServer::json(r#"{"data":[],"list_metadata":{"before":null,"after":null}}"#).await;
    let list = wire
        .client()
        .list_workflow_runs()
        .status(WorkflowRunStatus::AwaitingReview)
        .order("asc");
    promptly(list.send()).await.unwrap();
    let received = wire.received_once().await;
    assert_eq!(
        received.line(),
        "GET /v1/workflows/runs?status=awaiting_review&order=asc"
    );
}

#[tokio::test]
async fn an_unknown_value_is_sent_as_it_came_and_unknown_text_is_refused_unsent() {
    let wire =
        ScriptedServer::json(r#"{"data":[],"list_metadata":{"before":null,"after":null}}"#).await;
    let client = wire.client();
    let refused = client.list_workflow_runs().status("paused").send().await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert!(wire.is_untouched());
    let seen: WorkflowRunStatus = read(r#""paused""#);
    promptly(client.list_workflow_runs().status(seen).send())
        .await
        .unwrap();
    assert_eq!(
        wire.received_once().await.line(),
        "GET /v1/workflows/runs?status=paused"
    );
}

#[test]
fn unknown_properties_are_ignored_everywhere() {
    let document: MimeData = read(r#"{"filename":"a.pdf","pages":[{"n":1}],"url":"https://x"}"#);
    assert_eq!(
        written(&document),
        r#"{"filename":"a.pdf","url":"https://x"}"#
    );
    let run: WorkflowRun = read(&run(
        r#""lifecycle":{"status":"completed","new":{"a":[1]}},"new":null"#,
    ));
    assert!(!written(&run).contains("new"));
}

#[test]
fn properties_that_are_announced_are_kept_in_order() {
    let page: WorkflowArtifactList = reads_back(
        r#"{"data":[{"id":"art_1","operation":"extraction","zeta":{"z":1,"a":[9007199254740993]},"alpha":null}],"list_metadata":{"after":null,"before":null}}"#,
    );
    let keys: Vec<_> = page.data[0].extra.keys().collect();
    assert_eq!(keys, ["zeta", "alpha"]);
}

#[test]
fn null_is_read_where_a_property_is_optional_nullable_or_has_a_default() {
    let run: WorkflowRun = read(&run(
        r#""lifecycle":{"status":"error","message":"m","stage":null,"details":null},"inputs":null,"metadata":null"#,
    ));
    assert!(run.inputs.is_none() && run.metadata.is_none());
    let drift: ArtifactDrift = read(r#"{"status":null,"affected_targets":null,"detail":null}"#);
    assert_eq!(drift, ArtifactDrift::default());
}

#[test]
fn an_output_can_be_null_or_not_there() {
    let extraction = |output: &str| -> Extraction {
        read(&format!(
            r#"{{"id":"extr_1","file":{{"id":"file_1","filename":"a.pdf","mime_type":"application/pdf"}},
            "model":"retab-small","json_schema":{{}},"status":null{output}}}"#
        ))
    };
    assert_eq!(extraction(r#","output":null"#).output, None);
    assert_eq!(extraction("").output, None);
    assert_eq!(written(&extraction(r#","output":{}"#).output), "{}");
}

/// Reads a type with and without an output, of which null is none.
macro_rules! output_can_be_null {
    ($($type:ident: $required:literal;)*) => {$(
        for output in ["", r#","output":null"#] {
            let value: retab_api::types::$type = read(&format!("{{{}{output}}}", $required));
            assert!(value.output.is_none());
        }
    )*};
}

#[test]
fn every_output_can_be_null_or_not_there() {
    output_can_be_null! {
        Classification: r#""id":"c","file":{"id":"f","filename":"a","mime_type":"m"},"model":"m","categories":[]"#;
        Edit: r#""id":"e","file":{"id":"f","filename":"a","mime_type":"m"},"model":"m","instructions":"i","config":{}"#;
        FileBlueprint: r#""id":"b","file":{"id":"f","filename":"a","mime_type":"m"},"model":"m""#;
        Parse: r#""id":"p","file":{"id":"f","filename":"a","mime_type":"m"},"model":"m","table_parsing_format":"html","image_resolution_dpi":96"#;
        Partition: r#""id":"p","file":{"id":"f","filename":"a","mime_type":"m"},"model":"m","key":"k","instructions":"i""#;
        Split: r#""id":"s","file":{"id":"f","filename":"a","mime_type":"m"},"model":"m","subdocuments":[]"#;
    }
}

#[tokio::test]
async fn a_page_of_a_newer_service_reads_whole() {
    let odd = r#""lifecycle":{"since":9007199254740993,"status":"queued"},"new":[{"a":1}]"#;
    let fine = r#""lifecycle":{"status":"running","new":true}"#;
    let page = format!(
        r#"{{"data":[{},{}],"list_metadata":{{"after":null,"before":null,"total":2}},"new":{{}}}}"#,
        run(odd).replace(r#""api""#, r#""carrier_pigeon""#),
        run(fine)
    );
    let wire = ScriptedServer::json(&page).await;
    let call = wire.client().list_workflow_runs();
    let page = promptly(call.send()).await.unwrap();
    assert_eq!(
        written(&page.data[0].lifecycle),
        r#"{"since":9007199254740993,"status":"queued"}"#
    );
    assert_eq!(
        written(&page.data[0].trigger),
        r#"{"type":"carrier_pigeon"}"#
    );
    assert_eq!(written(&page.data[1].lifecycle), r#"{"status":"running"}"#);
}

#[test]
fn what_is_required_and_can_be_null_can_be_missing() {
    let metadata: retab_api::types::ListMetadata = read("{}");
    assert_eq!(written(&metadata), r#"{"after":null,"before":null}"#);
}

#[test]
fn null_is_a_value_only_where_it_says_something() {
    let update: retab_api::types::UpdateWorkflowRequest = read(r#"{"name":null}"#);
    assert_eq!(
        (update.name, update.description),
        (Some(Nullable::Null), None)
    );
}
