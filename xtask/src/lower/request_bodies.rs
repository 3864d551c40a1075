//! Reduces request bodies to a single JSON type or drops them.
//!
//! The generator rejects `multipart/form-data` and panics on two media types. JSON and form bodies
//! stay as `application/json`. Other bodies are dropped, and the code generation adds setters for
//! their parts, text or file to the builder, based on the operation table. The generator requires
//! every body, so the table also records whether it is optional. A nullable body is optional, so
//! `nullable` is removed here.

use serde_json::{Value, json};

use super::{media_type, nullable, resolve};
use crate::document::for_each_operation_mut;

/// Reduces every request body to a form supported by the generator.
pub(super) fn lower(document: &mut Value) {
    let whole = document.clone();
    for_each_operation_mut(document, |_, _, operation| {
        let body = request_body(&whole, operation);
        let Some(operation) = operation.as_object_mut() else {
            return;
        };
        operation.remove("requestBody");
        if let Some(body) = body
            && matches!(body.content(), Content::Json | Content::Form)
        {
            let mut schema = body.schema;
            nullable::lower_schema(&mut schema);
            if let Some(schema) = schema.as_object_mut() {
                schema.remove("nullable");
            }
            operation.insert(
                "requestBody".to_owned(),
                json!({"required": true, "content": {"application/json": {"schema": schema}}}),
            );
        }
    });
}

/// The request body of an operation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RequestBody {
    /// The media type sent by the client.
    pub(crate) media_type: String,
    /// The schema of the body.
    pub(crate) schema: Value,
    /// Whether the body is required.
    pub(crate) required: bool,
}

/// The content of a request body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// One JSON value.
    Json,
    /// Form fields, sent as `application/x-www-form-urlencoded`.
    Form,
    /// Multipart parts, each a string or a file.
    Multipart,
    /// Raw text.
    Text,
    /// Raw bytes.
    File,
}

impl RequestBody {
    /// Returns the kind of content for the media type.
    pub(crate) fn content(&self) -> Content {
        match self.media_type.as_str() {
            "application/json" => Content::Json,
            "application/x-www-form-urlencoded" => Content::Form,
            "multipart/form-data" => Content::Multipart,
            "application/xml" | "application/yaml" | "application/graphql" => Content::Text,
            other if other.starts_with("text/") && !other.contains('*') => Content::Text,
            _ => Content::File,
        }
    }
}

/// The preference among several media types; the lowest wins.
fn rank(media_type: &str) -> usize {
    let essence = media_type::essence(media_type);
    if media_type::is_json(media_type) {
        return 0;
    }
    match essence.as_str() {
        "multipart/form-data" => 1,
        "application/x-www-form-urlencoded" => 2,
        _ => 3,
    }
}

/// Returns the preferred media type of a body, as written in the spec.
pub(crate) fn sent_media_type(body: &Value) -> Option<&str> {
    let content = body.get("content")?.as_object()?;
    let names = content.keys().map(String::as_str);
    names.min_by_key(|name| rank(name))
}

/// Returns the body of an operation in the spec, preferably JSON.
pub(crate) fn request_body(document: &Value, operation: &Value) -> Option<RequestBody> {
    let body = resolve::referenced(document, operation.get("requestBody")?);
    let name = sent_media_type(body)?;
    let content = &body["content"][name];
    let media_type = if media_type::is_json(name) {
        "application/json".to_owned()
    } else {
        media_type::essence(name)
    };
    Some(RequestBody {
        media_type,
        schema: content.get("schema").cloned().unwrap_or_else(|| json!({})),
        required: body["required"] == true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowered(body: Value) -> Option<Value> {
        let mut document = json!({"paths": {"/x": {"post": {"requestBody": body}}}});
        lower(&mut document);
        document["paths"]["/x"]["post"].get("requestBody").cloned()
    }

    #[test]
    fn preserves_json_bodies_without_nullable() {
        let reference = json!({"$ref": "#/components/schemas/Query"});
        assert_eq!(
            lowered(json!({"content": {"application/json; charset=utf-8": {
                "schema": {"anyOf": [reference, {"type": "null"}]},
            }}})),
            Some(json!({"required": true, "content": {"application/json": {"schema": reference}}}))
        );
    }

    #[test]
    fn drops_multipart_bodies() {
        assert_eq!(
            lowered(json!({"required": true, "content": {"multipart/form-data": {"schema": {}}}})),
            None
        );
    }

    #[test]
    fn prefers_json() {
        let operation = json!({"requestBody": {"required": true, "content": {
            "application/x-www-form-urlencoded": {"schema": {"type": "object"}},
            "application/json": {"schema": {"type": "string"}},
        }}});
        assert_eq!(
            request_body(&json!({}), &operation),
            Some(RequestBody {
                media_type: "application/json".to_owned(),
                schema: json!({"type": "string"}),
                required: true,
            })
        );
    }
}
