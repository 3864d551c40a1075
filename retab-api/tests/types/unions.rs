//! Tagged and untagged unions.

use std::io::Read;

use retab_api::ErrorKind;
use retab_api::types::{
    AssertionCondition, BetweenCondition, DeclarativePlanFieldChange, ExperimentSummaryAggregate,
    HandleInput, JsonHandleInput, ReviewPredicate, StringOrInteger, WorkflowRunLifecycle,
};
use serde_json::error::Category;

use crate::scripted_server::{ScriptedServer, promptly};
use crate::{decode, encode, round_trip};

#[test]
fn preserves_objects_with_unknown_tags() {
    for text in [
        r#"{"status":"queued","position":{"z":1,"a":2}}"#,
        r#"{"since":9007199254740993,"status":"queued"}"#,
        r#"{"status":"failed"}"#,
    ] {
        let lifecycle: WorkflowRunLifecycle = round_trip(text);
        let WorkflowRunLifecycle::Unknown(unknown) = lifecycle else {
            panic!("{text} is known");
        };
        assert!(matches!(unknown.tag(), Some("queued" | "failed")));
    }
}

#[test]
fn decodes_missing_null_and_invalid_tags_as_unknown() {
    for text in [
        "{}",
        r#"{"message":"m"}"#,
        r#"{"status":null,"message":"m"}"#,
        r#"{"status":7}"#,
        r#"{"message":"m","status":{"status":"error"}}"#,
        "null",
        r#""error""#,
        "[1]",
    ] {
        let lifecycle: WorkflowRunLifecycle = round_trip(text);
        let WorkflowRunLifecycle::Unknown(unknown) = lifecycle else {
            panic!("{text} is known");
        };
        assert_eq!(unknown.tag(), None, "{text}");
    }
}

#[test]
fn decodes_list_items_beside_unknown_tags() {
    let conditions: Vec<AssertionCondition> =
        decode(r#"[{"kind":"exists"},{"kind":"smells_like","of":"teen"},{"kind":"not_exists"}]"#);
    assert!(matches!(
        conditions[..],
        [
            AssertionCondition::Exists(_),
            AssertionCondition::Unknown(_),
            AssertionCondition::NotExists(_)
        ]
    ));
}

#[test]
fn decodes_tag_at_any_position() {
    let first: WorkflowRunLifecycle =
        decode(r#"{"status":"error","message":"m","stage":"routing"}"#);
    let last: WorkflowRunLifecycle =
        decode(r#"{"message":"m","stage":"routing","status":"error"}"#);
    assert!(matches!(first, WorkflowRunLifecycle::Error(_)));
    assert_eq!(first, last);
}

#[tokio::test]
async fn reports_invalid_field_of_known_variant() {
    for lifecycle in [
        r#"{"status":"error","message":["SECRET"]}"#,
        r#"{"message":["SECRET"],"status":"error"}"#,
    ] {
        let server = ScriptedServer::json(&format!(
            r#"{{"data":[{{"id":"run_1","lifecycle":{lifecycle}}}],"list_metadata":{{}}}}"#
        ))
        .await;
        let request = server.client().list_workflow_runs();
        let error = promptly(request.send()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.json_path(), Some("data[0].lifecycle.message"));
        assert!(!format!("{error} {error:?}").contains("SECRET"));
    }
}

/// A reader that fails, to detect reads past the previous reader.
struct FailingReader;

impl Read for FailingReader {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("read past the end"))
    }
}

#[test]
fn streams_values_after_their_tag() {
    let decode_start = |text: &str| {
        let reader = text.as_bytes().chain(FailingReader);
        serde_json::from_reader::<_, WorkflowRunLifecycle>(reader).unwrap_err()
    };
    let error = decode_start(r#"{"status":"error","message":7,"#);
    assert_eq!(error.classify(), Category::Data, "{error}");
    let error = decode_start(r#"{"message":7,"stage":"routing","#);
    assert_eq!(error.classify(), Category::Io, "{error}");
}

#[test]
fn serializes_tag_first() {
    let input = HandleInput::Json(JsonHandleInput::builder().build().unwrap());
    assert_eq!(encode(&input), r#"{"type":"json"}"#);
    round_trip::<HandleInput>(
        r#"{"type":"file","document":{"filename":"a.pdf","id":"file_1","mime_type":"application/pdf"}}"#,
    );
}

#[test]
fn decodes_recursive_unions() {
    let predicates: ReviewPredicate = round_trip(
        r#"{"kind":"all_of","predicates":[{"kind":"any_of","predicates":[{"kind":"always"},{"kind":"new","x":[1]}]}]}"#,
    );
    let ReviewPredicate::AllOf(all) = predicates else {
        panic!("all_of is known");
    };
    let ReviewPredicate::AnyOf(any) = &all.predicates[0] else {
        panic!("any_of is known");
    };
    assert!(matches!(
        any.predicates[..],
        [ReviewPredicate::Always(_), ReviewPredicate::Unknown(_)]
    ));
    let mut nested = r#"{"kind":"exists"}"#.to_owned();
    for _ in 0..20 {
        nested = format!(r#"{{"kind":"all_items_match","condition":{nested}}}"#);
    }
    round_trip::<AssertionCondition>(&nested);
}

#[test]
fn distinguishes_strings_from_integers() {
    let change: DeclarativePlanFieldChange = round_trip(
        r#"{"action":"update","path":["blocks",3,"3",9007199254740993],"path_display":"p"}"#,
    );
    assert_eq!(change.path[1], StringOrInteger::Integer(3));
    assert_eq!(change.path[2], StringOrInteger::String("3".to_owned()));
    assert!(matches!(
        round_trip::<StringOrInteger>("0.5"),
        StringOrInteger::Unknown(_)
    ));
}

#[test]
fn distinguishes_integers_from_numbers() {
    for text in [
        "9007199254740993",
        "3",
        "3.0",
        "-0.5",
        "18446744073709551615",
    ] {
        let between: BetweenCondition = round_trip(&format!(r#"{{"lower":0,"upper":{text}}}"#));
        assert_eq!(between.upper.to_string(), text);
    }
}

#[test]
fn selects_experiment_aggregate_by_keys() {
    let extract: ExperimentSummaryAggregate = round_trip(r#"{"likelihoods":{"total":0.5}}"#);
    assert!(matches!(extract, ExperimentSummaryAggregate::Extract(_)));
    for text in [
        r#"{"diag":{"a":1.0},"flows":[]}"#,
        r#"{"diag":{}}"#,
        r#"{"flows":[]}"#,
    ] {
        let confusion: ExperimentSummaryAggregate = round_trip(text);
        assert!(matches!(
            confusion,
            ExperimentSummaryAggregate::Confusion(_)
        ));
    }
}

#[test]
fn prefers_aggregate_with_most_matching_keys() {
    for text in [
        r#"{"diag":{},"likelihoods":{}}"#,
        r#"{"likelihoods":{},"flows":[]}"#,
    ] {
        let tie: ExperimentSummaryAggregate = decode(text);
        assert!(matches!(tie, ExperimentSummaryAggregate::Extract(_)));
    }
    let more: ExperimentSummaryAggregate = decode(r#"{"likelihoods":{},"diag":{},"flows":[]}"#);
    assert!(matches!(more, ExperimentSummaryAggregate::Confusion(_)));
}

#[test]
fn preserves_aggregates_without_known_keys() {
    for text in ["{}", r#"{"other":1}"#] {
        let none: ExperimentSummaryAggregate = round_trip(text);
        assert!(matches!(none, ExperimentSummaryAggregate::Unknown(_)));
    }
}
