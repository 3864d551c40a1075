//! Completes the doc comments of types and fields.
//!
//! The description from the spec comes first. Types also list where they are used ([`uses`](super::uses)).
//! Fields also state their serialized name, whether null differs from absence, and redaction in `Debug`.

use std::collections::BTreeMap;

use serde_json::Value;
use syn::{Attribute, Field, Ident, Item, Type, parse_quote};

use super::doc_comments;
use super::fields::{is_flattened, optional, wire_name};
use super::uses::{Uses, page_of};
use crate::lower::{NULL_FIELDS, SENSITIVE_FIELDS};

/// Completes the doc comments of all types and fields in `items`.
pub(super) fn complete(items: &mut [Item], document: &Value, uses: &BTreeMap<String, Uses>) {
    for item in items {
        let (name, attributes) = match item {
            Item::Struct(item) => (&item.ident, &mut item.attrs),
            Item::Enum(item) => (&item.ident, &mut item.attrs),
            Item::Type(item) => (&item.ident, &mut item.attrs),
            _ => continue,
        };
        let schema = &document["components"]["schemas"][name.to_string()];
        describe_type(name, attributes, schema, uses.get(&name.to_string()));
        if let Item::Struct(item) = item {
            for field in &mut item.fields {
                describe_field(field, schema);
            }
        }
    }
}

fn describe_type(
    name: &Ident,
    attributes: &mut Vec<Attribute>,
    schema: &Value,
    uses: Option<&Uses>,
) {
    let bare = format!("`{name}`");
    let text = text(attributes).filter(|text| *text != bare);
    let usage = uses.and_then(|uses| uses.summary(page_of(schema).as_deref()));
    let lines: Vec<String> = text.into_iter().chain(usage).collect();
    if !lines.is_empty() {
        replace(attributes, &lines.join("\n\n"));
    }
}

fn describe_field(field: &mut Field, schema: &Value) {
    let Some(ident) = &field.ident else {
        return;
    };
    let name = ident.to_string();
    let wire = wire_name(&field.attrs, ident);
    let listed = |list: &str| {
        let names = schema[list].as_array().into_iter().flatten();
        names.into_iter().any(|name| *name == wire)
    };
    let is_extra = is_flattened(field);
    let mut facts = Vec::new();
    if !is_extra && wire != name.trim_start_matches("r#") {
        facts.push(format!("Serialized as `{wire}`."));
    }
    if listed(NULL_FIELDS) && optional(&field.ty).is_some_and(is_nullable) {
        facts.push("`Nullable::Null` sends `null`. `None` omits the field.".to_owned());
    }
    if listed(SENSITIVE_FIELDS) {
        facts.push("Redacted in `Debug` output.".to_owned());
    }
    let text = text(&field.attrs).unwrap_or_else(|| {
        if is_extra {
            "Additional properties by name.".to_owned()
        } else {
            format!("`{wire}`.")
        }
    });
    if facts.is_empty() {
        replace(&mut field.attrs, &text);
    } else {
        replace(&mut field.attrs, &format!("{text}\n\n{}", facts.join(" ")));
    }
}

fn is_nullable(of: &Type) -> bool {
    matches!(of, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Nullable"))
}

/// Returns the doc comment in `attributes`, if any.
fn text(attributes: &[Attribute]) -> Option<String> {
    let lines: Vec<String> = attributes
        .iter()
        .filter_map(doc_comments::text)
        .map(|text| {
            let lines = text
                .lines()
                .map(|line| line.strip_prefix(' ').unwrap_or(line));
            lines.collect::<Vec<&str>>().join("\n")
        })
        .collect();
    let text = lines.join("\n").trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// Replaces the doc comment in `attributes` with `text`.
fn replace(attributes: &mut Vec<Attribute>, text: &str) {
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    attributes.insert(0, parse_quote!(#[doc = #text]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn combines_descriptions_uses_and_field_facts() {
        let document = json!({
            "paths": {"/patch": {"patch": {
                "operationId": "patch",
                "requestBody": {"content": {"application/json": {"schema": {
                    "$ref": "#/components/schemas/Patch",
                }}}},
            }}},
            "components": {"schemas": {
                "Patch": {
                    NULL_FIELDS: ["type", "kind"],
                    SENSITIVE_FIELDS: ["type"],
                    "properties": {"kind": {"$ref": "#/components/schemas/Kind"}},
                },
                "Kind": {},
            }},
        });
        let file: syn::File = parse_quote! {
            #[doc = "`Patch`"]
            #[derive(Clone)]
            pub struct Patch {
                #[doc = "Type of the patch.\n\nDefault: `a`."]
                #[serde(rename = "type")]
                pub type_: ::std::option::Option<crate::runtime::Nullable<String>>,
                /// Kind.
                pub kind: Kind,
                #[serde(flatten)]
                pub extra: Map,
            }
            #[doc = "A kind of patch."]
            pub enum Kind {}
        };
        let mut items = file.items;
        let operations = crate::generate::operation_table::read(&document);
        complete(
            &mut items,
            &document,
            &crate::generate::uses::of_types(&document, &operations),
        );
        doc_comments::space_out(&mut items);
        let expected: syn::File = parse_quote! {
            /// Request body of [`PATCH /patch`](crate::Client::patch).
            #[derive(Clone)]
            pub struct Patch {
                /// Type of the patch.
                ///
                /// Default: `a`.
                ///
                /// Serialized as `type`. `Nullable::Null` sends `null`. `None` omits the field. Redacted in `Debug` output.
                #[serde(rename = "type")]
                pub type_: ::std::option::Option<crate::runtime::Nullable<String>>,
                /// Kind.
                pub kind: Kind,
                /// Additional properties by name.
                #[serde(flatten)]
                pub extra: Map,
            }
            /// A kind of patch.
            ///
            /// The `kind` field of [`Patch`].
            pub enum Kind {}
        };
        let text = |items: Vec<Item>| {
            prettyplease::unparse(&syn::File {
                shebang: None,
                attrs: Vec::new(),
                items,
            })
        };
        assert_eq!(text(items), text(expected.items));
    }
}
