//! Runs progenitor on the lowered document.

use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle, TagStyle, TypeImpl};
use schemars08::schema::{InstanceType, SchemaObject};
use serde_json::{Map, Value, json};

use crate::document::for_each_operation;
use crate::lower::NUMBER_FORMAT;
use crate::problem::{Problem, Result};

/// The Rust tokens that progenitor makes of a lowered document, as a syntax tree.
pub(super) fn run(lowered: &Value) -> Result<syn::File> {
    syn::parse2(tokens(lowered)?)
        .map_err(|error| refused(format!("the generator printed no Rust: {error}")))
}

/// The id by which the generator knows the operation at this place in the document.
pub(super) fn operation_name(index: usize) -> String {
    format!("operation_{index}")
}

/// The name by which it knows the parameter at this place in an operation.
pub(super) fn parameter_name(index: usize) -> String {
    format!("parameter_{index}")
}

/// The document with operations of one form, by their place.
///
/// What is wanted of the generator is which Rust type each parameter, body and answer has. Paths, methods and names
/// say nothing of that, and are where it panics: at two parameters of one name, at a body of a `GET`. A parameter is
/// a list of what it is, because the generator takes one that is an object for a body.
fn by_place(lowered: &Value) -> Value {
    let mut paths = Map::new();
    for_each_operation(lowered, |_, _, operation| {
        let index = paths.len();
        let listed = operation["parameters"].as_array().into_iter().flatten();
        let parameters: Vec<Value> = listed
            .enumerate()
            .map(|(index, parameter)| {
                json!({
                    "in": "query",
                    "name": parameter_name(index),
                    "required": true,
                    "schema": {"type": "array", "items": parameter["schema"]},
                })
            })
            .collect();
        let mut of_one_form = json!({
            "operationId": operation_name(index),
            "parameters": parameters,
            "responses": operation["responses"],
        });
        if let Some(body) = operation.get("requestBody") {
            of_one_form["requestBody"] = body.clone();
        }
        paths.insert(format!("/{index}"), json!({"post": of_one_form}));
    });
    json!({
        "openapi": lowered["openapi"],
        "info": lowered["info"],
        "paths": paths,
        "components": lowered["components"],
    })
}

fn tokens(lowered: &Value) -> Result<proc_macro2::TokenStream> {
    let document: openapiv3::OpenAPI = serde_path_to_error::deserialize(by_place(lowered))
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
