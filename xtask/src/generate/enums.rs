//! Replaces the string enums that progenitor emits with open enums.
//!
//! progenitor's enums reject an unknown value, and with it the whole response. Open enums decode it
//! as the variant `Unknown`, which only decoding can create. Variants keep their names, except that
//! the value `unknown` becomes `Unknown_`.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::{Fields, Item, ItemEnum, Type};

use super::doc_comments::doc_lines;
use super::fields::wire_name;
use crate::lower::VALUES;
use crate::lower::names::first_free;

/// Replaces every string enum in `items`, which progenitor emitted for the lowered spec.
pub(super) fn replace(items: Vec<Item>, document: &Value) -> syn::Result<Vec<Item>> {
    let names: BTreeSet<String> = items
        .iter()
        .filter_map(|item| match item {
            Item::Enum(item) if is_of_texts(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    let mut replaced = Vec::new();
    for item in items {
        match &item {
            Item::Enum(of_texts) if names.contains(&of_texts.ident.to_string()) => {
                let schema = &document["components"]["schemas"][of_texts.ident.to_string()];
                let printed = print(of_texts, &schema[VALUES]);
                replaced.extend(syn::parse2::<syn::File>(printed)?.items);
            }
            Item::Impl(block) if is_of(block, &names) => {}
            _ => replaced.push(item),
        }
    }
    Ok(replaced)
}

fn is_of_texts(item: &ItemEnum) -> bool {
    !item.variants.is_empty()
        && item
            .variants
            .iter()
            .all(|variant| matches!(variant.fields, Fields::Unit))
}

fn is_of(block: &syn::ItemImpl, names: &BTreeSet<String>) -> bool {
    match &*block.self_ty {
        Type::Path(path) => path
            .path
            .get_ident()
            .is_some_and(|name| names.contains(&name.to_string())),
        _ => false,
    }
}

fn print(item: &ItemEnum, texts: &Value) -> TokenStream {
    let name = &item.ident;
    let doc = docs(&item.attrs);
    let mut taken = vec!["Unknown".to_owned()];
    let values: Vec<(TokenStream, String, Ident)> = item
        .variants
        .iter()
        .map(|variant| {
            let value = wire_name(&variant.attrs, &variant.ident);
            let text = texts[&value].as_str().map_or(value.clone(), str::to_owned);
            let ident = name_apart(&variant.ident.to_string(), &taken);
            taken.push(ident.clone());
            let mut doc = docs(&variant.attrs);
            if doc.is_empty() {
                doc = doc_lines(&format!("`{text}`."));
            }
            (doc, text, Ident::new(&ident, Span::call_site()))
        })
        .collect();
    let variants = values.iter().map(|(doc, _, ident)| quote!(#doc #ident,));
    let texts = values
        .iter()
        .map(|(_, text, ident)| quote!(#text => #ident));
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// An unknown value, unchanged.
            Unknown(crate::runtime::UnknownValue),
        }

        crate::runtime::open_enum!(#name { #(#texts),* });
    }
}

fn docs(attributes: &[syn::Attribute]) -> TokenStream {
    let docs = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"));
    quote!(#(#docs)*)
}

/// Returns `name`, with a suffix if it is taken.
fn name_apart(name: &str, taken: &[String]) -> String {
    let is_taken = |name: &str| taken.iter().any(|taken| taken == name);
    if is_taken(name) {
        first_free(&format!("{name}_"), is_taken)
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_string_enum_with_open_enum() {
        let file: syn::File = syn::parse_quote! {
            /// The status.
            #[derive(::serde::Deserialize, Clone, Copy)]
            pub enum Status {
                AwaitingReview,
                Unknown,
                #[serde(rename = "Done")]
                Done,
            }
            impl ::std::fmt::Display for Status {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result { todo() }
            }
            impl Other { pub fn builder() -> builder::Other { Default::default() } }
            pub enum Union { A(A) }
        };
        let document = serde_json::json!({"components": {"schemas": {"Status": {VALUES: {
            "AwaitingReview": "awaiting_review", "Unknown": "unknown",
        }}}}});
        let items = replace(file.items, &document).unwrap();
        let expected: syn::File = syn::parse_quote! {
            /// The status.
            #[derive(Clone, Debug, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum Status {
                #[doc = " `awaiting_review`."]
                AwaitingReview,
                #[doc = " `unknown`."]
                Unknown_,
                #[doc = " `Done`."]
                Done,
                /// An unknown value, unchanged.
                Unknown(crate::runtime::UnknownValue),
            }
            crate::runtime::open_enum!(Status {
                "awaiting_review" => AwaitingReview, "unknown" => Unknown_, "Done" => Done
            });
            impl Other { pub fn builder() -> builder::Other { Default::default() } }
            pub enum Union { A(A) }
        };
        let text = |items: &[Item]| quote!(#(#items)*).to_string();
        assert_eq!(text(&items), text(&expected.items));
    }

    #[test]
    fn variant_names_do_not_collide() {
        let taken = ["Unknown".to_owned(), "Unknown_".to_owned()];
        assert_eq!(name_apart("Unknown", &taken), "Unknown_2");
        assert_eq!(name_apart("Known", &taken), "Known");
    }
}
