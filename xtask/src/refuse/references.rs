//! Checks of references.

use std::collections::HashMap;

use serde_json::Value;

use super::violations::Refusals;
use crate::document::{Kind, Pointer, for_each};

/// Rejects references that are broken, external, circular or to a node of another kind.
///
/// Recursive schemas are allowed. A schema that consists only of a circular reference is repaired.
pub(super) fn check(document: &Value, refusals: &mut Refusals) {
    let mut kinds: HashMap<Pointer, Kind> = HashMap::new();
    for_each(document, |pointer, kind, _| {
        kinds.insert(pointer.clone(), kind);
    });
    for_each(document, |pointer, kind, node| {
        if !refers(kind) {
            return;
        }
        let Some(reference) = node.get("$ref") else {
            return;
        };
        let at = pointer.join("$ref");
        let Some(reference) = reference.as_str() else {
            let rule = "a reference must be a string";
            refusals.refuse(&at, rule, "use the form `#/components/...`");
            return;
        };
        let Some(target) = Pointer::from_reference(reference) else {
            if reference.starts_with('#') {
                let rule = "references to anchors are not supported";
                refusals.refuse(&at, rule, "use a JSON Pointer");
            } else {
                let rule = "references to other files are not supported";
                refusals.refuse(&at, rule, "move the target to `components`");
            }
            return;
        };
        if target.find(document).is_none() {
            let rule = format!("{reference} does not exist");
            refusals.refuse(&at, rule, "define the target or change the reference");
        } else if kinds.get(&target) != Some(&kind) {
            let rule = format!("{reference} is not a {}", named(kind));
            refusals.refuse(&at, rule, &format!("reference a {}", named(kind)));
        } else if kind != Kind::Schema && is_circle(document, pointer, node) {
            refusals.refuse(
                &at,
                "circular reference",
                "replace one reference with a definition",
            );
        }
    });
}

fn refers(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Schema | Kind::Parameter | Kind::RequestBody | Kind::Response | Kind::PathItem
    )
}

fn named(kind: Kind) -> &'static str {
    match kind {
        Kind::Parameter => "parameter",
        Kind::RequestBody => "request body",
        Kind::Response => "response",
        Kind::PathItem => "path item",
        _ => "schema",
    }
}

fn is_circle(document: &Value, pointer: &Pointer, node: &Value) -> bool {
    let mut seen = vec![pointer.clone()];
    let mut current = node;
    while let Some(reference) = current.get("$ref").and_then(Value::as_str) {
        let Some(target) = Pointer::from_reference(reference) else {
            return false;
        };
        let Some(next) = target.find(document) else {
            return false;
        };
        if seen.contains(&target) {
            return true;
        }
        seen.push(target);
        current = next;
    }
    false
}
