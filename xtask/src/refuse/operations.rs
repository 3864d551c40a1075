//! Checks of operations, parameters and paths.

use std::collections::HashMap;

use serde_json::Value;

use super::violations::Refusals;
use crate::document::{Kind, Pointer, for_each, for_each_operation, is_extension};

/// Rejects duplicate operationIds, parameters without a name or location, and malformed paths.
pub(super) fn check(document: &Value, refusals: &mut Refusals) {
    ids(document, refusals);
    paths(document, refusals);
    parameters(document, refusals);
}

/// Rejects different operations with the same id.
///
/// Identical operations with the same id are one operation at two paths, which a repair renames.
fn ids(document: &Value, refusals: &mut Refusals) {
    let mut known: HashMap<&str, (Pointer, (String, Value))> = HashMap::new();
    for_each_operation(document, |pointer, route, operation| {
        let Some(id) = operation["operationId"].as_str() else {
            return;
        };
        let content = (route.method.clone(), without_texts(operation));
        match known.get(id) {
            Some((first, other)) if *other != content => refusals.refuse(
                &pointer.join("operationId"),
                format_args!(
                    "duplicate operationId: also used by a different operation at {first}"
                ),
                "rename one of the two",
            ),
            Some(_) => {}
            None => {
                known.insert(id, (pointer.clone(), content));
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
            refusals.refuse(&at, "a path must start with a slash", "prepend a slash");
        }
        if !has_whole_placeholders(path) {
            refusals.refuse(
                &at,
                "a path placeholder must be a name in braces, within one segment",
                "fix the braces",
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
            refusals.refuse(pointer, "a parameter requires a `name`", "add a `name`");
        }
        if !matches!(
            node["in"].as_str(),
            Some("path" | "query" | "header" | "cookie")
        ) {
            refusals.refuse(
                pointer,
                "the `in` of a parameter must be `path`, `query`, `header` or `cookie`",
                "set `in` to one of them",
            );
        }
    });
}
