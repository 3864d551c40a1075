//! Round-trip tests of every operation: sampled requests arrive unchanged, and sampled responses decode unchanged.
//!
//! Samples and expectations come from the spec alone, independently of the types and tables of the client.
//! `RETAB_TESTS_ROUNDS` sets the number of additional rounds per operation after all choices of its schemas are covered.
//! Defaults to 10.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests panic on failure")]

mod corrections;
mod external_mock;
mod lists;
mod mock_service;
mod round_trip;

use std::collections::BTreeSet;
use std::path::Path;

use retab_fake::Response;
use retab_fake::spec::{Profile, Sampler, Spec};
use retab_tests::dispatch::DispatchError;
use serde_json::{Map, Value, json};

use corrections::corrected;
use mock_service::MockService;
use round_trip::RoundTrips;

fn spec_document() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/retab.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Reads a count from `openapi/source.toml`.
fn recorded_count(key: &str) -> usize {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/source.toml");
    let record = std::fs::read_to_string(path).unwrap();
    let count = record
        .lines()
        .find_map(|line| line.strip_prefix(key)?.trim().strip_prefix('='));
    count.unwrap().trim().parse().unwrap()
}

fn object(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

#[tokio::test]
async fn every_operation_round_trips_requests_and_responses() {
    let rounds: usize =
        std::env::var("RETAB_TESTS_ROUNDS").map_or(10, |rounds| rounds.parse().unwrap());
    let original = Spec::new(spec_document());
    let originals = original.operations();
    let corrected = Spec::new(corrected(spec_document()));
    let operations = corrected.operations();
    let mut round_trips = RoundTrips::new(&original, &originals, &corrected).await;
    for operation in &operations {
        round_trips.run(operation, rounds).await;
    }

    let declared: usize = operations
        .iter()
        .map(|operation| operation.parameters.len())
        .sum();
    let bodies = operations.iter().filter_map(|operation| operation.body);
    let parts: usize = bodies.map(|body| body.parts().len()).sum();
    println!(
        "operations  {} of {}",
        round_trips.operations.len(),
        operations.len()
    );
    println!(
        "parameters  {} of {declared} and {parts} parts",
        round_trips.parameters.len()
    );
    println!(
        "requests    {}, covering {}",
        round_trips.requests_sent,
        round_trips.requests.coverage()
    );
    println!(
        "responses   {}, covering {}",
        round_trips.responses_decoded,
        round_trips.responses.coverage()
    );
    println!(
        "null        differs from absence for {} properties",
        round_trips.meaningful_nulls()
    );
    round_trips.assert_no_failures();
    assert_eq!(round_trips.operations.len(), recorded_count("operations"));
    assert_eq!(declared, recorded_count("parameters"));
    assert_eq!(round_trips.parameters.len(), declared + parts);
    assert_eq!(round_trips.requests.coverage().uncovered(), [""; 0]);
    assert_eq!(round_trips.responses.coverage().uncovered(), [""; 0]);
}

#[tokio::test]
async fn declared_errors_preserve_status_and_body() {
    let spec = Spec::new(spec_document());
    let service = MockService::start().await;
    let mut requests = Sampler::for_requests(&spec, 3);
    let mut responses = Sampler::for_responses(&spec, 4);
    let mut errors = 0;
    for operation in &spec.operations() {
        for response in operation
            .responses
            .iter()
            .filter(|response| !response.is_success())
        {
            let mut arguments = requests.arguments(operation, Profile::Minimal);
            if let Some(body) = arguments.get_mut("body").and_then(Value::as_object_mut) {
                // Only the streaming operation has a setter for it.
                body.shift_remove("stream");
            }
            let body = responses.draw(&response.schema, Profile::Varied);
            let error_response = Response::json(response.status, &body);
            let (outcome, received) = service.send(operation.id, &arguments, error_response).await;
            assert_eq!(received.len(), 1, "{}", operation.id);
            let Err(DispatchError::Call(error)) = outcome else {
                panic!("{}: {outcome:?}", operation.id);
            };
            assert_eq!(
                error.status().map(|status| status.as_u16()),
                Some(response.status),
                "{error}"
            );
            assert_eq!(
                error.body().unwrap(),
                body.to_string().as_bytes(),
                "{error}"
            );
            errors += 1;
        }
    }
    println!("errors      {errors}");
    assert_eq!(errors, 143);
}

#[tokio::test]
async fn dispatcher_rejects_unknown_and_invalid_arguments() {
    let service = MockService::start().await;
    let run = json!({"run_id": "run_1"});
    for (operation, arguments, reason) in [
        (
            "get_workflow_runs",
            json!({}),
            "cannot dispatch get_workflow_runs: unknown operation",
        ),
        (
            "get_workflow_run",
            json!({"path": run, "query": {"limit": 1}}),
            "query/limit",
        ),
        ("get_workflow_run", json!({"query": run}), "query/run_id"),
        ("get_workflow_run", json!({"path": run, "body": {}}), "body"),
        (
            "list_workflow_runs",
            json!({"query": {"limit": "many"}}),
            "query/limit",
        ),
        (
            "create_workflow_run",
            json!({"body": {"workflow_id": 1}}),
            "workflow_id",
        ),
    ] {
        let (outcome, received) = service
            .send(operation, &object(arguments), Response::empty(204))
            .await;
        let error = outcome.unwrap_err().to_string();
        assert!(error.contains(reason) && received.is_empty(), "{error}");
    }
}

/// The sampler would ignore an unknown keyword.
#[test]
fn sampler_supports_every_schema_keyword_of_the_spec() {
    let supported = [
        "$ref",
        "additionalProperties",
        "anyOf",
        "const",
        "contentMediaType",
        "default",
        "discriminator",
        "enum",
        "format",
        "items",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "oneOf",
        "pattern",
        "properties",
        "required",
        "type",
    ];
    let spec = spec_document();
    let mut used = BTreeSet::new();
    let schemas = spec["components"]["schemas"].as_object().unwrap().values();
    schemas.for_each(|schema| collect_keywords(schema, &mut used));
    for operation in spec["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
    {
        let bodies = operation["responses"]
            .as_object()
            .unwrap()
            .values()
            .chain(operation.get("requestBody"));
        let contents = bodies
            .filter_map(|body| body["content"].as_object())
            .flat_map(Map::values);
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        contents
            .chain(parameters)
            .for_each(|part| collect_keywords(&part["schema"], &mut used));
    }
    assert_eq!(used, BTreeSet::from(supported));
}

fn collect_keywords<'s>(schema: &'s Value, used: &mut BTreeSet<&'s str>) {
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        used.insert(keyword);
        match keyword.as_str() {
            "properties" => value
                .as_object()
                .unwrap()
                .values()
                .for_each(|schema| collect_keywords(schema, used)),
            "anyOf" | "oneOf" => value
                .as_array()
                .unwrap()
                .iter()
                .for_each(|schema| collect_keywords(schema, used)),
            "items" | "additionalProperties" => collect_keywords(value, used),
            _ => {}
        }
    }
}
