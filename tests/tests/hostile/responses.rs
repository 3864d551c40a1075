//! Mutated and malformed JSON responses of every operation that returns JSON.

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::sample::Index;
use retab_api::ErrorKind;
use retab_fake::Response;
use retab_fake::spec::{Operation, Profile, Sampler, vendored};
use retab_tests::dispatch::DispatchError;
use retab_tests::dispatcher::dispatch;
use serde_json::Value;

use crate::error_responses::hostile_json;
use crate::{Fixture, cases};

/// A mutation of one value in a response.
#[derive(Clone, Debug)]
enum Mutation {
    Replace(Value),
    Remove,
    Wrap,
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        3 => hostile_json().prop_map(Mutation::Replace),
        1 => Just(Mutation::Remove),
        1 => Just(Mutation::Wrap),
    ]
}

#[test]
fn mutated_response_decodes_or_fails_with_decode_error() {
    let fixture = Fixture::new();
    let operations = json_operations();
    let responses = RefCell::new(Sampler::for_responses(vendored().spec(), 5));
    let requests = RefCell::new(Sampler::for_requests(vendored().spec(), 6));
    let mutations = prop::collection::vec((any::<Index>(), mutation()), 1..4);
    proptest!(cases(512), |(at in any::<Index>(), mutations in mutations)| {
        let operation = at.get(&operations);
        let success = operation.responses.iter().find(|answer| answer.is_success() && answer.is_json());
        let success = success.unwrap();
        let mut response = responses.borrow_mut().draw(&success.schema, Profile::Varied);
        for (index, mutation) in mutations {
            apply(&mut response, index, mutation);
        }
        let arguments = requests.borrow_mut().arguments(operation, Profile::Minimal);
        fixture.fake.clear_queued_responses();
        fixture.fake.queue_response(Response::json(success.status, &response));
        let result = fixture.runtime.block_on(dispatch(fixture.client.api(), operation.id, arguments));
        if let Err(error) = result {
            check(operation.id, &error)?;
        }
    });
}

#[test]
fn rejects_malformed_response_bodies() {
    let fixture = Fixture::new();
    let operations = json_operations();
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
        fixture.fake.clear_queued_responses();
        let is_json = serde_json::from_slice::<Value>(&body).is_ok();
        fixture.fake.queue_response(Response::new(success.unwrap().status, "application/json", body));
        let result = fixture.runtime.block_on(dispatch(fixture.client.api(), operation.id, arguments));
        match result {
            // Valid JSON decodes as an unknown variant if the response is a union.
            Ok(_) => prop_assert!(is_json, "{} accepts the body", operation.id),
            Err(error) => check(operation.id, &error)?,
        }
    });
}

fn json_operations() -> Vec<&'static Operation<'static>> {
    let operations = vendored().operations().iter();
    let has_json = |operation: &&Operation<'static>| {
        let mut answers = operation.responses.iter();
        // `create_extraction` can return a stream instead of JSON.
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
    let message = error.to_string();
    prop_assert!(message.contains(operation), "{message}");
    prop_assert!(!message.contains(['\n', '\r', '\0']), "{message:?}");
    prop_assert!(message.len() < 64 * 1024, "{} bytes", message.len());
    Ok(())
}

/// Mutates the value selected by `index`.
fn apply(value: &mut Value, index: Index, mutation: Mutation) {
    let mut position = index.index(count_values(value));
    let _ = mutate_at(value, &mut position, &mutation);
}

/// Returns the number of nested values, including `value` itself.
fn count_values(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count_values).sum(),
        Value::Object(fields) => fields.values().map(count_values).sum::<usize>(),
        _ => 0,
    }
}

/// Mutates the value at `position` in depth-first order and returns `None` if there is none.
///
/// Object fields are removed by their parent.
fn mutate_at(value: &mut Value, position: &mut usize, mutation: &Mutation) -> Option<()> {
    if *position == 0 {
        *value = match mutation {
            Mutation::Replace(other) => other.clone(),
            Mutation::Remove => Value::Null,
            Mutation::Wrap => Value::Array(vec![value.take()]),
        };
        return Some(());
    }
    *position -= 1;
    match value {
        Value::Array(items) => items
            .iter_mut()
            .find_map(|item| mutate_at(item, position, mutation)),
        Value::Object(fields) => {
            if matches!(mutation, Mutation::Remove) && *position < fields.len() {
                let name = fields.keys().nth(*position)?.clone();
                fields.shift_remove(&name);
                return Some(());
            }
            fields
                .values_mut()
                .find_map(|field| mutate_at(field, position, mutation))
        }
        _ => None,
    }
}
