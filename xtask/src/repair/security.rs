//! A security requirement names a scheme that is declared.
//!
//! The client gets its credentials from the caller; a name that nothing declares asks for none.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Repairs;
use crate::document::{Kind, Order, Pointer, for_each_mut};

/// Drops names of schemes that are not declared.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    let schemes = document["components"]["securitySchemes"].as_object();
    let declared: Vec<String> = (schemes.into_iter().flat_map(Map::keys).cloned()).collect();
    // By the name of the scheme: where it is asked for first, and how often.
    let mut unknown: BTreeMap<String, (Pointer, usize)> = BTreeMap::new();
    for_each_mut(document, Order::ParentsFirst, |pointer, kind, node| {
        if !matches!(kind, Kind::Document | Kind::Operation) {
            return;
        }
        let requirements = node.get_mut("security").and_then(Value::as_array_mut);
        for (index, requirement) in requirements.into_iter().flatten().enumerate() {
            let place = pointer.join("security").join(index);
            if let Some(requirement) = requirement.as_object_mut() {
                requirement.retain(|name, _| {
                    let is_declared = declared.contains(name);
                    if !is_declared {
                        let first = || (place.join(name), 0);
                        unknown.entry(name.clone()).or_insert_with(first).1 += 1;
                    }
                    is_declared
                });
            }
        }
    });
    for (place, count) in unknown.values() {
        let again = match count {
            1 => String::new(),
            _ => format!(" all {count} times"),
        };
        repairs.note(
            place,
            format_args!("no such security scheme is declared: ignored{again}"),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schemes_that_are_not_declared_are_ignored() {
        let (document, notes) = super::super::repaired(
            repair,
            json!({
                "security": [{"Bearer": []}],
                "paths": {"/a": {"get": {"security": [{"Bearer": [], "Gone": []}, {"Gone": []}]}}},
                "components": {"securitySchemes": {"Bearer": {}}},
            }),
        );
        assert_eq!(
            document["paths"]["/a"]["get"]["security"],
            json!([{"Bearer": []}, {}])
        );
        assert_eq!(
            notes,
            [
                "/paths/~1a/get/security/0/Gone: no such security scheme is declared: ignored all 2 times"
            ]
        );
    }
}
