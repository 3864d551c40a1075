//! Runs progenitor on the lowered spec.

use std::panic::{self, AssertUnwindSafe};

use progenitor_impl::{GenerationSettings, Generator, InterfaceStyle, TagStyle, TypeImpl};
use schemars08::schema::{InstanceType, SchemaObject};
use serde_json::{Map, Value, json};

use crate::document::for_each_operation;
use crate::lower::{NUMBER_FORMAT, references};
use crate::problem::{Problem, Result};

/// Runs progenitor on a lowered spec and parses its output.
///
/// # Errors
/// Returns an error if progenitor rejects the spec or panics. The error names the smallest schema
/// that fails by itself.
pub(super) fn run(lowered: &Value) -> Result<syn::File> {
    attempt(lowered).map_err(|reason| {
        let place = culprit(lowered).unwrap_or_else(|| "lowered spec".to_owned());
        Problem::new(
            place,
            reason,
            "add a lowering pass for the construct in xtask/src/lower",
        )
    })
}

fn attempt(lowered: &Value) -> Result<syn::File, String> {
    let tokens =
        panic::catch_unwind(AssertUnwindSafe(|| tokens(lowered))).unwrap_or_else(|panic| {
            let message = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied());
            let message = message.unwrap_or("no panic message");
            Err(format!("progenitor panicked: {message}"))
        })?;
    syn::parse2(tokens).map_err(|error| format!("progenitor emitted invalid Rust: {error}"))
}

/// Finds the failing component that references the fewest others.
fn culprit(lowered: &Value) -> Option<String> {
    let schemas = lowered["components"]["schemas"].as_object()?;
    let mut alone: Vec<(&String, Map<String, Value>)> = schemas
        .keys()
        .map(|name| (name, with_references(schemas, name)))
        .collect();
    alone.sort_by_key(|(_, reached)| reached.len());
    let (name, _) = alone.into_iter().find(|(name, reached)| {
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        let document = json!({
            "openapi": lowered["openapi"],
            "info": lowered["info"],
            "paths": {"/": {"post": {"responses": {"2XX": {
                "description": "", "content": {"application/json": {"schema": schema}},
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

/// Returns the operation id that progenitor sees for the operation at `index`.
pub(super) fn operation_name(index: usize) -> String {
    format!("operation_{index}")
}

/// Returns the name that progenitor sees for the parameter at `index` of an operation.
pub(super) fn parameter_name(index: usize) -> String {
    format!("parameter_{index}")
}

/// Returns the spec with uniform operations that are named by index.
///
/// progenitor only has to choose the Rust types of parameters, bodies and responses. Paths, methods
/// and names do not affect that choice, but can make it panic: two parameters with one name, for
/// example, or a `GET` with a body. Each parameter becomes a list of its type, because progenitor
/// treats an object parameter as a body.
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
        let mut uniform = json!({
            "operationId": operation_name(index),
            "parameters": parameters,
            "responses": operation["responses"],
        });
        if let Some(body) = operation.get("requestBody") {
            uniform["requestBody"] = body.clone();
        }
        paths.insert(format!("/{index}"), json!({"post": uniform}));
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
    fn error_names_failing_schema() {
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
