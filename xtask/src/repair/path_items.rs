//! Inlines path items that paths refer to.
//!
//! Keys beside the reference take precedence. Iteration over operations follows no references, so this pass copies
//! the operations into the path.

use serde_json::Value;

use super::notes::Repairs;
use crate::lower::referenced;

/// Inlines the path items that paths refer to.
pub(super) fn repair(document: &mut Value, _: &mut Repairs) {
    let whole = document.clone();
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    for item in paths.values_mut() {
        let target = referenced(&whole, item).clone();
        // Validation rejects dangling references.
        if target.get("$ref").is_some() {
            continue;
        }
        let (Value::Object(target), Some(item)) = (target, item.as_object_mut()) else {
            continue;
        };
        if item.remove("$ref").is_some() {
            for (key, value) in target {
                item.entry(key).or_insert(value);
            }
        }
    }
    let is_left = paths.values().any(|item| item.get("$ref").is_some());
    if !is_left
        && let Some(components) = document
            .get_mut("components")
            .and_then(Value::as_object_mut)
    {
        components.remove("pathItems");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn inlines_referenced_path_items() {
        let (document, _) = crate::repair::testing::repaired(
            repair,
            json!({
                "paths": {"/a": {"$ref": "#/components/pathItems/A", "get": {"operationId": "own"}}},
                "components": {"pathItems": {"A": {"get": {}, "post": {"operationId": "shared"}}}},
            }),
        );
        assert_eq!(
            document,
            json!({
                "paths": {"/a": {"get": {"operationId": "own"}, "post": {"operationId": "shared"}}},
                "components": {},
            })
        );
    }
}
