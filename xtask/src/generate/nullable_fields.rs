//! Fields that distinguish a value, null and absence.
//!
//! The lowering lists such properties of a schema under `x-null-fields`. progenitor emits an
//! `Option` for them that omits null. This pass turns it into `Option<Nullable<T>>`.

use serde_json::Value;
use syn::{Item, parse_quote};

use super::fields::{deserialize_with, optional, wire_name};
use crate::lower::NULL_FIELDS;

/// Rewrites the fields that the components of a lowered spec list.
pub(super) fn distinguish(items: &mut [Item], document: &Value) {
    for item in items {
        let Item::Struct(item) = item else {
            continue;
        };
        let listed = &document["components"]["schemas"][item.ident.to_string()][NULL_FIELDS];
        let Some(listed) = listed.as_array() else {
            continue;
        };
        for field in &mut item.fields {
            let Some(ident) = &field.ident else {
                continue;
            };
            let name = wire_name(&field.attrs, ident);
            if listed.iter().any(|listed| *listed == name)
                && let Some(inner) = optional(&field.ty)
            {
                field.ty = parse_quote!(::std::option::Option<crate::runtime::Nullable<#inner>>);
                deserialize_with(field, "crate::runtime::nullable::deserialize");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;
    use serde_json::json;

    #[test]
    fn listed_fields_distinguish_null_from_absence() {
        let document = json!({"components": {"schemas": {"Patch": {
            NULL_FIELDS: ["type", "id"],
        }}}});
        let file: syn::File = parse_quote! {
            pub struct Patch {
                #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
                pub type_: ::std::option::Option<String>,
                pub id: String,
                pub name: ::std::option::Option<String>,
            }
            pub struct Other { pub id: ::std::option::Option<String> }
        };
        let mut items = file.items;
        distinguish(&mut items, &document);
        let expected: syn::File = parse_quote! {
            pub struct Patch {
                #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
                #[serde(default, deserialize_with = "crate::runtime::nullable::deserialize")]
                pub type_: ::std::option::Option<crate::runtime::Nullable<String>>,
                pub id: String,
                pub name: ::std::option::Option<String>,
            }
            pub struct Other { pub id: ::std::option::Option<String> }
        };
        let text = |items: &[Item]| quote!(#(#items)*).to_string();
        assert_eq!(text(&items), text(&expected.items));
    }
}
