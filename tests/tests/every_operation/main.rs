//! Every operation of the document through the client that users call: what was drawn for a request arrives, and what
//! was drawn for its answer comes out.
//!
//! The document decides what is sent and what is expected; nothing here knows a type or a table of the client.
//! `RETAB_TESTS_ROUNDS` is how many draws each operation gets beyond those that take every choice of its schemas.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by them")]

mod contract;
mod corrections;
mod lists;
mod other_mock;
mod service;

use std::collections::BTreeSet;
use std::path::Path;

use retab_fake::Response;
use retab_fake::spec::{Profile, Sampler, Spec};
use retab_tests::dispatch::DispatchError;
use serde_json::{Map, Value, json};

use contract::Contract;
use corrections::corrected;
use service::Service;

fn document() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/retab.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// A number that the record of vendoring states.
fn stated(what: &str) -> usize {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/source.toml");
    let record = std::fs::read_to_string(path).unwrap();
    let stated = record
        .lines()
        .find_map(|line| line.strip_prefix(what)?.trim().strip_prefix('='));
    stated.unwrap().trim().parse().unwrap()
}

fn object(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

#[tokio::test]
async fn every_operation_sends_and_reads_what_was_drawn() {
    let rounds: usize =
        std::env::var("RETAB_TESTS_ROUNDS").map_or(10, |rounds| rounds.parse().unwrap());
    let original = Spec::new(document());
    let originals = original.operations();
    let corrected = Spec::new(corrected(document()));
    let operations = corrected.operations();
    let mut contract = Contract::new(&original, &originals, &corrected).await;
    for operation in &operations {
        contract.drive(operation, rounds).await;
    }

    let declared: usize = operations
        .iter()
        .map(|operation| operation.parameters.len())
        .sum();
    let bodies = operations.iter().filter_map(|operation| operation.body);
    let parts: usize = bodies.map(|body| body.parts().len()).sum();
    println!(
        "operations  {} of {}",
        contract.called.len(),
        operations.len()
    );
    println!(
        "parameters  {} of {declared} and {parts} parts",
        contract.parameters.len()
    );
    println!(
        "requests    {}, with {}",
        contract.requests_sent,
        contract.requests.coverage()
    );
    println!(
        "answers     {}, with {}",
        contract.answers_read,
        contract.answers.coverage()
    );
    println!(
        "null        is no absence for {} properties",
        contract.meaningful_nulls()
    );
    contract.assert_nothing_found();
    assert_eq!(contract.called.len(), stated("operations"));
    assert_eq!(declared, stated("parameters"));
    assert_eq!(contract.parameters.len(), declared + parts);
    assert_eq!(contract.requests.coverage().uncovered(), [""; 0]);
    assert_eq!(contract.answers.coverage().uncovered(), [""; 0]);
}

#[tokio::test]
async fn every_declared_error_keeps_its_status_and_its_body() {
    let document = Spec::new(document());
    let service = Service::start().await;
    let mut requests = Sampler::for_requests(&document, 3);
    let mut answers = Sampler::for_responses(&document, 4);
    let mut errors = 0;
    for operation in &document.operations() {
        for answer in operation
            .responses
            .iter()
            .filter(|answer| !answer.is_success())
        {
            let mut arguments = requests.arguments(operation, Profile::Minimal);
            if let Some(body) = arguments.get_mut("body").and_then(Value::as_object_mut) {
                // Settable on the other operation that has this request alone.
                body.shift_remove("stream");
            }
            let drawn = answers.draw(&answer.schema, Profile::Varied);
            let given = Response::json(answer.status, &drawn);
            let (outcome, received) = service.call(operation.id, &arguments, given).await;
            assert_eq!(received.len(), 1, "{}", operation.id);
            let Err(DispatchError::Call(error)) = outcome else {
                panic!("{}: {outcome:?}", operation.id);
            };
            assert_eq!(
                error.status().map(|status| status.as_u16()),
                Some(answer.status),
                "{error}"
            );
            assert_eq!(
                error.body().unwrap(),
                drawn.to_string().as_bytes(),
                "{error}"
            );
            errors += 1;
        }
    }
    println!("errors      {errors}");
    assert_eq!(errors, 143);
}

#[tokio::test]
async fn what_no_setter_takes_is_refused_and_not_sent() {
    let service = Service::start().await;
    let run = json!({"run_id": "run_1"});
    for (operation, arguments, reason) in [
        (
            "get_workflow_runs",
            json!({}),
            "there is no operation get_workflow_runs",
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
            .call(operation, &object(arguments), Response::empty(204))
            .await;
        let refused = outcome.unwrap_err().to_string();
        assert!(refused.contains(reason) && received.is_empty(), "{refused}");
    }
}

/// A keyword that the sampler does not know would leave what it describes undrawn.
#[test]
fn the_sampler_knows_every_keyword_of_the_document() {
    let known = [
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
    let document = document();
    let mut used = BTreeSet::new();
    let schemas = document["components"]["schemas"]
        .as_object()
        .unwrap()
        .values();
    schemas.for_each(|schema| keywords(schema, &mut used));
    for operation in document["paths"]
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
            .for_each(|part| keywords(&part["schema"], &mut used));
    }
    assert_eq!(used, BTreeSet::from(known));
}

fn keywords<'s>(schema: &'s Value, used: &mut BTreeSet<&'s str>) {
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        used.insert(keyword);
        match keyword.as_str() {
            "properties" => value
                .as_object()
                .unwrap()
                .values()
                .for_each(|schema| keywords(schema, used)),
            "anyOf" | "oneOf" => value
                .as_array()
                .unwrap()
                .iter()
                .for_each(|schema| keywords(schema, used)),
            "items" | "additionalProperties" => keywords(value, used),
            _ => {}
        }
    }
}
