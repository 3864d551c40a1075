//! `Debug` impls that redact documents, secrets and presigned URLs.
//!
//! An overlay marks sensitive properties, and the lowering lists them under `x-sensitive-fields`. A
//! struct with sensitive or undeclared properties gets its own `Debug` impl instead of the derived
//! one. It prints whether a redacted field is set, and only the keys of undeclared properties.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::{Attribute, Field, Item, ItemStruct, Path, Token, parse_quote};

use super::fields::{is_flattened, optional, wire_name};
use crate::lower::SENSITIVE_FIELDS;

/// Replaces the derived `Debug` of structs that have something to redact.
pub(super) fn redact(items: Vec<Item>, document: &Value) -> Vec<Item> {
    let mut redacted = Vec::new();
    for mut item in items {
        let debug = match &mut item {
            Item::Struct(item) => {
                let schema = &document["components"]["schemas"][item.ident.to_string()];
                let listed: Vec<&str> = schema[SENSITIVE_FIELDS]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .collect();
                let is_redacted = |field: &Field| is_listed(field, &listed) || is_flattened(field);
                item.fields.iter().any(is_redacted).then(|| {
                    drop_debug(&mut item.attrs);
                    debug(item, &listed)
                })
            }
            _ => None,
        };
        redacted.push(item);
        redacted.extend(debug);
    }
    redacted
}

fn is_listed(field: &Field, listed: &[&str]) -> bool {
    field
        .ident
        .as_ref()
        .is_some_and(|ident| listed.contains(&wire_name(&field.attrs, ident).as_str()))
}

fn drop_debug(attributes: &mut [Attribute]) {
    for attribute in attributes {
        if attribute.path().is_ident("derive")
            && let Ok(derives) = attribute
                .parse_args_with(syn::punctuated::Punctuated::<Path, Token![,]>::parse_terminated)
        {
            let others = derives.iter().filter(|derive| !derive.is_ident("Debug"));
            *attribute = parse_quote!(#[derive(#(#others),*)]);
        }
    }
}

fn debug(item: &ItemStruct, listed: &[&str]) -> Item {
    let name = &item.ident;
    let label = name.to_string();
    let fields = item.fields.iter().filter_map(|field| {
        let ident = field.ident.as_ref()?;
        let label = ident.to_string();
        let label = label.trim_start_matches("r#");
        let shown: TokenStream = match (is_listed(field, listed), is_flattened(field)) {
            (true, _) if optional(&field.ty).is_some() => {
                quote!(self.#ident.as_ref().map(crate::runtime::Redacted))
            }
            (true, _) => quote!(crate::runtime::Redacted(&self.#ident)),
            (false, true) => quote!(crate::runtime::KeysOnly(&self.#ident)),
            (false, false) => quote!(self.#ident),
        };
        Some(quote!(.field(#label, &#shown)))
    });
    parse_quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#label) #(#fields)* .finish()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn redacts_sensitive_and_undeclared_fields() {
        let document = json!({"components": {"schemas": {"Link": {
            SENSITIVE_FIELDS: ["downloadUrl", "data"],
        }}}});
        let file: syn::File = parse_quote! {
            #[derive(::serde::Deserialize, Clone, Debug, PartialEq)]
            #[non_exhaustive]
            pub struct Link {
                pub name: String,
                #[serde(rename = "downloadUrl")]
                pub download_url: String,
                pub data: ::std::option::Option<Data>,
                #[serde(flatten)]
                pub extra: ::serde_json::Map<String, Value>,
            }
            #[derive(Clone, Debug)]
            pub struct Data { pub data: String }
        };
        let items = redact(file.items, &document);
        let expected: syn::File = parse_quote! {
            #[derive(::serde::Deserialize, Clone, PartialEq)]
            #[non_exhaustive]
            pub struct Link {
                pub name: String,
                #[serde(rename = "downloadUrl")]
                pub download_url: String,
                pub data: ::std::option::Option<Data>,
                #[serde(flatten)]
                pub extra: ::serde_json::Map<String, Value>,
            }
            impl ::std::fmt::Debug for Link {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.debug_struct("Link")
                        .field("name", &self.name)
                        .field("download_url", &crate::runtime::Redacted(&self.download_url))
                        .field("data", &self.data.as_ref().map(crate::runtime::Redacted))
                        .field("extra", &crate::runtime::KeysOnly(&self.extra))
                        .finish()
                }
            }
            #[derive(Clone, Debug)]
            pub struct Data { pub data: String }
        };
        let text = |items: &[Item]| quote!(#(#items)*).to_string();
        assert_eq!(text(&items), text(&expected.items));
    }
}
