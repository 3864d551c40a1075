//! Runs progenitor on the lowered document.

use std::panic::{self, AssertUnwindSafe};

use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle, TagStyle, TypeImpl};
use schemars08::schema::{InstanceType, SchemaObject};
use serde_json::{Map, Value, json};

use crate::document::for_each_operation;
use crate::lower::{NUMBER_FORMAT, references};
use crate::problem::{Problem, Result};

/// The Rust tokens that progenitor makes of a lowered document, as a syntax tree.
///
/// # Errors
/// What it refuses, or panics at, with the schema at which it does so by itself.
pub(super) fn run(lowered: &Value) -> Result<syn::File> {
    attempt(lowered).map_err(|reason| {
        let place = culprit(lowered).unwrap_or_else(|| "lowered document".to_owned());
        Problem::new(
            place,
            reason,
            "the construct has no lowering pass yet: add one in xtask/src/lower",
        )
    })
}

fn attempt(lowered: &Value) -> Result<syn::File, String> {
    let tokens =
        panic::catch_unwind(AssertUnwindSafe(|| tokens(lowered))).unwrap_or_else(|panic| {
            let said = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied());
            let said = said.unwrap_or("it did not say why");
            Err(format!("the generator gave up on it: {said}"))
        })?;
    syn::parse2(tokens).map_err(|error| format!("the generator printed no Rust: {error}"))
}

/// The component, with the fewest that it refers to, at which the generator fails.
fn culprit(lowered: &Value) -> Option<String> {
    let schemas = lowered["components"]["schemas"].as_object()?;
    let mut alone: Vec<(&String, Map<String, Value>)> = schemas
        .keys()
        .map(|name| (name, with_references(schemas, name)))
        .collect();
    alone.sort_by_key(|(_, reached)| reached.len());
    let (name, _) = alone.into_iter().find(|(name, reached)| {
        let answer = json!({"$ref": format!("#/components/schemas/{name}")});
        let document = json!({
            "openapi": lowered["openapi"],
            "info": lowered["info"],
            "paths": {"/": {"post": {"responses": {"2XX": {
                "description": "", "content": {"application/json": {"schema": answer}},
            }}}}},
            "components": {"schemas": reached},
        });
        attempt(&document).is_err()
    })?;
    Some(format!("schema {name}"))
}

fn with_references(schemas: &Map<String, Value>, name: &str) -> Map<String, Value> {
    let mut reached = Map::new();
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas.get(&name)
            && !reached.contains_key(&name)
        {
            open.extend(references(schema));
            reached.insert(name, schema.clone());
        }
    }
    reached
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

fn tokens(lowered: &Value) -> Result<proc_macro2::TokenStream, String> {
    let document: openapiv3::OpenAPI = serde_path_to_error::deserialize(by_place(lowered))
        .map_err(|error| format!("at {}: {}", error.path(), error.inner()))?;
    Generator::new(&settings())
        .generate_tokens(&document)
        .map_err(|error| error.to_string())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_at_which_the_generator_fails_is_named() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let lowered = json!({
            "openapi": "3.0.3",
            "info": {"title": "Small", "version": "1"},
            "paths": {},
            "components": {"schemas": {
                "Outer": {"type": "object", "properties": {"inner": reference("Inner")}},
                "Inner": {"type": "object", "properties": {"order": {"enum": ["a", "a"]}}},
                "Fine": {"type": "string"},
            }},
        });
        let problem = run(&lowered).unwrap_err().to_string();
        assert!(problem.starts_with("schema Inner: "), "{problem}");
    }
}
