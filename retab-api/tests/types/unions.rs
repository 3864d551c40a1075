//! Unions, with a tag and without.

use std::io::Read;

use retab_api::ErrorKind;
use retab_api::types::{
    AssertionCondition, BetweenCondition, DeclarativePlanFieldChange, ExperimentSummaryAggregate,
    HandleInput, JsonHandleInput, ReviewPredicate, StringOrInteger, WorkflowRunLifecycle,
};
use serde_json::error::Category;

use crate::scripted_server::{ScriptedServer, promptly};
use crate::{read, reads_back, written};

#[test]
fn an_unknown_tag_keeps_the_whole_object() {
    for text in [
        r#"{"status":"queued","position":{"z":1,"a":2}}"#,
        r#"{"since":9007199254740993,"status":"queued"}"#,
        r#"{"status":"failed"}"#,
    ] {
        let lifecycle: WorkflowRunLifecycle = reads_back(text);
        let WorkflowRunLifecycle::Unknown(unknown) = lifecycle else {
            panic!("{text} is known");
        };
        assert!(matches!(unknown.tag(), Some("queued" | "failed")));
    }
}

#[test]
fn a_missing_null_or_odd_tag_is_unknown() {
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
        let lifecycle: WorkflowRunLifecycle = reads_back(text);
        let WorkflowRunLifecycle::Unknown(unknown) = lifecycle else {
            panic!("{text} is known");
        };
        assert_eq!(unknown.tag(), None, "{text}");
    }
}

#[test]
fn an_unknown_tag_within_a_list_leaves_the_others_readable() {
    let conditions: Vec<AssertionCondition> =
        read(r#"[{"kind":"exists"},{"kind":"smells_like","of":"teen"},{"kind":"not_exists"}]"#);
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
fn a_tag_is_found_wherever_it_stands() {
    let first: WorkflowRunLifecycle = read(r#"{"status":"error","message":"m","stage":"routing"}"#);
    let last: WorkflowRunLifecycle = read(r#"{"message":"m","stage":"routing","status":"error"}"#);
    assert!(matches!(first, WorkflowRunLifecycle::Error(_)));
    assert_eq!(first, last);
}

#[tokio::test]
async fn a_known_tag_with_a_bad_body_names_the_field() {
    for lifecycle in [
        r#"{"status":"error","message":["SECRET"]}"#,
        r#"{"message":["SECRET"],"status":"error"}"#,
    ] {
        let wire = ScriptedServer::json(&format!(
            r#"{{"data":[{{"id":"run_1","lifecycle":{lifecycle}}}],"list_metadata":{{}}}}"#
        ))
        .await;
        let call = wire.client().list_workflow_runs();
        let error = promptly(call.send()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.json_path(), Some("data[0].lifecycle.message"));
        assert!(!format!("{error} {error:?}").contains("SECRET"));
    }
}

/// Fails the test that reads this far.
struct Unread;

impl Read for Unread {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("read on"))
    }
}

#[test]
fn after_its_tag_a_value_is_decoded_as_it_is_read() {
    let decode = |text: &str| {
        let reader = text.as_bytes().chain(Unread);
        serde_json::from_reader::<_, WorkflowRunLifecycle>(reader).unwrap_err()
    };
    let error = decode(r#"{"status":"error","message":7,"#);
    assert_eq!(error.classify(), Category::Data, "{error}");
    let error = decode(r#"{"message":7,"stage":"routing","#);
    assert_eq!(error.classify(), Category::Io, "{error}");
}

#[test]
fn a_tag_is_always_sent_and_first() {
    let input = HandleInput::Json(JsonHandleInput::builder().build().unwrap());
    assert_eq!(written(&input), r#"{"type":"json"}"#);
    reads_back::<HandleInput>(
        r#"{"type":"file","document":{"filename":"a.pdf","id":"file_1","mime_type":"application/pdf"}}"#,
    );
}

#[test]
fn unions_within_themselves_read_to_any_depth() {
    let predicates: ReviewPredicate = reads_back(
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
    reads_back::<AssertionCondition>(&nested);
}

#[test]
fn a_string_or_an_integer_is_what_it_is() {
    let change: DeclarativePlanFieldChange = reads_back(
        r#"{"action":"update","path":["blocks",3,"3",9007199254740993],"path_display":"p"}"#,
    );
    assert_eq!(change.path[1], StringOrInteger::Integer(3));
    assert_eq!(change.path[2], StringOrInteger::String("3".to_owned()));
    assert!(matches!(
        reads_back::<StringOrInteger>("0.5"),
        StringOrInteger::Unknown(_)
    ));
}

#[test]
fn an_integer_or_a_number_is_what_it_is() {
    for text in [
        "9007199254740993",
        "3",
        "3.0",
        "-0.5",
        "18446744073709551615",
    ] {
        let between: BetweenCondition = reads_back(&format!(r#"{{"lower":0,"upper":{text}}}"#));
        assert_eq!(between.upper.to_string(), text);
    }
}

#[test]
fn the_keys_tell_the_aggregate_of_an_experiment() {
    let extract: ExperimentSummaryAggregate = reads_back(r#"{"likelihoods":{"total":0.5}}"#);
    assert!(matches!(extract, ExperimentSummaryAggregate::Extract(_)));
    for text in [
        r#"{"diag":{"a":1.0},"flows":[]}"#,
        r#"{"diag":{}}"#,
        r#"{"flows":[]}"#,
    ] {
        let confusion: ExperimentSummaryAggregate = reads_back(text);
        assert!(matches!(
            confusion,
            ExperimentSummaryAggregate::Confusion(_)
        ));
    }
}

#[test]
fn an_aggregate_with_keys_of_both_is_the_one_that_has_more_of_them_then_the_one_that_lacks_fewer() {
    for text in [
        r#"{"diag":{},"likelihoods":{}}"#,
        r#"{"likelihoods":{},"flows":[]}"#,
    ] {
        let tie: ExperimentSummaryAggregate = read(text);
        assert!(matches!(tie, ExperimentSummaryAggregate::Extract(_)));
    }
    let more: ExperimentSummaryAggregate = read(r#"{"likelihoods":{},"diag":{},"flows":[]}"#);
    assert!(matches!(more, ExperimentSummaryAggregate::Confusion(_)));
}

#[test]
fn an_aggregate_without_a_key_says_nothing_and_is_kept() {
    for text in ["{}", r#"{"other":1}"#] {
        let none: ExperimentSummaryAggregate = reads_back(text);
        assert!(matches!(none, ExperimentSummaryAggregate::Unknown(_)));
    }
}
