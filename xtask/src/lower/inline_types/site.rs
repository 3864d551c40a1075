//! The places of inline schemas, in words suitable for a name.

use std::collections::HashMap;

use serde_json::Value;

use crate::document::{Pointer, for_each_operation};
use crate::lower::names;

/// The names of operations and parameters by pointer.
pub(super) struct Places {
    operations: HashMap<Pointer, String>,
    parameters: HashMap<Pointer, String>,
}

impl Places {
    pub(super) fn of(document: &Value) -> Self {
        let mut places = Self {
            operations: HashMap::new(),
            parameters: HashMap::new(),
        };
        let named = |node: &Value, key: &str| node[key].as_str().unwrap_or_default().to_owned();
        for_each_operation(document, |pointer, _, operation| {
            places
                .operations
                .insert(pointer.clone(), named(operation, "operationId"));
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            for (index, parameter) in parameters.enumerate() {
                let pointer = pointer.join("parameters").join(index);
                places.parameters.insert(pointer, named(parameter, "name"));
            }
        });
        places
    }
}

/// The place of an inline schema.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Site {
    /// The enclosing component or operation.
    pub(super) owner: String,
    /// The property, parameter or role; empty for a variant of a union.
    pub(super) label: String,
}

impl Site {
    /// Returns the site of the schema at `pointer`, or `None` for a component.
    pub(super) fn at(pointer: &Pointer, places: &Places) -> Option<Self> {
        let tokens: Vec<String> = pointer.tokens().collect();
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
        let operation = |path, method| places.operations.get(&Pointer::of(["paths", path, method]));
        let (owner, label, inner) = match tokens[..] {
            ["components", "schemas", name, _, ..] => (name, "", 3),
            ["paths", path, method, "parameters", index, ..] => {
                let parameter = Pointer::of(["paths", path, method, "parameters", index]);
                (
                    operation(path, method)?.as_str(),
                    places.parameters.get(&parameter)?.as_str(),
                    6,
                )
            }
            ["paths", path, method, "requestBody", ..] => {
                (operation(path, method)?.as_str(), "request", 7)
            }
            ["paths", path, method, "responses", ..] => {
                (operation(path, method)?.as_str(), "response", 8)
            }
            _ => return None,
        };
        Some(Self {
            owner: owner.to_owned(),
            label: inner_label(label.to_owned(), tokens.get(inner..)?),
        })
    }
}

/// Follows `keywords` from a schema labelled `label` and returns the label of the target.
fn inner_label(mut label: String, keywords: &[&str]) -> String {
    let mut keywords = keywords.iter();
    while let Some(keyword) = keywords.next() {
        match *keyword {
            "properties" => label = keywords.next().map(ToString::to_string).unwrap_or_default(),
            "items" | "additionalProperties" if label.is_empty() => "item".clone_into(&mut label),
            "items" | "additionalProperties" => label = names::singular(&label),
            _ => {
                keywords.next();
                label.clear();
            }
        }
    }
    label
}
