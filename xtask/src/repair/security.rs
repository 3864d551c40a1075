//! A security requirement names a scheme that is declared.
//!
//! The client gets its credentials from the caller; a name that nothing declares asks for none.

use serde_json::{Map, Value};

use super::Repairs;
use crate::document::{Kind, Order, for_each_mut};

/// Drops names of schemes that are not declared.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    let schemes = document["components"]["securitySchemes"].as_object();
    let declared: Vec<String> = (schemes.into_iter().flat_map(Map::keys).cloned()).collect();
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
                        let place = place.join(name);
                        repairs.note(&place, "no such security scheme is declared: ignored");
                    }
                    is_declared
                });
            }
        }
    });
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
                "paths": {"/a": {"get": {"security": [{"Bearer": [], "Gone": []}]}}},
                "components": {"securitySchemes": {"Bearer": {}}},
            }),
        );
        assert_eq!(
            document["paths"]["/a"]["get"]["security"],
            json!([{"Bearer": []}])
        );
        assert_eq!(
            notes,
            ["/paths/~1a/get/security/0/Gone: no such security scheme is declared: ignored"]
        );
    }
}
