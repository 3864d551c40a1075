//! Sorts the items of progenitor's `types` module into files.
//!
//! Drops progenitor's builders, which cover every struct, and its conversion error.
//! [`type_builders`] emits builders for the types that requests contain.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Item, ItemImpl, Type};

use super::type_builders;

/// Facts about types, by name.
pub(super) struct Names {
    /// The file of each type.
    pub(super) families: BTreeMap<String, String>,
    /// The types that requests contain.
    pub(super) in_requests: BTreeSet<String>,
}

/// The items by target file.
#[derive(Default)]
pub(super) struct TypeItems {
    pub(super) types: BTreeMap<String, Vec<TokenStream>>,
    pub(super) builders: BTreeMap<String, Vec<TokenStream>>,
}

/// Sorts `items` into files and drops progenitor's builders.
pub(super) fn sort(items: Vec<Item>, names: &Names) -> TypeItems {
    let mut sorted = TypeItems::default();
    let mut builders = type_builders::print(&items, &names.in_requests);
    for item in items {
        if matches!(item, Item::Mod(_)) || is_builder_function(&item) {
            continue;
        }
        let name = named(&item, names).map(str::to_owned);
        let family = family(name.as_deref(), names);
        let types = sorted.types.entry(family.clone()).or_default();
        let defines = matches!(item, Item::Struct(_) | Item::Enum(_));
        types.push(item.into_token_stream());
        if let Some(name) = name.filter(|_| defines) {
            types.extend(builders.beside.remove(&name));
            if let Some(builder) = builders.builders.remove(&name) {
                sorted.builders.entry(family).or_default().push(builder);
            }
        }
    }
    sorted
}

fn family(name: Option<&str>, names: &Names) -> String {
    let family = name.and_then(|name| names.families.get(name));
    family.cloned().unwrap_or_else(|| "shared".to_owned())
}

/// Returns the type that an item defines or implements a trait for.
fn named<'a>(item: &Item, names: &'a Names) -> Option<&'a str> {
    let known = |name: &syn::Ident| {
        names
            .families
            .get_key_value(&name.to_string())
            .map(|(name, _)| name.as_str())
    };
    match item {
        Item::Struct(item) => known(&item.ident),
        Item::Enum(item) => known(&item.ident),
        Item::Type(item) => known(&item.ident),
        Item::Macro(item) => match item.mac.tokens.clone().into_iter().next()? {
            proc_macro2::TokenTree::Ident(name) => known(&name),
            _ => None,
        },
        Item::Impl(item) => {
            let mut found = Mentioned {
                known: &known,
                first: None,
            };
            syn::visit::Visit::visit_type(&mut found, &item.self_ty);
            if found.first.is_none()
                && let Some((_, path, _)) = &item.trait_
            {
                syn::visit::Visit::visit_path(&mut found, path);
            }
            found.first
        }
        _ => None,
    }
}

/// Finds the first known name in a type.
struct Mentioned<'k, 'a> {
    known: &'k dyn Fn(&syn::Ident) -> Option<&'a str>,
    first: Option<&'a str>,
}

impl<'ast> syn::visit::Visit<'ast> for Mentioned<'_, '_> {
    fn visit_ident(&mut self, name: &'ast syn::Ident) {
        if self.first.is_none() {
            self.first = (self.known)(name);
        }
    }
}

/// Matches `impl Run { pub fn builder() -> builder::Run { .. } }`.
fn is_builder_function(item: &Item) -> bool {
    let Item::Impl(ItemImpl {
        trait_: None,
        self_ty,
        items,
        ..
    }) = item
    else {
        return false;
    };
    matches!(&**self_ty, Type::Path(_))
        && matches!(&items[..], [syn::ImplItem::Fn(function)] if function.sig.ident == "builder")
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    fn text(items: &[TokenStream]) -> String {
        let items = items.iter().cloned().collect();
        prettyplease::unparse(&syn::parse2(items).unwrap())
    }

    #[test]
    fn sorts_types_by_family_and_emits_builders_for_requests() {
        let file: syn::File = parse_quote! {
            pub struct Run { pub id: String }
            impl Run { pub fn builder() -> builder::Run { Default::default() } }
            pub struct RunRequest { pub id: String }
            impl RunRequest { pub fn builder() -> builder::RunRequest { Default::default() } }
            impl ::std::convert::From<RunRequest> for String {
                fn from(value: RunRequest) -> Self { value.id }
            }
            pub mod builder {
                pub struct Run { id: String }
                pub struct RunRequest { id: String }
            }
            pub mod error { pub struct ConversionError; }
        };
        let families = [("Run", "runs"), ("RunRequest", "requests")];
        let names = Names {
            families: families
                .map(|(name, family)| (name.to_owned(), family.to_owned()))
                .into(),
            in_requests: BTreeSet::from(["RunRequest".to_owned()]),
        };
        let sorted = sort(file.items, &names);
        assert_eq!(
            text(&sorted.types["runs"]),
            "pub struct Run {\n    pub id: String,\n}\n"
        );
        let requests = text(&sorted.types["requests"]);
        assert_eq!(requests.matches("builder()").count(), 1, "{requests}");
        assert!(requests.contains("input!(RunRequest);"), "{requests}");
        assert!(
            requests.contains("From<RunRequest> for String"),
            "{requests}"
        );
        let with_types: Vec<&String> = sorted.types.keys().collect();
        assert_eq!(with_types, ["requests", "runs"]);
        let with_builders: Vec<&String> = sorted.builders.keys().collect();
        assert_eq!(with_builders, ["requests"]);
    }
}
