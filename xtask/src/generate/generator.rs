//! Runs progenitor on the lowered document.

use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle, TagStyle, TypeImpl};
use schemars08::schema::{InstanceType, SchemaObject};
use serde_json::Value;

use crate::lower::NUMBER_FORMAT;
use crate::problem::{Problem, Result};

/// The Rust tokens that progenitor makes of a lowered document, as a syntax tree.
pub(super) fn run(lowered: &Value) -> Result<syn::File> {
    syn::parse2(tokens(lowered)?)
        .map_err(|error| refused(format!("the generator printed no Rust: {error}")))
}

fn tokens(lowered: &Value) -> Result<proc_macro2::TokenStream> {
    let document: openapiv3::OpenAPI = serde_path_to_error::deserialize(lowered)
        .map_err(|error| refused(format!("at {}: {}", error.path(), error.inner())))?;
    Generator::new(&settings())
        .generate_tokens(&document)
        .map_err(|error| refused(error.to_string()))
}

fn settings() -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_derive("PartialEq")
        .with_map_type("::indexmap::IndexMap")
        .with_conversion(
            SchemaObject {
                instance_type: Some(InstanceType::Number.into()),
                format: Some(NUMBER_FORMAT.to_owned()),
                ..SchemaObject::default()
            },
            "::serde_json::Number",
            [TypeImpl::Display].into_iter(),
        );
    settings
}

fn refused(reason: String) -> Problem {
    Problem::new(
        "lowered document",
        reason,
        "the construct has no lowering pass yet: add one in xtask/src/lower",
    )
}
