//! Every type and every field has a doc comment.
//!
//! The texts of the document come first. A type is also told by where it stands ([`uses`](super::uses));
//! the generator gives one without a text nothing but its name. A field also tells what its type does
//! not: another name on the wire, a null that says something, a value that `Debug` hides.

use std::collections::BTreeMap;

use serde_json::Value;
use syn::{Attribute, Field, Ident, Item, Type, parse_quote};

use super::doc_comments;
use super::fields::{is_flattened, optional, wire_name};
use super::uses::{Uses, page_of};
use crate::lower::{NULL_FIELDS, SENSITIVE_FIELDS};

/// Completes the documentation of all types and fields among `items`.
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
    let told = uses.and_then(|uses| uses.told(page_of(schema).as_deref()));
    let lines: Vec<String> = text.into_iter().chain(told).collect();
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
        facts.push(format!("On the wire: `{wire}`."));
    }
    if listed(NULL_FIELDS) && optional(&field.ty).is_some_and(is_nullable) {
        facts.push("Null is sent as null, which is not the same as leaving it out.".to_owned());
    }
    if listed(SENSITIVE_FIELDS) {
        facts.push("Not shown by `Debug`.".to_owned());
    }
    let text = text(&field.attrs).unwrap_or_else(|| {
        if is_extra {
            "What else the object has, by name.".to_owned()
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

/// The documentation among attributes, `None` where there is none.
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

/// Puts `text` in the place of the documentation among attributes.
fn replace(attributes: &mut Vec<Attribute>, text: &str) {
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    attributes.insert(0, parse_quote!(#[doc = #text]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn types_and_fields_are_told_by_text_place_and_facts() {
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
            /// Body of [`PATCH /patch`](crate::Client::patch).
            #[derive(Clone)]
            pub struct Patch {
                /// Type of the patch.
                ///
                /// Default: `a`.
                ///
                /// On the wire: `type`. Null is sent as null, which is not the same as leaving it out. Not shown by `Debug`.
                #[serde(rename = "type")]
                pub type_: ::std::option::Option<crate::runtime::Nullable<String>>,
                /// Kind.
                pub kind: Kind,
                /// What else the object has, by name.
                #[serde(flatten)]
                pub extra: Map,
            }
            /// A kind of patch.
            ///
            /// `kind` of [`Patch`].
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
