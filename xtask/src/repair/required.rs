//! What is required is a property.
//!
//! A name that no property has says nothing of what the value would be, and no field can be made of it.

use serde_json::{Map, Value};

use super::Repairs;
use crate::document::{Order, for_each_schema_mut};

/// Drops names from `required` that are no properties.
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
                repairs.note(&place, format_args!("there is no property {name}: ignored"));
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

    use super::super::repaired_schema;
    use super::*;

    #[test]
    fn only_properties_are_required() {
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
            ["/components/schemas/X/required: there is no property \"gone\": ignored"]
        );
    }
}
