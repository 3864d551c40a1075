//! Moves `nullable` from components to the references to them.
//!
//! The generator emits two types for a nullable component, one of them with a derived name. A union with a nullable
//! component among its variants becomes nullable.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::component_names::PREFIX;
use crate::document::{Order, for_each_operation_mut, for_each_schema_mut};

/// Moves `nullable` from components to the references to them.
pub(super) fn lower(document: &mut Value) {
    let mut done: BTreeSet<String> = BTreeSet::new();
    loop {
        let nullable: BTreeSet<String> = take(document)
            .into_iter()
            .filter(|name| !done.contains(name))
            .collect();
        if nullable.is_empty() {
            break;
        }
        for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
            let target = schema["$ref"].as_str();
            let target = target.and_then(|target| target.strip_prefix(PREFIX));
            if target.is_some_and(|target| nullable.contains(target)) {
                schema["nullable"] = json!(true);
            }
            if let Some(schema) = schema.as_object_mut() {
                lift(schema);
            }
        });
        done.extend(nullable);
    }
    for_each_operation_mut(document, |_, _, operation| {
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            not_null(parameter.get_mut("schema"));
        }
        let body = "/requestBody/content/application~1json/schema";
        not_null(operation.pointer_mut(body));
    });
}

/// Removes `nullable` from all components and returns the names of the nullable ones.
fn take(document: &mut Value) -> Vec<String> {
    let schemas = document["components"]["schemas"].as_object_mut();
    let schemas = schemas.into_iter().flatten();
    schemas
        .filter_map(|(name, schema)| {
            let nullable = schema.as_object_mut()?.remove("nullable")?;
            (nullable == true).then(|| name.clone())
        })
        .collect()
}

fn lift(schema: &mut Map<String, Value>) {
    let mut nullable = false;
    for keyword in ["anyOf", "oneOf"] {
        let variants = schema.get_mut(keyword).and_then(Value::as_array_mut);
        for variant in variants.into_iter().flatten() {
            let variant = variant.as_object_mut();
            nullable |= variant.is_some_and(|variant| {
                variant.contains_key("$ref") && variant.remove("nullable") == Some(json!(true))
            });
        }
    }
    if nullable {
        schema.insert("nullable".to_owned(), json!(true));
    }
}

/// Removes `nullable` from parameters and bodies, which are omitted instead of null.
fn not_null(schema: Option<&mut Value>) {
    if let Some(Value::Object(schema)) = schema {
        schema.remove("nullable");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_nullable_from_components_to_references() {
        let reference = |name: &str| json!({"$ref": format!("{PREFIX}{name}")});
        let nullable = |name: &str| json!({"$ref": format!("{PREFIX}{name}"), "nullable": true});
        let body = |schema: Value| json!({"content": {"application/json": {"schema": schema}}});
        let mut document = json!({
            "paths": {"/a": {"post": {
                "parameters": [{"in": "query", "name": "a", "schema": reference("A")}],
                "requestBody": body(reference("A")),
                "responses": {"2XX": body(reference("A"))},
            }}},
            "components": {"schemas": {
                "A": {"type": "string", "nullable": true},
                "Json": {
                    "anyOf": [reference("A"), {"type": "array", "items": reference("Json")}],
                    "nullable": true,
                },
                "Union": {"oneOf": [reference("A"), {"type": "integer"}]},
                "User": {"properties": {"a": reference("A"), "u": reference("Union")}},
            }},
        });
        lower(&mut document);
        assert_eq!(
            document,
            json!({
                "paths": {"/a": {"post": {
                    "parameters": [{"in": "query", "name": "a", "schema": reference("A")}],
                    "requestBody": body(reference("A")),
                    "responses": {"2XX": body(nullable("A"))},
                }}},
                "components": {"schemas": {
                    "A": {"type": "string"},
                    "Json": {"anyOf": [reference("A"), {"type": "array", "items": nullable("Json")}]},
                    "Union": {"oneOf": [reference("A"), {"type": "integer"}]},
                    "User": {"properties": {"a": nullable("A"), "u": nullable("Union")}},
                }},
            })
        );
    }
}
