//! Drops components that no operation uses.
//!
//! Earlier passes drop error responses and multipart bodies. Types used only by them would add
//! compile time and clutter the docs.

use std::collections::BTreeSet;

use serde_json::Value;

use super::component_names::PREFIX;

/// Drops component schemas unreachable from operations, and all other components.
pub(super) fn lower(document: &mut Value) {
    let mut reached = BTreeSet::new();
    let mut open: Vec<String> = references(&document["paths"]);
    while let Some(name) = open.pop() {
        if reached.insert(name.clone()) {
            let schema = &document["components"]["schemas"][&name];
            open.extend(references(schema));
        }
    }
    if let Some(components) = document["components"].as_object_mut() {
        components.retain(|kind, _| kind == "schemas");
    }
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| reached.contains(name));
    }
}

/// Returns the components that `part` of a spec refers to, once per reference.
pub(crate) fn references(part: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![part];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                let reference = members.get("$ref").and_then(Value::as_str);
                found.extend(
                    reference
                        .and_then(|name| name.strip_prefix(PREFIX))
                        .map(str::to_owned),
                );
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn drops_unreachable_components() {
        let reference = |name: &str| json!({"$ref": format!("{PREFIX}{name}")});
        let mut document = json!({
            "paths": {"/runs": {"get": {"responses": {"2XX": {"content": {
                "application/json": {"schema": reference("Run")},
            }}}}}},
            "components": {
                "responses": {"Error": {}},
                "schemas": {
                    "Run": {"properties": {"next": reference("Run"), "step": reference("Step")}},
                    "Step": {"type": "object"},
                    "ValidationError": {"type": "object"},
                },
            },
        });
        lower(&mut document);
        assert_eq!(
            document["components"],
            json!({"schemas": {
                "Run": {"properties": {"next": reference("Run"), "step": reference("Step")}},
                "Step": {"type": "object"},
            }})
        );
    }
}
