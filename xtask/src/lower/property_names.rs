//! Properties whose names become one field are told apart.
//!
//! The generator makes fields of `document` and `document[]` that have the same name. Where two properties would,
//! one gets another name here, and [`PROPERTY_NAMES`] beside them says what it is on the wire, which the code
//! generation puts at the field. The field of what the document does not name is called `extra`.

use serde_json::{Map, Value, json};

use super::names;
use crate::document::{Order, for_each_schema_mut};

/// What properties that were renamed are called on the wire, by the names that they have got.
pub(crate) const PROPERTY_NAMES: &str = "x-property-names";

/// The field that holds what the document does not name.
pub(crate) const EXTRA: &str = "extra";

/// Renames properties that would become the same field.
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
    fn only_what_meets_another_name_is_renamed() {
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
