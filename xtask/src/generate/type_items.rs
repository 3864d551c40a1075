//! Sorts the items of the generator's `types` module into files.
//!
//! Only types that a request can contain keep their builder: nobody builds an answer, and the
//! builders of answers were most of the crate's compile time.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit_mut::{self, VisitMut};
use syn::{Item, ItemImpl, ItemMod, Type, parse_quote};

/// What is known about the types by their names.
pub(super) struct Names {
    /// The file of each type.
    pub(super) families: BTreeMap<String, String>,
    /// The types that keep their builder.
    pub(super) in_requests: BTreeSet<String>,
}

/// The items by the file that they go to.
#[derive(Default)]
pub(super) struct TypeItems {
    pub(super) types: BTreeMap<String, Vec<Item>>,
    pub(super) builders: BTreeMap<String, Vec<Item>>,
    pub(super) error: Vec<Item>,
}

/// Sorts `items` by `names`.
pub(super) fn sort(items: Vec<Item>, names: &Names) -> TypeItems {
    let mut sorted = TypeItems::default();
    for item in items {
        match item {
            Item::Mod(module) if module.ident == "error" => sorted.error = content(module),
            Item::Mod(module) if module.ident == "builder" => {
                sort_builders(module, names, &mut sorted);
            }
            Item::Mod(_) => {}
            item => {
                let name = named(&item, names);
                if !is_builder_function(&item)
                    || name.is_some_and(|name| names.in_requests.contains(name))
                {
                    sorted
                        .types
                        .entry(family(name, names))
                        .or_default()
                        .push(item);
                }
            }
        }
    }
    sorted
}

fn sort_builders(module: ItemMod, names: &Names, sorted: &mut TypeItems) {
    for mut item in content(module) {
        let name = named(&item, names);
        if name.is_some_and(|name| names.in_requests.contains(name)) {
            let family = family(name, names);
            FromTypes.visit_item_mut(&mut item);
            sorted.builders.entry(family).or_default().push(item);
        }
    }
}

fn content(module: ItemMod) -> Vec<Item> {
    module.content.map(|(_, items)| items).unwrap_or_default()
}

fn family(name: Option<&str>, names: &Names) -> String {
    let family = name.and_then(|name| names.families.get(name));
    family.cloned().unwrap_or_else(|| "shared".to_owned())
}

/// The type that an item defines or is about.
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

/// The first of the known names that a type mentions.
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

/// `impl Run { pub fn builder() -> builder::Run { .. } }`
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

/// What the builders call `super` is the module of types.
struct FromTypes;

impl VisitMut for FromTypes {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        if path.leading_colon.is_none()
            && path
                .segments
                .first()
                .is_some_and(|first| first.ident == "super")
        {
            let rest = path.segments.iter().skip(1);
            *path = parse_quote!(crate::types::#(#rest)::*);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(items: &[Item]) -> String {
        let items = items.to_vec();
        prettyplease::unparse(&syn::File {
            shebang: None,
            attrs: Vec::new(),
            items,
        })
    }

    #[test]
    fn types_go_to_their_family_and_only_requests_keep_builders() {
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
                impl From<super::Run> for Run { fn from(value: super::Run) -> Self { todo() } }
                pub struct RunRequest { id: String }
                impl From<super::RunRequest> for RunRequest {
                    fn from(value: super::RunRequest) -> Self { todo() }
                }
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
        assert!(requests.contains("builder::RunRequest"), "{requests}");
        assert!(
            requests.contains("From<RunRequest> for String"),
            "{requests}"
        );
        assert!(!sorted.builders.contains_key("runs"));
        let builders = text(&sorted.builders["requests"]);
        assert!(
            builders.contains("From<crate::types::RunRequest>"),
            "{builders}"
        );
        assert_eq!(text(&sorted.error), "pub struct ConversionError;\n");
    }
}
