//! Boxes recursive unions in their variants, and nowhere else.
//!
//! progenitor breaks a type cycle where it first meets it, so the variants of a union would differ
//! in where they hold a box. This pass removes the boxes of fields that hold a union, and boxes each
//! variant whose type leads back to the union.

use std::collections::{BTreeSet, HashMap};

use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{Fields, Item, PathArguments, Type, parse_quote};

/// Moves the boxes of every cycle through one of `unions` to the variants of that union.
pub(super) fn box_variants(items: &mut [Item], unions: &BTreeSet<String>) {
    for item in items.iter_mut() {
        Unbox { unions }.visit_item_mut(item);
    }
    let held: HashMap<String, BTreeSet<String>> = items.iter().filter_map(held).collect();
    for item in items.iter_mut() {
        let Item::Enum(item) = item else {
            continue;
        };
        let name = item.ident.to_string();
        if !unions.contains(&name) {
            continue;
        }
        for field in item
            .variants
            .iter_mut()
            .flat_map(|variant| variant.fields.iter_mut())
        {
            if leads_to(&Held::of(&field.ty), &name, &held) {
                let inner = &field.ty;
                field.ty = parse_quote!(::std::boxed::Box<#inner>);
            }
        }
    }
}

/// Removes the boxes around unions.
struct Unbox<'a> {
    unions: &'a BTreeSet<String>,
}

impl VisitMut for Unbox<'_> {
    fn visit_type_mut(&mut self, of: &mut Type) {
        if let Type::Path(path) = unboxed(of)
            && let Some(last) = path.path.segments.last()
            && self.unions.contains(&last.ident.to_string())
        {
            *of = Type::Path(path.clone());
        }
        visit_mut::visit_type_mut(self, of);
    }
}

/// Returns the `T` of `Box<T>`, or the type itself.
pub(super) fn unboxed(of: &Type) -> &Type {
    if let Type::Path(path) = of
        && let Some(last) = path.path.segments.last()
        && last.ident == "Box"
        && let PathArguments::AngleBracketed(arguments) = &last.arguments
        && let Some(syn::GenericArgument::Type(inner)) = arguments.args.first()
    {
        return inner;
    }
    of
}

/// Returns a type and the types that it holds without indirection.
fn held(item: &Item) -> Option<(String, BTreeSet<String>)> {
    let (name, fields): (_, Vec<&Fields>) = match item {
        Item::Struct(item) => (&item.ident, vec![&item.fields]),
        Item::Enum(item) => (
            &item.ident,
            item.variants
                .iter()
                .map(|variant| &variant.fields)
                .collect(),
        ),
        _ => return None,
    };
    let fields = fields.into_iter().flatten();
    Some((
        name.to_string(),
        fields.flat_map(|field| Held::of(&field.ty)).collect(),
    ))
}

/// Collects the names in a type that are not behind a pointer.
#[derive(Default)]
struct Held {
    names: BTreeSet<String>,
}

impl Held {
    fn of(of: &Type) -> BTreeSet<String> {
        let mut held = Self::default();
        held.visit_type(of);
        held.names
    }
}

impl<'ast> Visit<'ast> for Held {
    fn visit_path_segment(&mut self, segment: &'ast syn::PathSegment) {
        let is_pointer = ["Box", "Vec", "IndexMap", "Map"]
            .iter()
            .any(|name| segment.ident == name);
        if !is_pointer {
            self.names.insert(segment.ident.to_string());
            syn::visit::visit_path_segment(self, segment);
        }
    }
}

fn leads_to(from: &BTreeSet<String>, goal: &str, held: &HashMap<String, BTreeSet<String>>) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = from.iter().map(String::as_str).collect();
    while let Some(name) = open.pop() {
        if name == goal {
            return true;
        }
        if seen.insert(name) {
            open.extend(held.get(name).into_iter().flatten().map(String::as_str));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_only_recursive_variants() {
        let file: syn::File = parse_quote! {
            pub enum Condition {
                All(All),
                Any(Any),
                Not(Not),
                Equals(Equals),
            }
            pub struct All { pub conditions: ::std::vec::Vec<Condition> }
            pub struct Any { pub condition: ::std::boxed::Box<Condition> }
            pub struct Not { pub inner: ::std::option::Option<Inner> }
            pub struct Inner { pub condition: ::std::option::Option<::std::boxed::Box<Condition>> }
            pub struct Equals { pub next: ::std::option::Option<::std::boxed::Box<Equals>> }
            pub mod builder {
                pub struct Any { condition: Result<::std::boxed::Box<super::Condition>, String> }
            }
        };
        let mut items = file.items;
        box_variants(&mut items, &BTreeSet::from(["Condition".to_owned()]));
        let expected: syn::File = parse_quote! {
            pub enum Condition {
                All(All),
                Any(::std::boxed::Box<Any>),
                Not(::std::boxed::Box<Not>),
                Equals(Equals),
            }
            pub struct All { pub conditions: ::std::vec::Vec<Condition> }
            pub struct Any { pub condition: Condition }
            pub struct Not { pub inner: ::std::option::Option<Inner> }
            pub struct Inner { pub condition: ::std::option::Option<Condition> }
            pub struct Equals { pub next: ::std::option::Option<::std::boxed::Box<Equals>> }
            pub mod builder {
                pub struct Any { condition: Result<super::Condition, String> }
            }
        };
        assert_eq!(items, expected.items);
    }
}
