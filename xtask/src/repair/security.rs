//! Drops security requirements that name undeclared schemes.
//!
//! The caller passes credentials to the client, and an undeclared scheme requires none.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::notes::Repairs;
use crate::document::{Kind, Order, Pointer, for_each_mut};

/// Drops the names of undeclared schemes.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    let schemes = document["components"]["securitySchemes"].as_object();
    let declared: Vec<String> = (schemes.into_iter().flat_map(Map::keys).cloned()).collect();
    // Maps the scheme name to its first place and the number of occurrences.
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
            _ => format!(" ({count} occurrences)"),
        };
        repairs.note(
            place,
            format_args!("undeclared security scheme; ignored{again}"),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ignores_undeclared_schemes() {
        let (document, notes) = crate::repair::testing::repaired(
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
            ["/paths/~1a/get/security/0/Gone: undeclared security scheme; ignored (2 occurrences)"]
        );
    }
}
