//! Mutated specs either generate valid code or are rejected with the place and a hint.
//!
//! A mutation drops, duplicates, retypes, renames, moves or nests one value. The syntax of the
//! generated code is checked. By default the tests try the same few specs each time. `MUTATIONS`
//! sets how many random ones each test tries instead:
//!
//! ```sh
//! MUTATIONS=5000 cargo test --release -p xtask mutations
//! MUTATIONS=100 cargo test -p xtask -- --ignored mutated_fixtures_compile
//! ```
//!
//! The second command also compiles the generated code, in one crate.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::coherence;
use super::compiled::{check, fixtures, source};
use super::pipeline::{Generated, generate};
use crate::diff;
use crate::document::{self, Pointer};
use crate::source::{DOCUMENT, SOURCE};
use crate::vendor;

/// A change to the value at one place.
#[derive(Clone, Debug)]
enum Change {
    Drop,
    /// Adds a copy: to a list, or to an object under a name that differs only in case.
    Duplicate,
    Retype(Value),
    /// Replaces the name, or the string, with the name of another place.
    Rename(usize),
    /// Copies the value to another place.
    Move(usize),
    /// Wraps the value in a list, a union, an `allOf` or a property.
    Nest(u8),
    /// Replaces the value with a schema that references itself or another place.
    Refer(u8, usize),
}

#[derive(Clone, Debug)]
struct Mutation {
    place: usize,
    change: Change,
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let value = prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        Just(json!(false)),
        Just(json!(-1)),
        Just(json!(1.5e300)),
        Just(json!("")),
        Just(json!("string")),
        Just(json!("object")),
        Just(json!("a/b~c {d} \"e\" \u{1F600}")),
        Just(json!([])),
        Just(json!({})),
        Just(json!(["string", "null"])),
        Just(json!({"type": "string"})),
        Just(json!({"type": "array", "items": {"enum": ["a", "b"]}})),
        Just(json!({"properties": {"type": {"const": "a"}}})),
        Just(json!({"enum": ["a", "A", "", 1, 1.5, true, null, {"a": []}]})),
    ];
    let change = prop_oneof![
        2 => Just(Change::Drop),
        2 => Just(Change::Duplicate),
        3 => value.prop_map(Change::Retype),
        3 => any::<usize>().prop_map(Change::Rename),
        3 => any::<usize>().prop_map(Change::Move),
        2 => (0..6_u8).prop_map(Change::Nest),
        2 => (0..6_u8, any::<usize>()).prop_map(|(kind, index)| Change::Refer(kind, index)),
    ];
    (any::<usize>(), change).prop_map(|(place, change)| Mutation { place, change })
}

/// Few changes reach deep into code generation. Many changes interact.
fn mutations() -> impl Strategy<Value = (usize, Vec<Mutation>)> {
    let changes = prop_oneof![
        3 => prop::collection::vec(mutation(), 1..6),
        1 => prop::collection::vec(mutation(), 6..=40),
    ];
    (any::<usize>(), changes)
}

/// Returns every place in a spec below its root.
fn places(document: &Value) -> Vec<Pointer> {
    let mut found = Vec::new();
    let mut open = vec![(Pointer::root(), document)];
    while let Some((place, value)) = open.pop() {
        match value {
            Value::Object(members) => {
                open.extend(members.iter().map(|(key, value)| (place.join(key), value)));
            }
            Value::Array(elements) => open.extend(
                (elements.iter().enumerate()).map(|(index, value)| (place.join(index), value)),
            ),
            _ => {}
        }
        if place != Pointer::root() {
            found.push(place);
        }
    }
    found
}

fn apply(document: &mut Value, mutation: &Mutation) {
    let places = places(document);
    let (Some(place), count) = (
        places.get(mutation.place % places.len().max(1)),
        places.len(),
    ) else {
        return;
    };
    let Some(value) = place.find(document).cloned() else {
        return;
    };
    let (Some(parent), Some(name)) = (place.parent(), place.last()) else {
        return;
    };
    let other = |index: &usize| places[index % count].clone();
    match &mutation.change {
        Change::Drop => match parent.find_mut(document) {
            Some(Value::Object(members)) => drop(members.shift_remove(&name)),
            Some(Value::Array(elements)) => drop(elements.remove(name.parse().unwrap_or(0))),
            _ => {}
        },
        Change::Duplicate => match parent.find_mut(document) {
            Some(Value::Object(members)) => {
                let upper = name.to_uppercase();
                members.insert(
                    if upper == name {
                        format!("{name}_")
                    } else {
                        upper
                    },
                    value,
                );
            }
            Some(Value::Array(elements)) => elements.push(value),
            _ => {}
        },
        Change::Retype(new) => set(document, place, new.clone()),
        Change::Rename(index) => {
            let new = other(index).last().unwrap_or_default();
            if value.is_string() {
                set(document, place, json!(new));
            } else if let Some(Value::Object(members)) = parent.find_mut(document) {
                *members = std::mem::take(members)
                    .into_iter()
                    .map(|(key, value)| (if key == name { new.clone() } else { key }, value))
                    .collect();
            }
        }
        Change::Move(index) => set(document, &other(index), value),
        Change::Nest(kind) => {
            let nested = match kind {
                0 => json!({"type": "array", "items": value}),
                1 => json!({"anyOf": [value, {"type": "null"}]}),
                2 => json!({"oneOf": [value, {"type": "string"}]}),
                3 => json!({"allOf": [value, {"properties": {"more": {"type": "string"}}}]}),
                4 => json!({"type": "object", "properties": {"inner": value}}),
                _ => json!([value]),
            };
            set(document, place, nested);
        }
        Change::Refer(kind, index) => {
            let to = if index % 3 == 0 { &other(index) } else { place };
            let to = json!({"$ref": format!("#{to}")});
            let schema = match kind {
                0 => to,
                1 => json!({"oneOf": [to, {"type": "string"}, value]}),
                2 => json!({"anyOf": [{"type": "array", "items": to}, {"type": "null"}, value]}),
                3 => json!({"allOf": [to, value]}),
                4 => json!({"type": "object", "properties": {"a": to}, "required": ["a"]}),
                _ => json!({"type": "object", "additionalProperties": to}),
            };
            set(document, place, schema);
        }
    }
}

fn set(document: &mut Value, place: &Pointer, value: Value) {
    if let Some(old) = place.find_mut(document) {
        *old = value;
    }
}

/// Generates the code of a spec. Returns `None` if the spec is rejected.
fn outcome(mut document: Value) -> Result<Option<Generated>, String> {
    if document::check_version("small.json", &document).is_err() {
        return Ok(None);
    }
    document::upgrade(&mut document);
    match generate(document, &source()) {
        Ok(generated) => {
            let faults = coherence::faults(&generated.files);
            if faults.is_empty() {
                Ok(Some(generated))
            } else {
                Err(faults.join("\n"))
            }
        }
        Err(problem) => {
            let message = problem.to_string();
            // Only rejections name this file in their hint.
            if message.contains("openapi/overlays/corrections.yaml") {
                Ok(None)
            } else {
                Err(message)
            }
        }
    }
}

/// Returns the value of `MUTATIONS`.
fn asked() -> Option<u32> {
    std::env::var("MUTATIONS").ok()?.parse().ok()
}

/// Returns a deterministic runner, or a random one if `MUTATIONS` is set.
fn runner(default: u32) -> TestRunner {
    let config = Config {
        cases: asked().unwrap_or(default),
        failure_persistence: None,
        // Shrinking a large spec can take an hour.
        max_shrink_iters: 200,
        max_shrink_time: 60_000,
        ..Config::default()
    };
    if asked().is_some() {
        TestRunner::new(config)
    } else {
        let algorithm = RngAlgorithm::ChaCha;
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(algorithm))
    }
}

/// Vendors a spec over another one and compares the two.
///
/// A rejected spec must not change any file. An accepted one must generate code and must not differ
/// from itself.
fn vendor_and_compare(old: &Value, new: &Value) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (vendored, upstream) = (at(DOCUMENT), at("upstream.json"));
    let before = old.to_string();
    fs::write(&vendored, &before).unwrap();
    fs::write(&upstream, new.to_string()).unwrap();
    let options = vendor::Options::of(&upstream);
    if let Err(refusal) = vendor::run(&options, folder.path()) {
        if fs::read_to_string(&vendored).unwrap() != before || at(SOURCE).exists() {
            return Err(format!("rejected after a file was written: {refusal}"));
        }
        return Ok(());
    }
    let taken = document::read_openapi(&vendored).map_err(|problem| problem.to_string())?;
    if outcome(taken.clone())?.is_none() {
        return Err("accepted by vendor but rejected by regen".to_owned());
    }
    for (one, other, is_same) in [
        (old, &taken, false),
        (&taken, old, false),
        (&taken, &taken, true),
    ] {
        let report = diff::compare(("old", one), ("new", other), &[]);
        let text = report.text();
        if is_same && !text.ends_with("no changes") {
            return Err(format!("differs from itself: {text}"));
        }
        serde_json::from_str::<Value>(&report.json()).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn try_all(default: u32, documents: &[Value], check: impl Fn(&Value, Value) -> Result<(), String>) {
    let mut runner = runner(default);
    let tried = runner.run(&mutations(), |(which, mutations)| {
        let original = &documents[which % documents.len()];
        let mut document = original.clone();
        for mutation in &mutations {
            apply(&mut document, mutation);
        }
        check(original, document).map_err(TestCaseError::fail)
    });
    if let Err(failed) = tried {
        panic!("{failed}");
    }
}

#[test]
fn mutated_fixtures_generate_code_or_are_rejected() {
    let fixtures: Vec<Value> = fixtures().into_values().collect();
    try_all(40, &fixtures, |_, mutated| outcome(mutated).map(drop));
}

#[test]
fn mutated_fixtures_are_vendored_or_rejected() {
    let fixtures: Vec<Value> = fixtures().into_values().collect();
    try_all(20, &fixtures, |original, mutated| {
        vendor_and_compare(original, &mutated)
    });
}

/// Replaces bytes anywhere in a file.
#[test]
fn mutated_files_are_parsed_or_rejected_with_file_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let yaml = fs::read(folder.join("composition.yaml")).unwrap();
    let json = document::parse("a.yaml", &yaml).unwrap().to_string();
    let files = [("a.yaml", yaml), ("a.json", json.into_bytes())];
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..4),
        "[-:{}\\[\\]&*!|>'\"%@`,#? \n\ta-c0-9]{0,6}".prop_map(String::into_bytes),
    ];
    let edits = prop::collection::vec((any::<usize>(), 0..40_usize, piece), 1..5);
    let mut runner = runner(400);
    let tried = runner.run(&(0..2_usize, edits), |(which, edits)| {
        let (name, bytes) = &files[which];
        let mut bytes = bytes.clone();
        for (at, length, piece) in edits {
            let from = at % (bytes.len() + 1);
            let to = (from + length).min(bytes.len());
            bytes.splice(from..to, piece);
        }
        if let Err(refusal) = document::parse_openapi(name, &bytes) {
            let message = refusal.to_string();
            prop_assert!(message.contains(name), "{message}");
        }
        Ok(())
    });
    if let Err(failed) = tried {
        panic!("{failed}");
    }
}

#[test]
fn mutated_vendored_spec_generates_code_or_is_rejected() {
    let path = crate::workspace().join("openapi/retab.json");
    let vendored = document::read(&path).unwrap();
    try_all(2, &[vendored], |_, mutated| outcome(mutated).map(drop));
}

/// Compiles the code generated from mutated fixtures, in one crate.
#[test]
#[ignore = "takes minutes; see the module documentation"]
fn mutated_fixtures_compile() {
    let fixtures: Vec<Value> = fixtures().into_values().collect();
    let mut runner = runner(40);
    let tried = runner.config().cases;
    let mut documents: BTreeMap<String, Generated> = BTreeMap::new();
    for number in 0..tried {
        let (which, mutations) = mutations().new_tree(&mut runner).unwrap().current();
        let mut document = fixtures[which % fixtures.len()].clone();
        for mutation in &mutations {
            apply(&mut document, mutation);
        }
        if let Some(generated) = outcome(document).unwrap() {
            documents.insert(format!("mutated_{number}"), generated);
        }
    }
    // If most specs were rejected, the test would hardly compile anything.
    assert!(documents.len() * 4 > tried as usize, "{}", documents.len());
    if let Err(output) = check("mutations", &documents) {
        panic!("{output}");
    }
}
