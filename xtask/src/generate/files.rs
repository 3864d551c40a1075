//! Sorts the generated code into files.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::Item;

use super::operation_builders::OperationBuilder;
use super::operation_table::{self, Operation};
use super::type_items::{self, Names, TypeItems};
use super::{
    alternatives, dispatcher, doc_comments, enums, families, item_docs, nullable_fields, objects,
    open_structs, pages, property_names, recursion, rust_file, sensitive_fields, timestamps,
    unions, uses,
};
use crate::lower;
use crate::problem::{Problem, Result};
use crate::source::Source;

/// The files of the generated module, by path within its folder.
pub(crate) type Files = BTreeMap<String, String>;

/// Module documentation of `builder.rs`.
const BUILDERS_DOC: &str = "\
Request builders, one per operation.

# Cancel safety

Dropping the future of `send` or `send_as` aborts the request, including pending retries. The service
may already have received it.";

pub(super) fn add_types(
    files: &mut Files,
    items: Vec<Item>,
    lowered: &Value,
    operations: &[Operation],
) -> Result<Vec<Problem>> {
    let unions = lower::unions(lowered);
    let names = Names {
        families: families::of_types(lowered, operations),
        in_requests: families::in_requests(lowered),
    };
    let mut items = items;
    property_names::restore(&mut items, lowered);
    let items = enums::replace(items, lowered)
        .map_err(|error| Problem::new("open enum", error, "fix xtask/src/generate/enums.rs"))?;
    let items = unions::replace(items, &unions)
        .map_err(|error| Problem::new("union enum", error, "fix xtask/src/generate/unions.rs"))?;
    let (alternatives, warnings) = alternatives::read(lowered);
    let mut items = alternatives::add(items, &alternatives);
    recursion::box_variants(&mut items, &unions.keys().cloned().collect());
    open_structs::open(&mut items);
    nullable_fields::distinguish(&mut items, lowered);
    timestamps::read_leniently(&mut items);
    let mut items = sensitive_fields::redact(items, lowered);
    item_docs::complete(&mut items, lowered, &uses::of_types(lowered, operations));
    doc_comments::space_out(&mut items);
    let TypeItems { types, builders } = type_items::sort(objects::encode(items), &names);
    let mut modules = Vec::new();
    for (family, items) in &types {
        let doc = family_doc(family, "Types used by", operations);
        let tokens = quote! {
            #[allow(unused_imports)]
            use super::*;
            #(#items)*
        };
        files.insert(
            format!("types/{family}.rs"),
            rust_file::print(&doc, tokens)?,
        );
        modules.push(family.as_str());
    }
    let modules = reexports(&modules);
    let tokens = quote! {
        pub mod builder;
        #modules
    };
    files.insert(
        "types.rs".to_owned(),
        rust_file::print("Types used as operation parameters and responses.", tokens)?,
    );
    let mut modules = Vec::new();
    for (family, items) in &builders {
        let doc = family_doc(family, "Builders for types used by", operations);
        let tokens = quote! {
            use crate::types;
            #(#items)*
        };
        files.insert(
            format!("types/builder/{family}.rs"),
            rust_file::print(&doc, tokens)?,
        );
        modules.push(family.as_str());
    }
    files.insert(
        "types/builder.rs".to_owned(),
        rust_file::print(
            "Builders for the types used in requests.",
            reexports(&modules),
        )?,
    );
    Ok(warnings)
}

pub(super) fn add_operations(
    files: &mut Files,
    operations: &[Operation],
    builders: &[OperationBuilder],
    pages: &pages::Items,
) -> Result<()> {
    let mut families: BTreeMap<String, (Vec<TokenStream>, Vec<TokenStream>)> = BTreeMap::new();
    for (operation, builder) in operations.iter().zip(builders) {
        let (printed, function) = builder.print(operation);
        let family = families.entry(operation.family()).or_default();
        family.0.push(printed);
        let item = pages.get(&operation.id);
        family
            .0
            .extend(item.map(|item| pages::print(builder, item)));
        family.1.push(function);
    }
    for (family, (builders, functions)) in &families {
        let doc = family_doc(family, "Request builders for", operations);
        let tokens = quote! {
            #[allow(unused_imports)]
            use crate::runtime::{ByteStream, Error, FilePart, Input, RequestBuilder, ResponseValue};
            #[allow(unused_imports)]
            use crate::{Client, operations, types};

            impl Client {
                #(#functions)*
            }

            #(#builders)*
        };
        files.insert(
            format!("builder/{family}.rs"),
            rust_file::print(&doc, tokens)?,
        );
        let doc = family_doc(family, "Table entries for", operations);
        let table = operation_table::print_family(operations, family);
        files.insert(
            format!("operations/{family}.rs"),
            rust_file::print(&doc, table)?,
        );
    }
    let modules: Vec<&str> = families.keys().map(String::as_str).collect();
    files.insert(
        "builder.rs".to_owned(),
        rust_file::print(BUILDERS_DOC, reexports(&modules))?,
    );
    let reexports = reexports(&modules);
    let list = operation_table::print_list(operations);
    files.insert(
        "operations.rs".to_owned(),
        rust_file::print("The operation table.", quote!(#list #reexports))?,
    );
    Ok(())
}

pub(super) fn dispatcher_files(
    operations: &[Operation],
    builders: &[OperationBuilder],
    pages: &pages::Items,
) -> Result<Files> {
    let (families, root) = dispatcher::print(operations, builders, pages);
    let mut files = Files::new();
    for (family, tokens) in families {
        let doc = family_doc(&family, "Dispatch functions for", operations);
        files.insert(
            format!("dispatcher/{family}.rs"),
            rust_file::print(&doc, tokens)?,
        );
    }
    files.insert(
        "dispatcher.rs".to_owned(),
        rust_file::print(
            "Dispatches operations by id with JSON arguments, for tests.",
            root,
        )?,
    );
    Ok(files)
}

pub(super) fn add_spec(files: &mut Files, source: &Source) -> Result<()> {
    let date = source.date.to_string();
    let digest = format!("sha256:{}", source.document_sha256);
    let tokens = quote! {
        /// The revision of the OpenAPI spec that this crate was generated from.
        pub const SPEC: crate::Spec = crate::Spec { date: #date, digest: #digest };
    };
    files.insert(
        "spec.rs".to_owned(),
        rust_file::print("The revision of the spec.", tokens)?,
    );
    Ok(())
}

fn reexports(modules: &[&str]) -> TokenStream {
    let modules = modules
        .iter()
        .map(|name| Ident::new(name, Span::call_site()));
    let names = modules.clone();
    quote! {
        #(mod #modules;)*
        #(pub use self::#names::*;)*
    }
}

fn family_doc(family: &str, what: &str, operations: &[Operation]) -> String {
    match operations
        .iter()
        .find(|operation| operation.family() == family)
    {
        Some(operation) => match operation.tags.last() {
            Some(tag) => format!("{what} operations tagged `{tag}`."),
            None => format!("{what} operations under `{}`.", operation.path),
        },
        None => format!("{what} several families of operations."),
    }
}
