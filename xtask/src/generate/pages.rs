//! Finds the paginated list operations and the item types of their pages.
//!
//! They are recognized by structure, not by name: the optional query parameters `after` and `before`,
//! and a response with the array `data` and the cursors `list_metadata`.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::VisitMut as _;
use syn::{Item, ItemStruct, Type};

use super::fields::{argument, wire_name};
use super::operation_builders::{OperationBuilder, Response};
use super::operation_table::Operation;
use super::type_builders::Qualify;

/// The item types of list operations, by operation id.
pub(super) type Items = HashMap<String, Type>;

/// Finds the list operations, from the types that progenitor emitted.
pub(super) fn find(
    types: &[Item],
    operations: &[Operation],
    builders: &[OperationBuilder],
) -> Items {
    let names: BTreeSet<String> = types
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some(item.ident.to_string()),
            Item::Enum(item) => Some(item.ident.to_string()),
            Item::Type(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect();
    let structs: HashMap<String, &ItemStruct> = types
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some((item.ident.to_string(), item)),
            _ => None,
        })
        .collect();
    let pages = operations.iter().zip(builders);
    pages
        .filter(|(operation, _)| {
            ["after", "before"].iter().all(|name| {
                operation.parameters.iter().any(|parameter| {
                    parameter.name == *name && parameter.location == "Query" && !parameter.required
                })
            })
        })
        .filter_map(|(operation, builder)| {
            let Response::Json(response) = &builder.response else {
                return None;
            };
            let page = structs.get(&last_name(response)?)?;
            let cursors = structs.get(&last_name(field(page, "list_metadata")?)?)?;
            field(cursors, "after").and(field(cursors, "before"))?;
            let mut item = argument(field(page, "data")?, "Vec")?.clone();
            Qualify { types: &names }.visit_type_mut(&mut item);
            Some((operation.id.clone(), item))
        })
        .collect()
}

/// Implements `ListCall` for the builder of a list operation.
pub(super) fn print(builder: &OperationBuilder, item: &Type) -> TokenStream {
    let name = &builder.name;
    quote! {
        impl crate::runtime::ListOperation for #name {
            type Item = #item;

            fn into_builder(self) -> RequestBuilder {
                self.request
            }
        }
    }
}

fn field<'a>(of: &'a ItemStruct, name: &str) -> Option<&'a Type> {
    of.fields.iter().find_map(|field| {
        let ident = field.ident.as_ref()?;
        (wire_name(&field.attrs, ident) == name).then_some(&field.ty)
    })
}

fn last_name(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}
