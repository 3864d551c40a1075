//! Operations can be told apart, and so can their parameters and the placeholders of their paths.

use std::collections::HashMap;

use serde_json::Value;

use super::Refusals;
use crate::document::{Kind, Pointer, for_each, for_each_operation, is_extension};

/// Refuses operations that share an id, parameters without a name or a place, and paths that are none.
pub(super) fn check(document: &Value, refusals: &mut Refusals) {
    ids(document, refusals);
    paths(document, refusals);
    parameters(document, refusals);
}

/// The same id on two operations that are the same is one operation at two paths: a repair tells them apart.
fn ids(document: &Value, refusals: &mut Refusals) {
    let mut known: HashMap<&str, (Pointer, (String, Value))> = HashMap::new();
    for_each_operation(document, |pointer, route, operation| {
        let Some(id) = operation["operationId"].as_str() else {
            return;
        };
        let told = (route.method.clone(), without_texts(operation));
        match known.get(id) {
            Some((first, other)) if *other != told => refusals.refuse(
                &pointer.join("operationId"),
                format_args!(
                    "the operation at {first} has this operationId as well, and is another"
                ),
                "give one of the two another operationId",
            ),
            Some(_) => {}
            None => {
                known.insert(id, (pointer.clone(), told));
            }
        }
    });
}

fn without_texts(operation: &Value) -> Value {
    let mut operation = operation.clone();
    if let Some(operation) = operation.as_object_mut() {
        operation.retain(|key, _| !matches!(key.as_str(), "summary" | "description" | "tags"));
    }
    operation
}

fn paths(document: &Value, refusals: &mut Refusals) {
    let paths = document["paths"].as_object().into_iter().flatten();
    for (path, _) in paths.filter(|(path, _)| !is_extension(path)) {
        let at = Pointer::of(["paths", path]);
        if !path.starts_with('/') {
            refusals.refuse(&at, "a path begins with a slash", "put one before it");
        }
        if !has_whole_placeholders(path) {
            refusals.refuse(
                &at,
                "a placeholder of a path is a name between braces, within one segment",
                "close every brace",
            );
        }
    }
}

fn has_whole_placeholders(path: &str) -> bool {
    path.split('/').all(|segment| {
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            match after.split_once('}') {
                Some((name, after))
                    if !name.is_empty() && !name.contains('{') && !before.contains('}') =>
                {
                    rest = after;
                }
                _ => return false,
            }
        }
        !rest.contains('}')
    })
}

fn parameters(document: &Value, refusals: &mut Refusals) {
    for_each(document, |pointer, kind, node| {
        if kind != Kind::Parameter || node.get("$ref").is_some() {
            return;
        }
        let named = node["name"].as_str().is_some_and(|name| !name.is_empty());
        if !named {
            refusals.refuse(pointer, "a parameter has a `name`", "give it one");
        }
        if !matches!(
            node["in"].as_str(),
            Some("path" | "query" | "header" | "cookie")
        ) {
            refusals.refuse(
                pointer,
                "a parameter is in the path, the query, a header or a cookie",
                "write one of `path`, `query`, `header` and `cookie` as its `in`",
            );
        }
    });
}
