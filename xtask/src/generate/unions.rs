//! Replaces the placeholder struct of each union with an enum.
//!
//! The fields of the placeholder have the Rust types of the variants. The enum is decoded by its tag
//! or by the shape of the value, never by trial and error. Unknown values decode as the variant
//! `Unknown`.

use std::collections::HashMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Item, ItemStruct, Type};

use super::doc_comments::doc_lines;
use super::recursion::unboxed;
use crate::lower::{Distinction, Union, Variant};

/// Replaces every union placeholder in `items`.
pub(super) fn replace(items: Vec<Item>, unions: &HashMap<String, Union>) -> syn::Result<Vec<Item>> {
    let mut replaced = Vec::new();
    for item in items {
        match &item {
            Item::Struct(placeholder) => match unions.get(&placeholder.ident.to_string()) {
                Some(union) => {
                    let printed = syn::parse2::<syn::File>(print(placeholder, union))?;
                    replaced.extend(printed.items);
                }
                None => replaced.push(item),
            },
            Item::Impl(block) if is_of(block, unions) => {}
            _ => replaced.push(item),
        }
    }
    Ok(replaced)
}

fn is_of(block: &syn::ItemImpl, unions: &HashMap<String, Union>) -> bool {
    match &*block.self_ty {
        Type::Path(path) => path
            .path
            .get_ident()
            .is_some_and(|name| unions.contains_key(&name.to_string())),
        _ => false,
    }
}

fn print(placeholder: &ItemStruct, union: &Union) -> TokenStream {
    let name = &placeholder.ident;
    let doc = placeholder
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"));
    let types: HashMap<String, &Type> = placeholder
        .fields
        .iter()
        .filter_map(|field| Some((field.ident.as_ref()?.to_string(), unboxed(&field.ty))))
        .collect();
    let known: Vec<(&Variant, Ident, &&Type)> = union
        .variants
        .iter()
        .filter_map(|variant| {
            let ident = Ident::new(&variant.name, Span::call_site());
            Some((variant, ident, types.get(&variant.property)?))
        })
        .collect();
    let variants = known.iter().map(|(variant, ident, of)| {
        let doc = doc_lines(&variant_doc(variant, &union.distinction));
        quote!(#doc #ident(#of),)
    });
    let conversions = conversions(name, &known);
    let (unknown, implementation) = match &union.distinction {
        Distinction::Tag(tag) => {
            let arms = known
                .iter()
                .map(|(Variant { tag, has_tag, .. }, ident, _)| {
                    let with_tag = has_tag.then(|| quote!(with tag));
                    quote!(#tag => #ident #with_tag)
                });
            (
                doc_lines(&format!("A value with an unknown `{tag}`, unchanged.")),
                quote!(crate::runtime::tagged_union!(#name, #tag, { #(#arms),* });),
            )
        }
        Distinction::Shape => {
            let arms = known.iter().map(
                |(
                    Variant {
                        shape, properties, ..
                    },
                    ident,
                    _,
                )| {
                    let shape = Ident::new(shape, Span::call_site());
                    quote!(#shape [#(#properties),*] => #ident)
                },
            );
            (
                doc_lines("A value of an unknown shape, unchanged."),
                quote!(crate::runtime::shaped_union!(#name, { #(#arms),* });),
            )
        }
    };
    quote! {
        #(#doc)*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #unknown
            Unknown(crate::runtime::UnknownVariant),
        }

        #implementation

        #conversions
    }
}

fn variant_doc(variant: &Variant, distinction: &Distinction) -> String {
    match distinction {
        Distinction::Tag(tag) => format!("`{tag}` is `{}`.", variant.tag),
        Distinction::Shape if variant.properties.is_empty() => format!("A JSON {}.", variant.shape),
        Distinction::Shape => format!("An object with {}.", listed(&variant.properties)),
    }
}

fn listed(properties: &[String]) -> String {
    let quoted: Vec<String> = properties.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// Emits `From` for every variant with a unique type.
fn conversions(name: &Ident, known: &[(&Variant, Ident, &&Type)]) -> TokenStream {
    let conversions = known.iter().filter_map(|(_, variant, of)| {
        let same = known.iter().filter(|(_, _, other)| other == of).count();
        (same == 1).then(|| {
            quote! {
                impl ::std::convert::From<#of> for #name {
                    fn from(value: #of) -> Self {
                        Self::#variant(value.into())
                    }
                }
            }
        })
    });
    quote!(#(#conversions)*)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variant(name: &str, property: &str, tag: &str) -> Variant {
        Variant {
            name: name.to_owned(),
            property: property.to_owned(),
            tag: tag.to_owned(),
            has_tag: false,
            shape: String::new(),
            properties: Vec::new(),
        }
    }

    #[test]
    fn replaces_placeholder_with_tagged_enum() {
        let file: syn::File = syn::parse_quote! {
            /// The lifecycle of a run.
            #[derive(Clone, Debug)]
            pub struct Lifecycle { pub variant_0: Pending, pub variant_1: Box<Running> }
            impl Lifecycle { pub fn builder() -> builder::Lifecycle { Default::default() } }
            pub struct Other { pub id: String }
        };
        let union = Union {
            distinction: Distinction::Tag("status".to_owned()),
            variants: vec![
                variant("Pending", "variant_0", "pending"),
                Variant {
                    has_tag: true,
                    ..variant("Running", "variant_1", "running")
                },
            ],
        };
        let unions = HashMap::from([("Lifecycle".to_owned(), union)]);
        let items = replace(file.items, &unions).unwrap();
        let printed = prettyplease::unparse(&syn::File {
            shebang: None,
            attrs: Vec::new(),
            items,
        });
        assert!(printed.contains("/// The lifecycle of a run."), "{printed}");
        assert!(printed.contains("Pending(Pending),"), "{printed}");
        assert!(printed.contains("Running(Running),"), "{printed}");
        assert!(
            printed.contains("Unknown(crate::runtime::UnknownVariant),"),
            "{printed}"
        );
        assert!(
            printed.contains(
                r#"Lifecycle, "status", { "pending" => Pending, "running" => Running with tag }"#
            ),
            "{printed}"
        );
        assert!(!printed.contains("builder"), "{printed}");
        assert!(printed.contains("pub struct Other"), "{printed}");
    }
}
