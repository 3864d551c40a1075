//! Drops all formats except `date-time` and `binary`.
//!
//! The generator maps other formats to types that reject values (`uuid`, `ipv4`), lose precision
//! (`float` as `f32`) or require another crate. Only timestamps get their own type. Other values
//! are strings, `i64` or `f64`.

use serde_json::Value;

use crate::document::{Order, for_each_schema_mut};

/// Drops every format except `date-time` and `binary`, which marks a response of bytes.
pub(super) fn lower(document: &mut Value) {
    for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
        let kept = schema["type"] == "string"
            && matches!(schema["format"].as_str(), Some("date-time" | "binary"));
        if !kept && let Some(schema) = schema.as_object_mut() {
            schema.remove("format");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn preserves_only_timestamp_formats() {
        let mut document = json!({"components": {"schemas": {"File": {"properties": {
            "created_at": {"type": "string", "format": "date-time"},
            "id": {"type": "string", "format": "uuid"},
            "format": {"type": "number", "format": "float"},
        }}}}});
        lower(&mut document);
        assert_eq!(
            document["components"]["schemas"]["File"]["properties"],
            json!({
                "created_at": {"type": "string", "format": "date-time"},
                "id": {"type": "string"},
                "format": {"type": "number"},
            })
        );
    }
}
