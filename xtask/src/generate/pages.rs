//! Which operations answer a list page by page, and what their lists are of.
//!
//! They are found by what they take and answer, whatever they are called: the query parameters
//! `after` and `before`, and an answer with the array `data` and the cursors `list_metadata`.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::VisitMut as _;
use syn::{Item, ItemStruct, Type};

use super::fields::{argument, wire_name};
use super::operation_builders::{Answer, OperationBuilder};
use super::operation_table::Operation;
use super::type_builders::Qualify;

/// What the list of an operation is of, by the id of the operation.
pub(super) type Items = HashMap<String, Type>;

/// Finds the operations that answer a page, by the types as they were printed.
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
            let Answer::Json(answer) = &builder.answer else {
                return None;
            };
            let page = structs.get(&last_name(answer)?)?;
            let cursors = structs.get(&last_name(field(page, "list_metadata")?)?)?;
            field(cursors, "after").and(field(cursors, "before"))?;
            let mut item = argument(field(page, "data")?, "Vec")?.clone();
            Qualify { types: &names }.visit_type_mut(&mut item);
            Some((operation.id.clone(), item))
        })
        .collect()
}

/// What makes a builder a call that answers a page of these items.
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
