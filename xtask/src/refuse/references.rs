//! A reference names a place of this document at which stands what is referred to.

use std::collections::HashMap;

use serde_json::Value;

use super::Refusals;
use crate::document::{Kind, Pointer, for_each};

/// Refuses references that lead nowhere, elsewhere, to something else or in a circle.
///
/// Schemas may refer to themselves; a schema that is nothing but such a reference is repaired.
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
            refusals.refuse(&at, "a reference is a text", "write `#/components/..`");
            return;
        };
        let Some(target) = Pointer::from_reference(reference) else {
            if reference.starts_with('#') {
                refusals.refuse(&at, "the reference is to an anchor", "refer by place");
            } else {
                let rule = "the reference leads out of this document";
                refusals.refuse(&at, rule, "bundle what it leads to under `components`");
            }
            return;
        };
        if target.find(document).is_none() {
            let rule = format!("nothing stands at {reference}");
            refusals.refuse(&at, rule, "define it, or refer to something else");
        } else if kinds.get(&target) != Some(&kind) {
            let rule = format!("what stands at {reference} is no {}", named(kind));
            refusals.refuse(&at, rule, &format!("refer to a {}", named(kind)));
        } else if kind != Kind::Schema && is_circle(document, pointer, node) {
            let rule = "the reference leads back to itself";
            refusals.refuse(&at, rule, "define what it is");
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
