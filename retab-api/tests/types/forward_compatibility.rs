//! Added, missing and null properties do not fail decoding.

use retab_api::types::{
    ArtifactDrift, ArtifactDriftStatus, BlockType, Extraction, MimeData, TriggerInfo,
    WorkflowArtifactList, WorkflowRun, WorkflowRunStatus,
};
use retab_api::{ErrorKind, Nullable};

use crate::scripted_server::{ScriptedServer, promptly};
use crate::{decode, encode, round_trip};

/// Returns a run with the required and some additional members.
fn run(members: &str) -> String {
    format!(
        r#"{{"id":"run_1","workflow_id":"wf_1","workflow_version_id":"ver_1","trigger":{{"type":"api"}},"timing":{{}},{members}}}"#
    )
}

#[test]
fn preserves_unknown_enum_values_of_any_json_type() {
    for value in [
        r#""repaired""#,
        r#""""#,
        "7",
        "9007199254740993",
        "0.5",
        "false",
        r#"["none"]"#,
        r#"{"z":"none","a":1}"#,
    ] {
        let drift: ArtifactDrift = round_trip(&format!(r#"{{"status":{value}}}"#));
        assert!(matches!(
            drift.status,
            Some(ArtifactDriftStatus::Unknown(_))
        ));
    }
    let trigger: TriggerInfo = round_trip(r#"{"type":"telegram"}"#);
    assert_eq!(trigger.type_.as_str(), Some("telegram"));
    let trigger: TriggerInfo = round_trip(r#"{"type":null}"#);
    assert_eq!(trigger.type_.as_str(), None);
}

#[test]
fn distinguishes_documented_unknown_from_the_unknown_variant() {
    let drift: ArtifactDrift = round_trip(r#"{"status":"unknown"}"#);
    assert_eq!(drift.status, Some(ArtifactDriftStatus::Unknown_));
}

#[test]
fn rejects_parsing_unknown_strings() {
    assert_eq!("extract".parse::<BlockType>(), Ok(BlockType::Extract));
    assert!("extrakt".parse::<BlockType>().is_err());
    assert!(BlockType::try_from("Extract").is_err());
    assert!(WorkflowRunStatus::try_from("paused".to_owned()).is_err());
}

/// The result of paid work is not lost because its price is missing.
#[test]
fn decodes_usage_without_credits() {
    for (usage, credits) in [
        ("{}", None),
        (r#"{"credits":null}"#, None),
        (r#"{"credits":1.5}"#, Some(1.5)),
    ] {
        let extraction: Extraction = decode(&format!(
            r#"{{"id":"extr_1","file":{{"id":"file_1","filename":"a.pdf","mime_type":"application/pdf"}},
            "model":"m","json_schema":{{}},"output":{{"total":1}},"usage":{usage}}}"#
        ));
        assert_eq!(extraction.usage.unwrap().credits, credits, "{usage}");
    }
}

#[tokio::test]
async fn sends_enums_as_query_values() {
    let server =
        ScriptedServer::json(r#"{"data":[],"list_metadata":{"before":null,"after":null}}"#).await;
    let list = server
        .client()
        .list_workflow_runs()
        .status(WorkflowRunStatus::AwaitingReview)
        .order("asc");
    promptly(list.send()).await.unwrap();
    let received = server.only_request().await;
    assert_eq!(
        received.line(),
        "GET /v1/workflows/runs?status=awaiting_review&order=asc"
    );
}

#[tokio::test]
async fn sends_decoded_unknown_values_and_rejects_unknown_strings() {
    let server =
        ScriptedServer::json(r#"{"data":[],"list_metadata":{"before":null,"after":null}}"#).await;
    let client = server.client();
    let rejected = client.list_workflow_runs().status("paused").send().await;
    assert_eq!(rejected.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert!(server.has_no_connections());
    let unknown: WorkflowRunStatus = decode(r#""paused""#);
    promptly(client.list_workflow_runs().status(unknown).send())
        .await
        .unwrap();
    assert_eq!(
        server.only_request().await.line(),
        "GET /v1/workflows/runs?status=paused"
    );
}

#[test]
fn ignores_unknown_properties() {
    let document: MimeData = decode(r#"{"filename":"a.pdf","pages":[{"n":1}],"url":"https://x"}"#);
    assert_eq!(
        encode(&document),
        r#"{"filename":"a.pdf","url":"https://x"}"#
    );
    let run: WorkflowRun = decode(&run(
        r#""lifecycle":{"status":"completed","new":{"a":[1]}},"new":null"#,
    ));
    assert!(!encode(&run).contains("new"));
}

#[test]
fn preserves_additional_properties_in_order() {
    let page: WorkflowArtifactList = round_trip(
        r#"{"data":[{"id":"art_1","operation":"extraction","zeta":{"z":1,"a":[9007199254740993]},"alpha":null}],"list_metadata":{"after":null,"before":null}}"#,
    );
    let keys: Vec<_> = page.data[0].extra.keys().collect();
    assert_eq!(keys, ["zeta", "alpha"]);
}

#[test]
fn accepts_null_for_optional_nullable_and_defaulted_properties() {
    let run: WorkflowRun = decode(&run(
        r#""lifecycle":{"status":"error","message":"m","stage":null,"details":null},"inputs":null,"metadata":null"#,
    ));
    assert!(run.inputs.is_none() && run.metadata.is_none());
    let drift: ArtifactDrift = decode(r#"{"status":null,"affected_targets":null,"detail":null}"#);
    assert_eq!(drift, ArtifactDrift::default());
}

#[test]
fn accepts_null_or_missing_output() {
    let extraction = |output: &str| -> Extraction {
        decode(&format!(
            r#"{{"id":"extr_1","file":{{"id":"file_1","filename":"a.pdf","mime_type":"application/pdf"}},
            "model":"retab-small","json_schema":{{}},"status":null{output}}}"#
        ))
    };
    assert_eq!(extraction(r#","output":null"#).output, None);
    assert_eq!(extraction("").output, None);
    assert_eq!(encode(&extraction(r#","output":{}"#).output), "{}");
}

/// Decodes types with null and missing outputs.
macro_rules! assert_output_is_optional {
    ($($type:ident: $required:literal;)*) => {$(
        for output in ["", r#","output":null"#] {
            let value: retab_api::types::$type = decode(&format!("{{{}{output}}}", $required));
            assert!(value.output.is_none());
        }
    )*};
}

#[test]
fn accepts_null_or_missing_output_in_every_resource() {
    assert_output_is_optional! {
        Classification: r#""id":"c","file":{"id":"f","filename":"a","mime_type":"m"},"model":"m","categories":[]"#;
        Edit: r#""id":"e","file":{"id":"f","filename":"a","mime_type":"m"},"model":"m","instructions":"i","config":{}"#;
        FileBlueprint: r#""id":"b","file":{"id":"f","filename":"a","mime_type":"m"},"model":"m""#;
        Parse: r#""id":"p","file":{"id":"f","filename":"a","mime_type":"m"},"model":"m","table_parsing_format":"html","image_resolution_dpi":96"#;
        Partition: r#""id":"p","file":{"id":"f","filename":"a","mime_type":"m"},"model":"m","key":"k","instructions":"i""#;
        Split: r#""id":"s","file":{"id":"f","filename":"a","mime_type":"m"},"model":"m","subdocuments":[]"#;
    }
}

#[tokio::test]
async fn decodes_page_with_unknown_content() {
    let unknown = r#""lifecycle":{"since":9007199254740993,"status":"queued"},"new":[{"a":1}]"#;
    let known = r#""lifecycle":{"status":"running","new":true}"#;
    let page = format!(
        r#"{{"data":[{},{}],"list_metadata":{{"after":null,"before":null,"total":2}},"new":{{}}}}"#,
        run(unknown).replace(r#""api""#, r#""telegram""#),
        run(known)
    );
    let server = ScriptedServer::json(&page).await;
    let request = server.client().list_workflow_runs();
    let page = promptly(request.send()).await.unwrap();
    assert_eq!(
        encode(&page.data[0].lifecycle),
        r#"{"since":9007199254740993,"status":"queued"}"#
    );
    assert_eq!(encode(&page.data[0].trigger), r#"{"type":"telegram"}"#);
    assert_eq!(encode(&page.data[1].lifecycle), r#"{"status":"running"}"#);
}

#[test]
fn accepts_missing_required_nullable_properties() {
    let metadata: retab_api::types::ListMetadata = decode("{}");
    assert_eq!(encode(&metadata), r#"{"after":null,"before":null}"#);
}

#[test]
fn distinguishes_null_from_absence_in_patches() {
    let update: retab_api::types::UpdateWorkflowRequest = decode(r#"{"name":null}"#);
    assert_eq!(
        (update.name, update.description),
        (Some(Nullable::Null), None)
    );
}
