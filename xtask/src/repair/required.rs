//! Drops `required` entries that name no property.
//!
//! Such an entry does not define the type of the value, so no field can be generated for it.

use serde_json::{Map, Value};

use super::notes::Repairs;
use crate::document::{Order, for_each_schema_mut};

/// Drops undefined and duplicate names from `required`.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    for_each_schema_mut(document, Order::ParentsFirst, |pointer, schema| {
        let properties = schema.get("properties").and_then(Value::as_object);
        let names: Vec<String> = properties
            .into_iter()
            .flat_map(Map::keys)
            .cloned()
            .collect();
        let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) else {
            return;
        };
        let place = pointer.join("required");
        let mut kept: Vec<Value> = Vec::new();
        for name in required.drain(..) {
            let is_property = names.iter().any(|property| name == property.as_str());
            if !is_property {
                repairs.note(&place, format_args!("undefined property {name}; ignored"));
            } else if !kept.contains(&name) {
                kept.push(name);
            }
        }
        *required = kept;
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::repair::testing::repaired_schema;

    #[test]
    fn drops_undefined_and_duplicate_names() {
        let (schema, notes) = repaired_schema(
            repair,
            json!({"properties": {"id": {}}, "required": ["id", "gone", "id"]}),
        );
        assert_eq!(
            schema,
            json!({"properties": {"id": {}}, "required": ["id"]})
        );
        assert_eq!(
            notes,
            ["/components/schemas/X/required: undefined property \"gone\"; ignored"]
        );
    }
}
