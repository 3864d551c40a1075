//! Runs progenitor and the passes over its output, on a thread with a large stack.

use std::collections::HashMap;

use serde_json::Value;
use syn::Item;

use super::files::{Files, add_operations, add_spec, add_types, dispatcher_files};
use super::{generator, operation_builders, operation_table, pages};
use crate::lower;
use crate::problem::{Problem, Result};
use crate::repair::{self, Repair};
use crate::source::Source;

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
                    "adapt xtask/src/generate/pipeline.rs to the new output",
                )
            })
        };
        Ok(Self {
            types: take("types")?,
            builders: take("builder")?,
        })
    }
}
