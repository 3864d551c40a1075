//! Hoists referenced schemas that are not components.
//!
//! Referenced definitions within a schema (`$defs`) and schemas within operations become components named after
//! their place, and a reference replaces the original.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::notes::Repairs;
use crate::document::{Kind, Order, Pointer, for_each, for_each_schema_mut};
use crate::lower::names;

/// Hoists referenced schemas into the components.
pub(super) fn repair(document: &mut Value, _: &mut Repairs) {
    let mut targets: BTreeMap<Pointer, String> = BTreeMap::new();
    for_each(document, |_, kind, node| {
        if kind == Kind::Schema
            && let Some(target) = target(node)
            && !is_component(&target)
        {
            targets.insert(target, String::new());
        }
    });
    let mut taken: Vec<String> = components(document);
    for (place, name) in &mut targets {
        *name = names::first_free(&name_of(place), |name| taken.iter().any(|one| one == name));
        taken.push(name.clone());
    }
    for_each_schema_mut(document, Order::ParentsFirst, |_, schema| {
        if let Some(name) = target(schema).and_then(|target| targets.get(&target)) {
            schema["$ref"] = reference(name);
        }
    });
    // Hoist inner schemas first, so that outer ones contain the references to them.
    for (place, name) in targets.iter().rev() {
        let Some(schema) = place.find_mut(document) else {
            continue;
        };
        let schema = std::mem::replace(schema, json!({"$ref": reference(name)}));
        if !document["components"]["schemas"].is_object() {
            document["components"]["schemas"] = json!({});
        }
        document["components"]["schemas"][name] = schema;
    }
}

fn reference(name: &str) -> Value {
    let name = name.replace('~', "~0").replace('/', "~1");
    json!(format!("#/components/schemas/{name}"))
}

fn target(schema: &Value) -> Option<Pointer> {
    Pointer::from_reference(schema.get("$ref")?.as_str()?)
}

fn is_component(place: &Pointer) -> bool {
    let tokens: Vec<String> = place.tokens().collect();
    tokens.len() == 3 && tokens[0] == "components" && tokens[1] == "schemas"
}

fn components(document: &Value) -> Vec<String> {
    let schemas = document["components"]["schemas"].as_object();
    let names = schemas.into_iter().flatten().map(|(name, _)| name.clone());
    names.collect()
}

/// A type name made of the enclosing component and the path from there to the schema.
fn name_of(place: &Pointer) -> String {
    const KEYWORDS: [&str; 14] = [
        "components",
        "schemas",
        "paths",
        "properties",
        "items",
        "$defs",
        "definitions",
        "requestBody",
        "responses",
        "content",
        "schema",
        "application/json",
        "parameters",
        "additionalProperties",
    ];
    let tokens: Vec<String> = place
        .tokens()
        .filter(|token| !KEYWORDS.contains(&token.as_str()))
        .collect();
    names::type_name(&tokens.join("_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hoists_referenced_definitions_and_inline_schemas() {
        let (document, _) = crate::repair::testing::repaired(
            repair,
            json!({
                "paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Run/properties/steps/items"},
                }}}}}}},
                "components": {"schemas": {
                    "Run": {
                        "properties": {
                            "steps": {"items": {"properties": {
                                "id": {"$ref": "#/components/schemas/Run/$defs/Id"},
                            }}},
                            "step": {"$ref": "#/components/schemas/Run/properties/steps/items"},
                        },
                        "$defs": {"Id": {"type": "string"}},
                    },
                    "RunId": {"type": "integer"},
                }},
            }),
        );
        let steps = json!({"$ref": "#/components/schemas/RunSteps"});
        assert_eq!(
            document,
            json!({
                "paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {
                    "schema": steps,
                }}}}}}},
                "components": {"schemas": {
                    "Run": {
                        "properties": {"steps": {"items": steps}, "step": steps},
                        "$defs": {"Id": {"$ref": "#/components/schemas/RunId2"}},
                    },
                    "RunId": {"type": "integer"},
                    "RunSteps": {"properties": {"id": {"$ref": "#/components/schemas/RunId2"}}},
                    "RunId2": {"type": "string"},
                }},
            })
        );
    }
}
