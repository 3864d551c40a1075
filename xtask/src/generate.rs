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
mod files;
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
mod pipeline;
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

pub(crate) use self::files::Files;
pub(crate) use self::pipeline::{Generated, STACK, begin_to_lower, generate};
