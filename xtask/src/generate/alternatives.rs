//! Fields that are decoded from one of several paths in a response.
//!
//! An overlay lists the paths on a schema: `x-alternatives: {workflow_id: [workflow, workflow_id]}`.
//! The struct keeps its derives under `serde(remote = "Self")`. The trait impls emitted next to it
//! call the runtime, which parses the response once.

use std::collections::BTreeMap;

use quote::quote;
use serde_json::Value;
use syn::{Item, parse_quote};

use crate::lower::ALTERNATIVES;
use crate::problem::Problem;

/// The alternative paths of a struct's fields, by wire name.
pub(super) type Alternatives = BTreeMap<String, Vec<String>>;

/// Reads the alternatives of every component of a lowered spec, by component name.
///
/// Also returns the alternatives that do not fit the spec. Another revision may lack the field, or
/// declare the first property of the path.
pub(super) fn read(document: &Value) -> (BTreeMap<String, Alternatives>, Vec<Problem>) {
    let schemas = document["components"]["schemas"].as_object();
    let mut found = BTreeMap::new();
    let mut refused = Vec::new();
    for (name, schema) in schemas.into_iter().flatten() {
        let Some(alternatives) = schema.get(ALTERNATIVES).and_then(Value::as_object) else {
            continue;
        };
        let properties = schema["properties"].as_object();
        let declared =
            |name: &str| properties.is_some_and(|properties| properties.contains_key(name));
        let mut usable = Alternatives::new();
        for (field, path) in alternatives {
            match readable(field, path, &declared) {
                Ok(path) => {
                    usable.insert(field.clone(), path);
                }
                Err(reason) => refused.push(Problem::new(
                    format!("{ALTERNATIVES} of {name}"),
                    reason,
                    "write it as {field: [key, key, ...]} in the corrections overlay",
                )),
            }
        }
        if !usable.is_empty() {
            found.insert(name.clone(), usable);
        }
    }
    (found, refused)
}

/// Returns the path, or the reason why it cannot be used.
fn readable(
    field: &str,
    path: &Value,
    declared: &dyn Fn(&str) -> bool,
) -> Result<Vec<String>, String> {
    let path: Vec<String> = serde_json::from_value(path.clone())
        .map_err(|_| format!("the path of {field} is not a list of keys"))?;
    match path.first() {
        None => Err(format!("the path of {field} is empty")),
        Some(first) if declared(first) => {
            Err(format!("the schema already declares a property {first}"))
        }
        Some(_) if !declared(field) => Err(format!("the schema has no property {field}")),
        Some(_) => Ok(path),
    }
}

/// Adds serde impls after each struct that has alternatives.
pub(super) fn add(items: Vec<Item>, all: &BTreeMap<String, Alternatives>) -> Vec<Item> {
    let mut with = Vec::new();
    for mut item in items {
        let mut implementations: Vec<Item> = Vec::new();
        if let Item::Struct(item) = &mut item
            && let Some(alternatives) = all.get(&item.ident.to_string())
        {
            let name = &item.ident;
            let entries = alternatives.iter().map(|(field, path)| {
                quote!(crate::runtime::Alternative { field: #field, path: &[#(#path),*] })
            });
            implementations.push(parse_quote! {
                impl<'de> ::serde::Deserialize<'de> for #name {
                    fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                        crate::runtime::alternative::deserialize(deserializer, &[#(#entries),*], Self::deserialize)
                    }
                }
            });
            implementations.push(parse_quote! {
                impl ::serde::Serialize for #name {
                    fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                        Self::serialize(self, serializer)
                    }
                }
            });
            item.attrs.push(parse_quote!(#[serde(remote = "Self")]));
        }
        with.push(item);
        with.extend(implementations);
    }
    with
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document(alternatives: &Value) -> Value {
        json!({"components": {"schemas": {"Run": {
            "properties": {"id": {}, "workflow_id": {}},
            "x-alternatives": alternatives,
        }}}})
    }

    #[test]
    fn emits_serde_impls_for_struct_with_alternatives() {
        let (all, refused) = read(&document(&json!({
            "workflow_id": ["workflow", "workflow_id"],
        })));
        assert!(refused.is_empty());
        let file: syn::File =
            parse_quote! { pub struct Run { pub workflow_id: String } pub struct Step {} };
        let items = add(file.items, &all);
        let printed = prettyplease::unparse(&syn::File {
            shebang: None,
            attrs: Vec::new(),
            items,
        });
        assert!(
            printed.contains("#[serde(remote = \"Self\")]\npub struct Run"),
            "{printed}"
        );
        assert!(printed.contains("field: \"workflow_id\""), "{printed}");
        assert!(
            printed.contains("path: &[\"workflow\", \"workflow_id\"]"),
            "{printed}"
        );
        assert!(
            printed.contains("impl ::serde::Serialize for Run"),
            "{printed}"
        );
        assert!(printed.ends_with("pub struct Step {}\n"), "{printed}");
    }

    #[test]
    fn reports_and_skips_unusable_paths() {
        for wrong in [
            json!({"workflow_id": []}),
            json!({"workflow_id": ["id", "x"]}),
            json!({"missing": ["workflow", "x"]}),
            json!({"workflow_id": "workflow"}),
        ] {
            let (found, refused) = read(&document(&wrong));
            assert!(found.is_empty(), "{wrong}");
            assert_eq!(refused.len(), 1, "{wrong}");
        }
    }
}
