//! Decodes and encodes structs through the runtime instead of serde's derives.
//!
//! For a few hundred structs, serde's derives would dominate compile time. `runtime::object!` needs
//! one line per field. A struct with serde attributes that the runtime does not support keeps its
//! derives.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Field, Fields, Item, ItemStruct, Path, Token, parse_quote};

use super::fields::{argument, optional, serde_items, stated_text, wire_name};

/// The maximum number of fields that the runtime supports.
const MOST_FIELDS: usize = 64;

/// Replaces the serde derives of the structs in `items` where the runtime supports them.
pub(super) fn encode(items: Vec<Item>) -> Vec<Item> {
    let mut encoded = Vec::new();
    for mut item in items {
        let encoding = match &mut item {
            Item::Struct(item) => replace_derives(item),
            _ => None,
        };
        encoded.push(item);
        encoded.extend(encoding);
    }
    encoded
}

/// Removes serde's derives and attributes from a struct and returns their replacement.
fn replace_derives(item: &mut ItemStruct) -> Option<Item> {
    let Fields::Named(fields) = &item.fields else {
        return None;
    };
    if serde_items(&item.attrs).next().is_some() || fields.named.len() > MOST_FIELDS {
        return None;
    }
    let derives = without_serde(item)?;
    let read: Vec<Entry> = fields
        .named
        .iter()
        .map(Entry::read)
        .collect::<Option<_>>()?;
    let required = (0..)
        .zip(&read)
        .filter(|(_, entry)| entry.required)
        .map(|(number, _)| Literal::usize_unsuffixed(number));
    let entries = (0..).zip(&read).map(|(number, entry)| {
        let number = Literal::usize_unsuffixed(number);
        let tokens = &entry.tokens;
        quote!(#number #tokens)
    });
    let name = &item.ident;
    let encoding = parse_quote! {
        crate::runtime::object!(#name, required [#(#required),*], { #(#entries)* });
    };
    for attribute in &mut item.attrs {
        if attribute.path().is_ident("derive") {
            *attribute = parse_quote!(#[derive(#(#derives),*)]);
        }
    }
    for field in &mut item.fields {
        field
            .attrs
            .retain(|attribute| !attribute.path().is_ident("serde"));
    }
    Some(encoding)
}

/// Returns the other derives of a struct that derives both serde traits.
fn without_serde(item: &ItemStruct) -> Option<Vec<Path>> {
    let mut derives = item
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"));
    let (Some(derive), None) = (derives.next(), derives.next()) else {
        return None;
    };
    let all = derive
        .parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)
        .ok()?;
    let (serde, others): (Vec<Path>, Vec<Path>) = all.into_iter().partition(|path| {
        path.segments
            .first()
            .is_some_and(|first| first.ident == "serde")
    });
    (serde.len() == 2).then_some(others)
}

/// How a field is decoded and encoded.
struct Entry {
    required: bool,
    tokens: TokenStream,
}

impl Entry {
    fn read(field: &Field) -> Option<Self> {
        let ident = field.ident.as_ref()?;
        let name = wire_name(&field.attrs, ident);
        let asked = Asked::of(field)?;
        let inner = optional(&field.ty);
        let is_nullable = inner.is_some_and(|inner| argument(inner, "Nullable").is_some());
        let method = match (asked.function.as_deref(), inner.is_some()) {
            (None, true) => quote!(option),
            (None, false) | (Some(NULLABLE), true) => quote!(value),
            (Some(TIMESTAMP), false) | (Some(NULLABLE_TIMESTAMP), true) => quote!(timestamp),
            (Some(TIMESTAMP), true) if !is_nullable => quote!(optional_timestamp),
            _ => return None,
        };
        let kept = inner.map_or_else(|| quote!(Some(#ident)), |_| quote!(#ident));
        let written = match (asked.skips_none, inner) {
            (true, Some(_)) => quote!(when_some),
            (true, None) => return None,
            (false, _) => quote!(always),
        };
        Some(Self {
            required: inner.is_none(),
            tokens: quote!(#name => #method #kept, #written #ident;),
        })
    }
}

const NULLABLE: &str = "crate::runtime::nullable::deserialize";
const TIMESTAMP: &str = "crate::runtime::timestamp::deserialize";
const NULLABLE_TIMESTAMP: &str = "crate::runtime::timestamp::deserialize_nullable";

/// The serde attributes of a field.
#[derive(Default)]
struct Asked {
    function: Option<String>,
    skips_none: bool,
}

impl Asked {
    /// Returns `None` if the field has an unsupported attribute.
    fn of(field: &Field) -> Option<Self> {
        let mut asked = Self::default();
        for item in serde_items(&field.attrs) {
            let text = stated_text(&item);
            let name = item.path().get_ident()?.to_string();
            match (name.as_str(), text.as_deref()) {
                ("rename", Some(_)) => {}
                ("default", None) if optional(&field.ty).is_some() => {}
                ("deserialize_with", Some(function)) => asked.function = Some(function.to_owned()),
                ("skip_serializing_if", Some("::std::option::Option::is_none")) => {
                    asked.skips_none = true;
                }
                _ => return None,
            }
        }
        Some(asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::ToTokens as _;

    /// Returns the tokens as text without whitespace.
    fn tokens(items: &[Item]) -> String {
        let tokens: TokenStream = items.iter().map(Item::to_token_stream).collect();
        tokens.to_string().split_whitespace().collect()
    }

    fn encoded(item: ItemStruct) -> String {
        tokens(&encode(vec![Item::Struct(item)]))
    }

    #[test]
    fn emits_entry_for_each_field() {
        let encoded = encoded(parse_quote! {
            /// A run.
            #[derive(::serde::Deserialize, ::serde::Serialize, Clone, PartialEq)]
            #[non_exhaustive]
            pub struct Run {
                /// The id.
                pub id: String,
                #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
                pub type_: ::std::option::Option<i64>,
                pub parent: ::std::option::Option<String>,
                #[serde(deserialize_with = "crate::runtime::timestamp::deserialize")]
                pub at: DateTime,
                #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                #[serde(default, deserialize_with = "crate::runtime::timestamp::deserialize")]
                pub ended: ::std::option::Option<DateTime>,
                #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                #[serde(default, deserialize_with = "crate::runtime::nullable::deserialize")]
                pub limit: ::std::option::Option<crate::runtime::Nullable<u8>>,
                #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                #[serde(default, deserialize_with = "crate::runtime::timestamp::deserialize_nullable")]
                pub due: ::std::option::Option<crate::runtime::Nullable<DateTime>>,
            }
        });
        let expected: syn::File = parse_quote! {
            /// A run.
            #[derive(Clone, PartialEq)]
            #[non_exhaustive]
            pub struct Run {
                /// The id.
                pub id: String,
                pub type_: ::std::option::Option<i64>,
                pub parent: ::std::option::Option<String>,
                pub at: DateTime,
                pub ended: ::std::option::Option<DateTime>,
                pub limit: ::std::option::Option<crate::runtime::Nullable<u8>>,
                pub due: ::std::option::Option<crate::runtime::Nullable<DateTime>>,
            }
            crate::runtime::object!(Run, required [0, 3], {
                0 "id" => value Some(id), always id;
                1 "type" => option type_, when_some type_;
                2 "parent" => option parent, always parent;
                3 "at" => timestamp Some(at), always at;
                4 "ended" => optional_timestamp ended, when_some ended;
                5 "limit" => value limit, when_some limit;
                6 "due" => timestamp due, when_some due;
            });
        };
        assert_eq!(encoded, tokens(&expected.items));
    }

    #[test]
    fn keeps_derives_of_unsupported_structs() {
        let many = (0..=MOST_FIELDS).map(|number| quote::format_ident!("field_{number}"));
        let structs: Vec<ItemStruct> = vec![
            parse_quote! {
                #[derive(::serde::Deserialize, ::serde::Serialize)]
                struct Open { id: String, #[serde(flatten)] extra: Map }
            },
            parse_quote! {
                #[derive(::serde::Deserialize, ::serde::Serialize)]
                #[serde(remote = "Self")]
                struct Remote { id: String }
            },
            parse_quote! {
                #[derive(::serde::Deserialize, ::serde::Serialize)]
                struct Defaulted { #[serde(default)] ids: Vec<String> }
            },
            parse_quote! {
                #[derive(::serde::Deserialize, ::serde::Serialize)]
                struct Emptied { #[serde(skip_serializing_if = "Vec::is_empty")] ids: Vec<String> }
            },
            parse_quote! {
                #[derive(::serde::Deserialize, ::serde::Serialize)]
                struct Own { #[serde(deserialize_with = "own")] id: String }
            },
            parse_quote! {
                #[derive(::serde::Deserialize, Clone)]
                struct ReadOnly { id: String }
            },
            parse_quote! {
                #[derive(::serde::Deserialize, ::serde::Serialize)]
                struct Text(String);
            },
            parse_quote! {
                #[derive(::serde::Deserialize, ::serde::Serialize)]
                struct Large { #(#many: i64),* }
            },
        ];
        for item in structs {
            let unchanged = tokens(&[Item::Struct(item.clone())]);
            assert_eq!(encoded(item), unchanged);
        }
    }
}
