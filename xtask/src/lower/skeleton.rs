//! Reduces the top level of the spec to that of OpenAPI 3.0.
//!
//! The generator reads only 3.0 and sends `info.version` as a header with every request. It needs
//! no servers, security or tags: the caller sets the base URL and the credentials of the client,
//! and the operation table contains the tags.

use serde_json::{Map, Value, json};

use crate::document::for_each_operation_mut;

/// Reduces the spec to `openapi`, `info`, `paths` and the components used later.
pub(super) fn lower(document: &mut Value) {
    let paths = document.get_mut("paths").map(Value::take);
    let schemas = document.pointer_mut("/components/schemas").map(Value::take);
    let mut components = match document.get_mut("components").map(Value::take) {
        Some(Value::Object(components)) => components,
        _ => Map::new(),
    };
    // Later passes resolve references from operations to these components.
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
    fn drops_keys_the_generator_does_not_use() {
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
    fn creates_missing_component_schemas() {
        for components in [json!(null), json!({}), json!({"schemas": null})] {
            let mut document = json!({"paths": {}, "components": components});
            lower(&mut document);
            assert_eq!(document["components"]["schemas"], json!({}));
        }
    }
}
