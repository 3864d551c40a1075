//! Moves marks from properties to the enclosing schema.
//!
//! A property is often a reference, and lowering drops the keywords beside it. The enclosing object
//! lists the names of marked properties instead:
//!
//! - `x-sensitive`, set by an overlay: `Debug` redacts the property.
//! - `x-null-differs`, set by an overlay: null and absence have different meanings. This also applies
//!   to every optional and nullable property of a PATCH body, where null removes a value and absence
//!   preserves it.

use serde_json::{Map, Value, json};

use super::resolve;
use crate::document::{Order, Pointer, for_each_operation, for_each_schema_mut};

/// Marks a property that `Debug` redacts.
const SENSITIVE: &str = "x-sensitive";

/// Marks a property for which null and absence differ.
const NULL_DIFFERS: &str = "x-null-differs";

/// The extension that lists the properties redacted by `Debug`.
pub(crate) const SENSITIVE_FIELDS: &str = "x-sensitive-fields";

/// The extension that lists the properties for which null and absence differ.
pub(crate) const NULL_FIELDS: &str = "x-null-fields";

/// Moves marks to the enclosing schemas, and marks optional nullable properties of PATCH bodies.
pub(super) fn lower(document: &mut Value) {
    for schema in patch_bodies(document) {
        if let Some(schema) = schema.find_mut(document) {
            mark_nullable(schema);
        }
    }
    for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
        let Some(schema) = schema.as_object_mut() else {
            return;
        };
        move_up(schema, SENSITIVE, SENSITIVE_FIELDS);
        move_up(schema, NULL_DIFFERS, NULL_FIELDS);
    });
}

/// The places of the schemas of all JSON PATCH bodies.
fn patch_bodies(document: &Value) -> Vec<Pointer> {
    let mut found = Vec::new();
    for_each_operation(document, |pointer, route, operation| {
        let place = ["requestBody", "content", "application/json", "schema"];
        let inline = place
            .iter()
            .fold(pointer.clone(), |at, token| at.join(token));
        if route.method == "patch"
            && operation.get("requestBody").is_some()
            && let Some(schema) = inline.find(document)
        {
            found.push(resolve::referenced_at(document, schema).unwrap_or(inline));
        }
    });
    found
}

fn mark_nullable(schema: &mut Value) {
    let required = schema["required"].clone();
    let is_required = |name: &str| {
        let required = required.as_array();
        required.is_some_and(|required| required.iter().any(|required| required == name))
    };
    for (name, property) in properties(schema) {
        if property["nullable"] == true && !is_required(name) {
            property[NULL_DIFFERS] = json!(true);
        }
    }
}

fn properties(schema: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    properties.into_iter().flatten()
}

fn move_up(schema: &mut Map<String, Value>, mark: &str, list: &str) {
    let Some(Value::Object(properties)) = schema.get_mut("properties") else {
        return;
    };
    let mut names = Vec::new();
    for (name, property) in properties {
        if let Some(property) = property.as_object_mut()
            && property.shift_remove(mark) == Some(json!(true))
        {
            names.push(json!(name));
        }
    }
    if !names.is_empty() {
        schema.insert(list.to_owned(), Value::Array(names));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(method: &str, body: Value, schemas: Value) -> Value {
        json!({
            "paths": {"/blocks": {method: {"requestBody": {
                "content": {"application/json": {"schema": body}},
            }}}},
            "components": {"schemas": schemas},
        })
    }

    fn reference(name: &str) -> Value {
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    #[test]
    fn moves_marks_to_the_enclosing_schema() {
        let mut document = document(
            "post",
            reference("Link"),
            json!({"Link": {"properties": {
                "url": {"type": "string", "x-sensitive": true},
                "data": {"$ref": "#/components/schemas/Data", "x-sensitive": true},
                "color": {"type": "string", "nullable": true, "x-null-differs": true},
                "x-sensitive": {"type": "string", "nullable": true},
            }}}),
        );
        lower(&mut document);
        assert_eq!(
            document["components"]["schemas"]["Link"],
            json!({
                "properties": {
                    "url": {"type": "string"},
                    "data": {"$ref": "#/components/schemas/Data"},
                    "color": {"type": "string", "nullable": true},
                    "x-sensitive": {"type": "string", "nullable": true},
                },
                "x-sensitive-fields": ["url", "data"],
                "x-null-fields": ["color"],
            })
        );
    }

    #[test]
    fn lists_optional_nullable_properties_of_patch_bodies() {
        let schema = json!({
            "required": ["id"],
            "properties": {
                "id": {"type": "string", "nullable": true},
                "name": {"type": "string", "nullable": true},
                "count": {"type": "integer"},
            },
        });
        let place = "/paths/~1blocks/patch/requestBody/content/application~1json/schema";
        for (body, place) in [
            (reference("Patch"), "/components/schemas/Patch"),
            (schema.clone(), place),
        ] {
            let mut patch = document("patch", body, json!({"Patch": schema}));
            lower(&mut patch);
            let lowered = patch.pointer(place).unwrap();
            assert_eq!(lowered[NULL_FIELDS], json!(["name"]), "{place}");
        }
        let mut post = document("post", reference("Patch"), json!({"Patch": schema}));
        let before = post.clone();
        lower(&mut post);
        assert_eq!(post, before);
    }
}
