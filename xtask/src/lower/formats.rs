//! Of the formats, only `date-time` stays.
//!
//! The generator turns others into types that refuse (`uuid`, `ipv4`), that lose (a `float` as
//! `f32`) or that need another crate. A timestamp is worth a type; everything else is a string,
//! an `i64` or an `f64`.

use serde_json::Value;

use crate::document::{Order, for_each_schema_mut};

/// Drops every format but `date-time`, and the binary one that marks an answer of bytes.
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
    fn only_timestamps_keep_their_format() {
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
