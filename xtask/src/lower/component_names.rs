//! Renames component schemas to the names of their Rust types.
//!
//! The generator turns `MIMEData` into `MimeData` and would emit two types of the same name for
//! components that differ only in case or punctuation. This pass renames them to unique names. A
//! component whose name is already a valid type name keeps it.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::names;
use crate::document::{Order, for_each_schema_mut};

/// The prefix of a reference to a component schema.
pub(super) const PREFIX: &str = "#/components/schemas/";

/// Renames component schemas and updates references to them.
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
        // A discriminator mapping may contain a bare component name instead of a reference.
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
    fn renames_components_and_references() {
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
