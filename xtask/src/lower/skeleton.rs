//! The frame of the document becomes that of OpenAPI 3.0.
//!
//! The generator reads 3.0 only, sends `info.version` as a header of every request, and has no use
//! for servers, security and tags: the client gets its base URL and its credentials from the
//! caller, and the table of operations keeps the tags.

use serde_json::{Map, Value, json};

use crate::document::for_each_operation_mut;

/// Reduces the document to `openapi`, `info`, `paths` and `components.schemas`.
pub(super) fn lower(document: &mut Value) {
    let paths = document.get_mut("paths").map(Value::take);
    let schemas = document.pointer_mut("/components/schemas").map(Value::take);
    let mut components = match document.get_mut("components").map(Value::take) {
        Some(Value::Object(components)) => components,
        _ => Map::new(),
    };
    // What operations refer to stays until the passes that resolve it have run.
    components
        .retain(|kind, _| matches!(kind.as_str(), "parameters" | "requestBodies" | "responses"));
    let schemas = schemas.filter(Value::is_object);
    components.insert("schemas".to_owned(), schemas.unwrap_or_else(|| json!({})));
    *document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Retab", "version": "1"},
        "paths": paths.unwrap_or_else(|| json!({})),
        "components": components,
    });
    for_each_operation_mut(document, |_, _, operation| {
        if let Some(operation) = operation.as_object_mut() {
            operation.retain(|key, _| {
                matches!(
                    key.as_str(),
                    "operationId"
                        | "parameters"
                        | "requestBody"
                        | "responses"
                        | "description"
                        | "summary"
                )
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_frame_of_3_0_stays() {
        let mut document = json!({
            "openapi": "3.1.0",
            "info": {"title": "API", "version": "0.1.0"},
            "servers": [{"url": "https://example.com"}],
            "security": [{"Bearer": []}],
            "paths": {"/runs": {"get": {
                "operationId": "list_runs", "tags": ["Runs"], "security": [], "responses": {},
            }}},
            "components": {
                "schemas": {"Run": {"type": "object"}},
                "securitySchemes": {"Bearer": {"type": "http"}},
            },
        });
        lower(&mut document);
        assert_eq!(
            document,
            json!({
                "openapi": "3.0.3",
                "info": {"title": "Retab", "version": "1"},
                "paths": {"/runs": {"get": {"operationId": "list_runs", "responses": {}}}},
                "components": {"schemas": {"Run": {"type": "object"}}},
            })
        );
    }

    #[test]
    fn inline_types_have_a_place_to_go_to() {
        for components in [json!(null), json!({}), json!({"schemas": null})] {
            let mut document = json!({"paths": {}, "components": components});
            lower(&mut document);
            assert_eq!(document["components"]["schemas"], json!({}));
        }
    }
}
