//! Treats null in place of an object or a list as absent.
//!
//! YAML parses a key without a value as null.

use serde_json::{Value, json};

use super::notes::Repairs;
use crate::document::{Holds, Kind, Order, for_each_mut};

/// Drops null in place of a node or of a list or map of nodes.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    for_each_mut(document, Order::ParentsFirst, |pointer, kind, node| {
        let Some(node) = node.as_object_mut() else {
            return;
        };
        let mut absent = Vec::new();
        for (key, value) in &mut *node {
            let at = pointer.join(key);
            match kind.holds(key, value) {
                Holds::Data => {}
                // A name without a value, such as a response or a path.
                Holds::One(_) if value.is_null() && kind.is_keyed_by_names() => {
                    repairs.note(&at, "null is treated as an empty object");
                    *value = json!({});
                }
                Holds::Map(Kind::Schema) => {
                    for (name, member) in value.as_object_mut().into_iter().flatten() {
                        if member.is_null() {
                            repairs.note(&at.join(name), "null is treated as an empty object");
                            *member = json!({});
                        }
                    }
                    if value.is_null() {
                        absent.push(key.clone());
                    }
                }
                _ if value.is_null() => absent.push(key.clone()),
                _ => {}
            }
        }
        for key in absent {
            repairs.note(&pointer.join(&key), "null is treated as absent");
            node.shift_remove(&key);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_null_except_in_data() {
        let (document, notes) = crate::repair::testing::repaired(
            repair,
            json!({
                "paths": {"/a": {"parameters": null, "get": {"responses": {"204": null}}}},
                "components": {"schemas": {
                    "A": null, "B": {"items": null, "default": null, "enum": [null]},
                }},
            }),
        );
        assert_eq!(
            document,
            json!({
                "paths": {"/a": {"get": {"responses": {"204": {}}}}},
                "components": {"schemas": {"A": {}, "B": {"default": null, "enum": [null]}}},
            })
        );
        assert_eq!(notes.len(), 4);
    }
}
