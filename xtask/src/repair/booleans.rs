//! Replaces boolean schemas with empty schemas.
//!
//! `true` matches any value. `false` matches none, which has no Rust equivalent, and the client must still decode
//! such a value if the service sends it. Boolean `additionalProperties` stay, since later passes handle them.

use serde_json::{Value, json};

use super::notes::Repairs;
use crate::document::{Holds, Kind, Order, Pointer, for_each_schema_mut};

/// Replaces boolean schemas with objects.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    for_each_schema_mut(document, Order::ParentsFirst, |pointer, schema| {
        for (key, value) in schema.as_object_mut().into_iter().flatten() {
            let at = pointer.join(key);
            match Kind::Schema.holds(key, value) {
                Holds::One(Kind::Schema) if key != "additionalProperties" => {
                    open(&at, value, repairs);
                }
                Holds::List(Kind::Schema) => {
                    for (index, value) in value.as_array_mut().into_iter().flatten().enumerate() {
                        open(&at.join(index), value, repairs);
                    }
                }
                Holds::Map(Kind::Schema) => {
                    for (name, value) in value.as_object_mut().into_iter().flatten() {
                        open(&at.join(name), value, repairs);
                    }
                }
                _ => {}
            }
        }
    });
    // Top-level schemas: components and the schemas of bodies and parameters.
    for_each_schema_mut(document, Order::ParentsFirst, |pointer, schema| {
        if pointer.last().as_deref() != Some("additionalProperties") {
            open(pointer, schema, repairs);
        }
    });
}

fn open(pointer: &Pointer, schema: &mut Value, repairs: &mut Repairs) {
    if let Value::Bool(fits) = schema {
        if !*fits {
            repairs.note(pointer, "schema matches nothing; treated as any JSON");
        }
        *schema = json!({});
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::testing::{repaired, repaired_schema};

    #[test]
    fn preserves_only_boolean_additional_properties() {
        let (schema, notes) = repaired_schema(
            repair,
            json!({
                "properties": {"a": true, "additionalProperties": false},
                "items": false,
                "anyOf": [true],
                "additionalProperties": false,
            }),
        );
        assert_eq!(
            schema,
            json!({
                "properties": {"a": {}, "additionalProperties": {}},
                "items": {},
                "anyOf": [{}],
                "additionalProperties": false,
            })
        );
        assert_eq!(
            notes,
            [
                "/components/schemas/X/properties/additionalProperties: schema matches nothing; treated as any JSON",
                "/components/schemas/X/items: schema matches nothing; treated as any JSON",
            ]
        );
        assert_eq!(repaired_schema(repair, json!(true)).0, json!({}));
        let (document, _) = repaired(
            repair,
            json!({"components": {"schemas": {"additionalProperties": {"not": true}}}}),
        );
        assert_eq!(
            document["components"]["schemas"]["additionalProperties"]["not"],
            json!({})
        );
    }
}
