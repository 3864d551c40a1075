//! Replaces enum values with variant names.
//!
//! The generator rejects values that map to the same name, such as `asc` and `ASC`, and invents names for values
//! such as `+`. This pass replaces each value with the name of its variant, and [`VALUES`] beside the enum maps the
//! names to the wire values.

use serde_json::{Map, Value, json};

use super::names;
use crate::document::{Order, for_each_schema_mut};

/// The extension that maps variant names of an enum to wire values.
pub(crate) const VALUES: &str = "x-values";

/// Replaces the values of every enum with variant names.
pub(super) fn lower(document: &mut Value) {
    for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
        let Some(schema) = schema.as_object_mut() else {
            return;
        };
        let Some(values) = schema.get("enum").and_then(Value::as_array) else {
            return;
        };
        let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
        let variants = names::assign(&texts, names::type_name, &[]);
        let named: Map<String, Value> = (variants.iter().cloned())
            .zip(texts.iter().map(|text| json!(text)))
            .collect();
        schema.insert("enum".to_owned(), json!(variants));
        schema.insert(VALUES.to_owned(), Value::Object(named));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assigns_unique_variant_names() {
        let mut document = json!({"components": {"schemas": {"Order": {
            "type": "string", "enum": ["asc", "ASC", "", "+1", "$ref"],
        }}}});
        lower(&mut document);
        assert_eq!(
            document["components"]["schemas"]["Order"],
            json!({
                "type": "string",
                "enum": ["Asc2", "Asc", "X", "Plus1", "Ref"],
                VALUES: {"Asc2": "asc", "Asc": "ASC", "X": "", "Plus1": "+1", "Ref": "$ref"},
            })
        );
    }
}
