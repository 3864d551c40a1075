//! Many simultaneous changes of the vendored spec. The report contains exactly these changes.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::changes::changes;
use super::edits::remove;
use crate::diff::change::Kind;
use crate::document;

fn vendored() -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    document::read(&root.join("openapi/retab.json")).unwrap()
}

/// The edits of a spec by kind and place.
type Done = BTreeSet<(Kind, String)>;

/// Changes one property of each component, in one of 5 ways.
fn change_components(document: &mut Value, done: &mut Done) {
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    for (number, (name, schema)) in schemas.iter_mut().enumerate() {
        let required = schema["required"].clone();
        let is_required = |property: &str| {
            let names = required.as_array().into_iter().flatten();
            names.clone().any(|name| name == property)
        };
        let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
            continue;
        };
        // Skips constants: a change of a union tag is reported differently.
        let plain = properties.iter().find(|(property, schema)| {
            schema["type"] == "string"
                && schema.as_object().unwrap().keys().all(|key| key == "type")
                && is_required(property)
        });
        let Some(property) = plain.map(|(property, _)| property.clone()) else {
            continue;
        };
        let place = format!("{name}.{property}");
        match number % 5 {
            0 => {
                properties.shift_remove(&property);
                done.insert((Kind::PropertyRemoved, place));
            }
            1 => {
                properties[&property] = json!({"type": "integer"});
                done.insert((Kind::TypeChanged, place));
            }
            2 => {
                properties[&property] = json!({"anyOf": [{"type": "string"}, {"type": "null"}]});
                done.insert((Kind::NullAllowed, place));
            }
            3 => {
                let list = schema["required"].as_array_mut().unwrap();
                list.retain(|name| *name != property);
                done.insert((Kind::PropertyOptional, place));
            }
            _ => {
                properties.insert("zz_new".to_owned(), json!({"type": "string"}));
                done.insert((Kind::PropertyAdded, format!("{name}.zz_new")));
            }
        }
    }
}

fn change_operations(document: &mut Value, done: &mut Done) {
    let mut number = 0;
    for (path, item) in document["paths"].as_object_mut().unwrap() {
        for (method, operation) in item.as_object_mut().unwrap() {
            let route = format!("{} {path}", method.to_ascii_uppercase());
            let id = operation["operationId"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            number += 1;
            match number % 3 {
                0 => {
                    operation["operationId"] = json!(format!("{id}_renamed"));
                    done.insert((Kind::OperationRenamed, route));
                }
                1 => {
                    operation["parameters"] = match operation["parameters"].take() {
                        Value::Array(mut list) => {
                            list.push(
                                json!({"in": "query", "name": "zz", "schema": {"type": "string"}}),
                            );
                            list.into()
                        }
                        _ => json!([{"in": "query", "name": "zz", "schema": {"type": "string"}}]),
                    };
                    done.insert((Kind::ParameterAdded, format!("{id}(zz)")));
                }
                _ => {
                    let responses = operation["responses"].as_object_mut().unwrap();
                    let successes = responses.keys().filter(|status| status.starts_with('2'));
                    if successes.count() == 1
                        && let Some(response) = responses.shift_remove("200")
                    {
                        responses.insert("299".to_owned(), response);
                        done.insert((Kind::StatusMoved, format!("{id} -> 299")));
                    }
                }
            }
        }
    }
}

fn found(old: &Value, new: &Value) -> Done {
    let found = changes(old, new).into_iter();
    // Renamed inline types are consequences of the edits.
    let found = found.filter(|(kind, ..)| *kind != Kind::InlineTypeRenamed);
    found.map(|(kind, _, place)| (kind, place)).collect()
}

#[test]
fn finds_all_component_changes() {
    let old = vendored();
    let mut new = old.clone();
    let mut done = Done::new();
    change_components(&mut new, &mut done);
    assert!(done.len() > 100, "{}", done.len());
    assert_eq!(found(&old, &new), done);
}

#[test]
fn finds_all_operation_changes() {
    let old = vendored();
    let mut new = old.clone();
    let mut done = Done::new();
    change_operations(&mut new, &mut done);
    assert!(done.len() > 100, "{}", done.len());
    assert_eq!(found(&old, &new), done);
}

#[test]
fn finds_removed_operation_and_type() {
    let old = vendored();
    let mut new = old.clone();
    let operation = remove(&mut new["paths"]["/v1/workflows/runs/{run_id}"], "get");
    let mut done = Done::from([(
        Kind::OperationRemoved,
        "GET /v1/workflows/runs/{run_id}".to_owned(),
    )]);
    assert_eq!(found(&old, &new), done);
    assert!(operation.is_object());
    remove(&mut new["components"]["schemas"], "HTTPValidationError");
    done.insert((Kind::TypeRemoved, "HTTPValidationError".to_owned()));
    let mut found = found(&old, &new);
    found.retain(|(kind, _)| *kind != Kind::ReferenceBroken);
    assert_eq!(found, done);
}
