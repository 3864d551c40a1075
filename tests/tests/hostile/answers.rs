//! Answers that fit the document but for a change or two, and answers that are no JSON, of every operation that has one.

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::sample::Index;
use retab_api::ErrorKind;
use retab_fake::Response;
use retab_fake::spec::{Operation, Profile, Sampler, vendored};
use retab_tests::dispatch::DispatchError;
use retab_tests::dispatcher::dispatch;
use serde_json::Value;

use crate::errors::odd_json;
use crate::{Stage, cases};

/// What is done to one place of an answer.
#[derive(Clone, Debug)]
enum Change {
    Replace(Value),
    Remove,
    Wrap,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => odd_json().prop_map(Change::Replace),
        1 => Just(Change::Remove),
        1 => Just(Change::Wrap),
    ]
}

#[test]
fn an_answer_with_changes_is_read_or_refused_by_the_place_of_what_does_not_fit() {
    let stage = Stage::new();
    let operations = with_json();
    let answers = RefCell::new(Sampler::for_responses(vendored().spec(), 5));
    let requests = RefCell::new(Sampler::for_requests(vendored().spec(), 6));
    let changes = prop::collection::vec((any::<Index>(), change()), 1..4);
    proptest!(cases(512), |(at in any::<Index>(), changes in changes)| {
        let operation = at.get(&operations);
        let success = operation.responses.iter().find(|answer| answer.is_success() && answer.is_json());
        let success = success.unwrap();
        let mut answer = answers.borrow_mut().draw(&success.schema, Profile::Varied);
        for (place, change) in changes {
            apply(&mut answer, place, change);
        }
        let arguments = requests.borrow_mut().arguments(operation, Profile::Minimal);
        stage.fake.clear_queued_responses();
        stage.fake.queue_response(Response::json(success.status, &answer));
        let end = stage.runtime.block_on(dispatch(stage.client.api(), operation.id, arguments));
        if let Err(error) = end {
            check(operation.id, &error)?;
        }
    });
}

#[test]
fn bytes_that_are_no_answer_are_refused() {
    let stage = Stage::new();
    let operations = with_json();
    let requests = RefCell::new(Sampler::for_requests(vendored().spec(), 7));
    let body = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        (1..200_000_usize).prop_map(|depth| "[".repeat(depth).into_bytes()),
        (1..50_000_usize).prop_map(|depth| r#"{"a":"#.repeat(depth).into_bytes()),
        "[0-9]{1,400}(e[0-9]{1,9})?".prop_map(String::into_bytes),
    ];
    proptest!(cases(192), |(at in any::<Index>(), body in body)| {
        let operation = at.get(&operations);
        let success = operation.responses.iter().find(|answer| answer.is_success() && answer.is_json());
        let arguments = requests.borrow_mut().arguments(operation, Profile::Minimal);
        stage.fake.clear_queued_responses();
        let is_json = serde_json::from_slice::<Value>(&body).is_ok();
        stage.fake.queue_response(Response::new(success.unwrap().status, "application/json", body));
        let end = stage.runtime.block_on(dispatch(stage.client.api(), operation.id, arguments));
        match end {
            // What is JSON is an unknown variant where the answer is a union.
            Ok(_) => prop_assert!(is_json, "{} reads it", operation.id),
            Err(error) => check(operation.id, &error)?,
        }
    });
}

fn with_json() -> Vec<&'static Operation<'static>> {
    let operations = vendored().operations().iter();
    let has_json = |operation: &&Operation<'static>| {
        let mut answers = operation.responses.iter();
        // An extraction can answer a stream in the place of JSON.
        operation.id != "create_extraction"
            && answers.any(|answer| answer.is_success() && answer.is_json())
    };
    operations.filter(has_json).collect()
}

fn check(operation: &str, error: &DispatchError) -> Result<(), TestCaseError> {
    let DispatchError::Call(error) = error else {
        return Err(TestCaseError::fail(format!("{operation}: {error}")));
    };
    let fits = matches!(error.kind(), ErrorKind::Decode | ErrorKind::EmptyBody);
    prop_assert!(fits, "{operation}: {:?} {error}", error.kind());
    let line = error.to_string();
    prop_assert!(line.contains(operation), "{line}");
    prop_assert!(!line.contains(['\n', '\r', '\0']), "{line:?}");
    prop_assert!(line.len() < 64 * 1024, "{} bytes", line.len());
    Ok(())
}

/// Changes a value somewhere within another.
fn apply(value: &mut Value, place: Index, change: Change) {
    let mut at = place.index(places(value));
    let _ = change_at(value, &mut at, &change);
}

/// How many values there are in a value, itself included.
fn places(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(places).sum(),
        Value::Object(fields) => fields.values().map(places).sum::<usize>(),
        _ => 0,
    }
}

/// Whether the place was found; a value to be removed is taken out by the one around it.
fn change_at(value: &mut Value, at: &mut usize, change: &Change) -> Option<()> {
    if *at == 0 {
        *value = match change {
            Change::Replace(other) => other.clone(),
            Change::Remove => Value::Null,
            Change::Wrap => Value::Array(vec![value.take()]),
        };
        return Some(());
    }
    *at -= 1;
    match value {
        Value::Array(items) => items
            .iter_mut()
            .find_map(|item| change_at(item, at, change)),
        Value::Object(fields) => {
            if matches!(change, Change::Remove) && *at < fields.len() {
                let name = fields.keys().nth(*at)?.clone();
                fields.shift_remove(&name);
                return Some(());
            }
            fields
                .values_mut()
                .find_map(|field| change_at(field, at, change))
        }
        _ => None,
    }
}
