use std::collections::HashSet;

use serde_json::{Value, json};

use super::{Profile, Sampler};
use crate::spec::openapi::Spec;

fn spec(schema: Value) -> Spec {
    Spec::new(json!({"components": {"schemas": {
        "Tree": {"type": "object", "required": ["kind"], "properties": {
            "kind": {"const": "tree"},
            "left": {"$ref": "#/components/schemas/Node"},
            "right": {"$ref": "#/components/schemas/Node"},
        }},
        "Leaf": {"type": "object", "properties": {"kind": {"const": "leaf"}}},
        "Node": {
            "oneOf": [{"$ref": "#/components/schemas/Tree"}, {"$ref": "#/components/schemas/Leaf"}],
            "discriminator": {"propertyName": "kind"},
        },
        "Value": schema,
    }}}))
}

/// Draws forty values of a schema.
fn draws(schema: Value, profile: Profile, for_responses: bool) -> Vec<Value> {
    let spec = spec(schema);
    let mut sampler = if for_responses {
        Sampler::for_responses(&spec, 5)
    } else {
        Sampler::for_requests(&spec, 5)
    };
    let schema = spec.component("Value").unwrap();
    (0..40).map(|_| sampler.draw(&schema, profile)).collect()
}

fn run() -> Value {
    json!({"type": "object", "required": ["id"], "properties": {
        "id": {"type": "string"},
        "label": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "state": {"enum": ["a", "b"]},
        "node": {"$ref": "#/components/schemas/Node"},
    }})
}

#[test]
fn same_seed_repeats_draws() {
    for profile in [Profile::Varied, Profile::Newer] {
        assert_eq!(draws(run(), profile, true), draws(run(), profile, true));
    }
}

#[test]
fn profile_limits_draws() {
    let all = |profile, is: fn(&Value) -> bool| draws(run(), profile, false).iter().all(is);
    assert!(all(Profile::Minimal, |run| run
        .as_object()
        .unwrap()
        .keys()
        .eq(["id"])));
    assert!(all(Profile::Full, |run| run.as_object().unwrap().len()
        == 4
        && run["label"].is_string()));
    assert!(all(Profile::Nulls, |run| run.as_object().unwrap().len()
        == 4
        && run["label"].is_null()));
}

#[test]
fn only_responses_contain_unknown_values() {
    let is_newer = |run: &Value| {
        let known = run
            .as_object()
            .unwrap()
            .keys()
            .all(|name| ["id", "label", "state", "node"].contains(&name.as_str()));
        !known
            || run["state"] == "value_of_a_newer_service"
            || run["node"]["kind"] == "variant_of_a_newer_service"
    };
    assert!(draws(run(), Profile::Newer, true).iter().any(is_newer));
    assert!(!draws(run(), Profile::Newer, false).iter().any(is_newer));
    assert!(!draws(run(), Profile::Varied, true).iter().any(is_newer));
}

#[test]
fn only_newer_responses_omit_tags() {
    let node = || json!({"$ref": "#/components/schemas/Leaf"});
    let lacks_tag = |leaf: &Value| leaf.get("kind").is_none();
    assert!(draws(node(), Profile::Newer, true).iter().any(lacks_tag));
    assert!(!draws(node(), Profile::Newer, false).iter().any(lacks_tag));
    assert!(!draws(node(), Profile::Varied, true).iter().any(lacks_tag));
    assert!(!draws(node(), Profile::Minimal, true).iter().any(lacks_tag));
}

#[test]
fn recursive_schema_terminates() {
    for node in draws(
        json!({"$ref": "#/components/schemas/Node"}),
        Profile::Full,
        false,
    ) {
        assert!(node.to_string().len() < 100_000);
    }
}

#[test]
fn draws_cover_every_choice() {
    let spec = spec(run());
    let schema = spec.component("Value").unwrap();
    let mut sampler = Sampler::for_responses(&spec, 6);
    sampler.track_schema(&schema, "Value");
    assert_eq!(
        sampler.coverage().uncovered().len(),
        sampler.coverage().alternatives()
    );
    assert!(
        sampler
            .coverage()
            .uncovered()
            .contains(&"Value.state: unknown value".to_owned())
    );
    assert!(!sampler.covers_schema(&schema));
    let draws = (1..100).find(|_| {
        sampler.draw(&schema, Profile::Newer);
        sampler.covers_schema(&schema)
    });
    assert!(draws.is_some(), "{:?}", sampler.coverage().uncovered());
    assert_eq!(sampler.coverage().uncovered(), [""; 0]);
}

#[test]
fn draws_respect_and_reach_limits() {
    let limited = json!({"type": "object", "required": ["count", "name", "list"], "properties": {
        "count": {"type": "integer", "minimum": 1, "maximum": 100},
        "name": {"type": "string", "minLength": 2, "maxLength": 5},
        "list": {"type": "array", "items": {"type": "null"}, "minItems": 1, "maxItems": 3},
    }});
    let lengths = |profile| {
        let draws = draws(limited.clone(), profile, false);
        let count: HashSet<_> = draws
            .iter()
            .map(|drawn| drawn["count"].as_i64().unwrap())
            .collect();
        let name: HashSet<_> = draws
            .iter()
            .map(|drawn| drawn["name"].as_str().unwrap().chars().count())
            .collect();
        let list: HashSet<_> = draws
            .iter()
            .map(|drawn| drawn["list"].as_array().unwrap().len())
            .collect();
        (count, name, list)
    };
    assert_eq!(
        lengths(Profile::Edges),
        (
            HashSet::from([1, 100]),
            HashSet::from([2, 5]),
            HashSet::from([1, 3])
        )
    );
    let (count, name, list) = lengths(Profile::Varied);
    assert!(count.iter().all(|count| (1..=100).contains(count)));
    assert!(name.iter().all(|length| (2..=5).contains(length)));
    assert!(list.iter().all(|length| (1..=3).contains(length)));
}
