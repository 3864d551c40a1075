//! Component schemas get the names that their Rust types will have.
//!
//! The generator turns `MIMEData` into `MimeData` and would print two types of one name where two
//! components differ in case or punctuation only. Renaming them before it runs keeps them apart,
//! stably: the component whose name already is a type's name keeps it.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::names;
use crate::document::{Order, for_each_schema_mut};

/// The beginning of a reference to a component schema.
pub(super) const PREFIX: &str = "#/components/schemas/";

/// Renames component schemas, and what refers to them.
pub(super) fn lower(document: &mut Value) {
    let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    let renames = renames(schemas.keys());
    *schemas = std::mem::take(schemas)
        .into_iter()
        .map(|(name, schema)| (renames[&name].clone(), schema))
        .collect();
    for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
        rename_references(schema, &renames);
    });
}

fn renames<'a>(raw: impl Iterator<Item = &'a String>) -> HashMap<String, String> {
    let raw: Vec<&str> = raw.map(String::as_str).collect();
    let names = names::assign(&raw, names::type_name, &names::PRELUDE);
    raw.into_iter().map(str::to_owned).zip(names).collect()
}

fn rename_references(schema: &mut Value, renames: &HashMap<String, String>) {
    let new_name = |reference: &str| {
        // A mapping may give the bare name of a component instead of a reference to it.
        let name = reference.strip_prefix(PREFIX).unwrap_or(reference);
        let name = name.replace("~1", "/").replace("~0", "~");
        Some(json!(format!("{PREFIX}{}", renames.get(&name)?)))
    };
    if let Some(reference) = schema.get_mut("$ref")
        && let Some(new) = reference.as_str().and_then(new_name)
    {
        *reference = new;
    }
    let mapping = schema
        .pointer_mut("/discriminator/mapping")
        .and_then(Value::as_object_mut);
    for reference in mapping.into_iter().flat_map(Map::values_mut) {
        if let Some(new) = reference.as_str().and_then(new_name) {
            *reference = new;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_and_references_are_renamed() {
        let mut document = json!({
            "paths": {},
            "components": {"schemas": {
                "MIMEData": {"type": "object"},
                "X-Output": {"type": "string"},
                "XOutput": {"properties": {
                    "a": {"$ref": "#/components/schemas/MIMEData"},
                    "b": {
                        "oneOf": [{"$ref": "#/components/schemas/X-Output"}],
                        "discriminator": {
                            "propertyName": "type",
                            "mapping": {"x": "#/components/schemas/X-Output", "y": "MIMEData"},
                        },
                    },
                }},
            }},
        });
        lower(&mut document);
        assert_eq!(
            document["components"]["schemas"],
            json!({
                "MimeData": {"type": "object"},
                "XOutput2": {"type": "string"},
                "XOutput": {"properties": {
                    "a": {"$ref": "#/components/schemas/MimeData"},
                    "b": {
                        "oneOf": [{"$ref": "#/components/schemas/XOutput2"}],
                        "discriminator": {
                            "propertyName": "type",
                            "mapping": {
                                "x": "#/components/schemas/XOutput2",
                                "y": "#/components/schemas/MimeData",
                            },
                        },
                    },
                }},
            })
        );
    }
}
