//! Renames properties whose field names collide.
//!
//! The generator emits the same field name for `document` and `document[]`. This pass renames one of them and records
//! its wire name in [`PROPERTY_NAMES`], which the code generation adds to the field. The name `extra` is reserved for
//! the field of additional properties.

use serde_json::{Map, Value, json};

use super::names;
use crate::document::{Order, for_each_schema_mut};

/// The extension that maps the new names of renamed properties to wire names.
pub(crate) const PROPERTY_NAMES: &str = "x-property-names";

/// The field that contains additional properties.
pub(crate) const EXTRA: &str = "extra";

/// Renames properties with colliding field names.
pub(super) fn lower(document: &mut Value) {
    for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
        let Some(schema) = schema.as_object_mut() else {
            return;
        };
        let has_extra = schema
            .get("additionalProperties")
            .is_some_and(|more| more != &json!(false));
        let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
            return;
        };
        let raw: Vec<&str> = properties.keys().map(String::as_str).collect();
        let reserved: &[&str] = if has_extra { &[EXTRA] } else { &[] };
        let renamed: Map<String, Value> = names::assign(&raw, names::value_name, reserved)
            .into_iter()
            .zip(&raw)
            .filter(|(name, raw)| *name != names::value_name(raw))
            .map(|(name, raw)| (name, json!(raw)))
            .collect();
        if renamed.is_empty() {
            return;
        }
        let new_name = |raw: &str| {
            let new = renamed.iter().find(|(_, wire)| *wire == raw);
            new.map_or(raw, |(name, _)| name).to_owned()
        };
        *properties = std::mem::take(properties)
            .into_iter()
            .map(|(raw, property)| (new_name(&raw), property))
            .collect();
        for name in (schema.get_mut("required").and_then(Value::as_array_mut))
            .into_iter()
            .flatten()
        {
            if let Some(raw) = name.as_str() {
                *name = json!(new_name(raw));
            }
        }
        schema.insert(PROPERTY_NAMES.to_owned(), Value::Object(renamed));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renames_only_colliding_properties() {
        let mut document = json!({"components": {"schemas": {"File": {
            "properties": {"document[]": {}, "document": {}, "extra": {}, "$ref": {}, "_id": {}},
            "required": ["document[]", "extra", "_id"],
            "additionalProperties": {},
        }}}});
        lower(&mut document);
        assert_eq!(
            document["components"]["schemas"]["File"],
            json!({
                "properties": {"document2": {}, "document": {}, "extra2": {}, "$ref": {}, "_id": {}},
                "required": ["document2", "extra2", "_id"],
                "additionalProperties": {},
                PROPERTY_NAMES: {"document2": "document[]", "extra2": "extra"},
            })
        );
    }
}
