//! Generates the files of `retab-api/src/generated/` from the overlaid spec.
//!
//! The spec is lowered, and progenitor emits a single file of Rust tokens. Passes over those tokens
//! rewrite it and split it up:
//!
//! - [`operation_builders`] emits the operation builders over our own runtime.
//! - [`pages`] finds the paginated list operations.
//! - [`unions`] replaces the placeholder of each union with an enum.
//! - [`enums`] adds an `Unknown` variant to string enums.
//! - [`alternatives`] lets a field be decoded from several paths.
//! - [`nullable_fields`], [`timestamps`] and [`sensitive_fields`] change how single fields are
//!   decoded and formatted.
//! - [`item_docs`] documents types and fields.
//! - [`objects`] moves the decoding and encoding of structs to the runtime.
//! - [`type_items`] sorts the remaining items into files by family.

mod alternatives;
#[cfg(test)]
mod coherence;
#[cfg(test)]
mod compiled;
mod dispatcher;
mod doc_comments;
mod enums;
mod families;
mod fields;
mod generator;
mod item_docs;
#[cfg(test)]
mod mutations;
mod nullable_fields;
mod objects;
mod open_structs;
mod operation_builders;
mod operation_table;
mod pages;
mod property_names;
mod recursion;
mod rust_file;
mod sensitive_fields;
#[cfg(test)]
mod tests;
mod timestamps;
mod type_builders;
mod type_items;
mod unions;
mod uses;

use std::collections::{BTreeMap, HashMap};

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::Item;

pub(crate) use self::families::of_operation as family_of;
pub(crate) use self::operation_builders::BUILDER_FUNCTIONS;
use self::operation_builders::OperationBuilder;
use self::operation_table::Operation;
use self::type_items::{Names, TypeItems};
use crate::lower;
use crate::problem::{Problem, Result};
use crate::repair::{self, Repair};
use crate::vendor::Source;

/// The files of the generated module, by path within its folder.
pub(crate) type Files = BTreeMap<String, String>;

/// The output of [`generate`].
#[derive(Debug, PartialEq)]
pub(crate) struct Generated {
    /// The files of the generated module.
    pub(crate) files: Files,
    /// The files of the dispatcher, which only tests use.
    pub(crate) dispatcher: Files,
    /// Repairs made to the spec.
    pub(crate) repairs: Vec<Repair>,
    /// Parts of the spec that were skipped, with the reason.
    pub(crate) warnings: Vec<Problem>,
}

/// Stack size of the generator thread, which recurses over nested schemas and syntax.
pub(crate) const STACK: usize = 256 << 20;

/// Module documentation of `builder.rs`.
const BUILDERS_DOC: &str = "\
Request builders, one per operation.

# Cancel safety

Dropping the future of `send` or `send_as` aborts the request, including pending retries. The service
may already have received it.";

/// Name of the generator thread.
const THREAD: &str = "generator";

/// Generates the files for an overlaid spec.
///
/// # Errors
/// Returns an error if the spec cannot be expressed in Rust, or if a dependency panics.
pub(crate) fn generate(document: Value, source: &Source) -> Result<Generated> {
    silence_generator();
    std::thread::scope(|scope| {
        let generator = std::thread::Builder::new()
            .name(THREAD.to_owned())
            .stack_size(STACK)
            .spawn_scoped(scope, || generated(document, source))
            .map_err(|error| Problem::new("generator", error, "free some memory"))?;
        generator.join().unwrap_or_else(|panic| {
            let message = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("no panic message");
            Err(Problem::new(
                "generator",
                format!("cannot generate code: {message}"),
                "add a lowering pass for the construct in xtask/src/lower",
            ))
        })
    })
}

/// Starts to lower a spec in the background.
///
/// The returned function waits for the lowered spec, which determines the type names. It returns
/// `None` if the spec is rejected.
pub(crate) fn begin_to_lower(mut document: Value) -> impl FnOnce() -> Option<Value> {
    silence_generator();
    let lowering = std::thread::Builder::new()
        .name(THREAD.to_owned())
        .stack_size(STACK)
        .spawn(move || {
            repair::repair(&mut document).ok()?;
            lower::lower(&mut document);
            Some(document)
        });
    move || lowering.ok()?.join().ok()?
}

/// Silences the panic hook on the generator thread, whose panics are reported as problems.
fn silence_generator() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let printed = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().name() != Some(THREAD) {
                printed(panic);
            }
        }));
    });
}

fn generated(mut document: Value, source: &Source) -> Result<Generated> {
    let mut repairs = repair::repair(&mut document)?;
    lower::derive_texts(&mut document);
    let operations = operation_table::read(&document);
    lower::lower(&mut document);
    let renamed_types = lower::take_renamed_types(&mut document);
    repairs.extend(
        renamed_types
            .into_iter()
            .map(|(place, what)| Repair::new(place, what)),
    );
    let lowered = document;
    let parts = Parts::of(generator::run(&lowered)?)?;
    let builders = operation_builders::read(&parts.builders, &operations)?;
    let pages = pages::find(&parts.types, &operations, &builders);
    let mut files = Files::new();
    let warnings = add_types(&mut files, parts.types, &lowered, &operations)?;
    add_operations(&mut files, &operations, &builders, &pages)?;
    add_spec(&mut files, source)?;
    let dispatcher = dispatcher_files(&operations, &builders, &pages)?;
    Ok(Generated {
        files,
        dispatcher,
        repairs,
        warnings,
    })
}

/// The modules of progenitor's output that the passes use.
struct Parts {
    types: Vec<Item>,
    builders: Vec<Item>,
}

impl Parts {
    fn of(file: syn::File) -> Result<Self> {
        let mut modules: HashMap<String, Vec<Item>> = file
            .items
            .into_iter()
            .filter_map(|item| match item {
                Item::Mod(module) => Some((module.ident.to_string(), module.content?.1)),
                _ => None,
            })
            .collect();
        let mut take = |name: &str| {
            modules.remove(name).ok_or_else(|| {
                Problem::new(
                    "progenitor output",
                    format!("module `{name}` is missing"),
                    "adapt xtask/src/generate.rs to the new output",
                )
            })
        };
        Ok(Self {
            types: take("types")?,
            builders: take("builder")?,
        })
    }
}

fn add_types(
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

fn add_operations(
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

fn dispatcher_files(
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

fn add_spec(files: &mut Files, source: &Source) -> Result<()> {
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
