//! Helpers for the fields of the structs that progenitor emits.

use syn::punctuated::Punctuated;
use syn::{
    Attribute, Expr, ExprLit, Field, GenericArgument, Lit, Meta, MetaNameValue, PathArguments,
    Token, Type, parse_quote,
};

/// Returns the wire name of a field or variant.
pub(super) fn wire_name(attributes: &[Attribute], ident: &syn::Ident) -> String {
    let renamed = serde_items(attributes)
        .find(|item| item.path().is_ident("rename"))
        .and_then(|item| stated_text(&item));
    renamed.unwrap_or_else(|| ident.to_string().trim_start_matches("r#").to_owned())
}

/// Returns whether a field collects the properties that the spec does not declare.
pub(super) fn is_flattened(field: &Field) -> bool {
    serde_items(&field.attrs).any(|item| item.path().is_ident("flatten"))
}

/// Removes an item from the serde attributes.
pub(super) fn remove_serde(attributes: &mut Vec<Attribute>, name: &str) {
    *attributes = std::mem::take(attributes)
        .into_iter()
        .filter_map(|attribute| {
            let items: Vec<Meta> = serde_items(std::slice::from_ref(&attribute)).collect();
            let kept: Vec<&Meta> = items
                .iter()
                .filter(|item| !item.path().is_ident(name))
                .collect();
            match kept[..] {
                _ if kept.len() == items.len() => Some(attribute),
                [] => None,
                _ => Some(parse_quote!(#[serde(#(#kept),*)])),
            }
        })
        .collect();
}

/// Returns the `T` of `Option<T>`.
pub(super) fn optional(of: &Type) -> Option<&Type> {
    argument(of, "Option")
}

/// Returns the `T` of `Name<T>`.
pub(super) fn argument<'a>(of: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = of else {
        return None;
    };
    let last = path.path.segments.last()?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if last.ident == name => {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(of) => Some(of),
                _ => None,
            })
        }
        _ => None,
    }
}

/// Deserializes a field with a runtime function. Optional fields stay optional.
pub(super) fn deserialize_with(field: &mut Field, function: &str) {
    remove_serde(&mut field.attrs, "deserialize_with");
    let has_default = serde_items(&field.attrs).any(|item| item.path().is_ident("default"));
    field
        .attrs
        .push(if optional(&field.ty).is_some() && !has_default {
            parse_quote!(#[serde(default, deserialize_with = #function)])
        } else {
            parse_quote!(#[serde(deserialize_with = #function)])
        });
}

/// Returns the items of the serde attributes.
pub(super) fn serde_items(attributes: &[Attribute]) -> impl Iterator<Item = Meta> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
        .filter_map(|attribute| {
            attribute
                .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
                .ok()
        })
        .flatten()
}

/// Returns the text of `name = "text"`.
pub(super) fn stated_text(item: &Meta) -> Option<String> {
    match item {
        Meta::NameValue(MetaNameValue {
            value:
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::ToTokens as _;

    #[test]
    fn reads_wire_names_and_flattened_fields() {
        let item: syn::ItemStruct = parse_quote! {
            pub struct Run {
                #[serde(skip_serializing_if = "Option::is_none", rename = "type")]
                pub type_: ::std::option::Option<String>,
                pub r#match: String,
                #[serde(flatten)]
                pub extra: Map,
            }
        };
        let fields: Vec<&Field> = item.fields.iter().collect();
        let names: Vec<String> = fields
            .iter()
            .filter_map(|field| Some(wire_name(&field.attrs, field.ident.as_ref()?)))
            .collect();
        assert_eq!(names, ["type", "match", "extra"]);
        let flattened: Vec<bool> = fields.iter().map(|field| is_flattened(field)).collect();
        assert_eq!(flattened, [false, false, true]);
        assert!(optional(&fields[0].ty).is_some() && optional(&fields[1].ty).is_none());
    }

    #[test]
    fn custom_deserializer_keeps_fields_optional() {
        let mut item: syn::ItemStruct = parse_quote! {
            struct Run {
                #[serde(skip_serializing_if = "Option::is_none")]
                a: Option<u8>,
                b: u8,
                #[serde(default, deserialize_with = "other")]
                c: Option<u8>,
                #[serde(deserialize_with = "other")]
                d: Option<u8>,
            }
        };
        for field in &mut item.fields {
            deserialize_with(field, "read");
        }
        let expected: syn::ItemStruct = parse_quote! {
            struct Run {
                #[serde(skip_serializing_if = "Option::is_none")]
                #[serde(default, deserialize_with = "read")]
                a: Option<u8>,
                #[serde(deserialize_with = "read")]
                b: u8,
                #[serde(default)]
                #[serde(deserialize_with = "read")]
                c: Option<u8>,
                #[serde(default, deserialize_with = "read")]
                d: Option<u8>,
            }
        };
        assert_eq!(
            item.to_token_stream().to_string(),
            expected.to_token_stream().to_string()
        );
    }
}
