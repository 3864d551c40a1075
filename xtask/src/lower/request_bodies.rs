//! A request body has a type, or leaves the document.
//!
//! The generator refuses `multipart/form-data` and panics on two media types. A body that is one
//! value of a type, JSON or the pairs of a form, stays under the name `application/json`; any other
//! leaves the document, and the code generation adds its parts, its text or its file to the
//! operation's builder from the table of operations. Whether a
//! body can be left out stands in that table as well, since the generator requires every body: so
//! a nullable body is one that can be left out, and not nullable here.

use serde_json::{Value, json};

use super::{media_type, nullable, resolve};
use crate::document::for_each_operation_mut;

/// Reduces every request body to one that the generator reads.
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

/// The body that an operation takes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RequestBody {
    /// The media type that a client sends.
    pub(crate) media_type: String,
    /// The schema of the body.
    pub(crate) schema: Value,
    /// Whether the call needs one.
    pub(crate) required: bool,
}

/// What a request body is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// One JSON value.
    Json,
    /// The pairs of a form, `application/x-www-form-urlencoded`.
    Form,
    /// Parts, each a text or a file.
    Multipart,
    /// A text.
    Text,
    /// Bytes.
    File,
}

impl RequestBody {
    /// What the body is made of, by its media type.
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

/// The order in which one of several media types is chosen.
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

/// The media type in which a body is sent, as the document writes it.
pub(crate) fn sent_media_type(body: &Value) -> Option<&str> {
    let content = body.get("content")?.as_object()?;
    let names = content.keys().map(String::as_str);
    names.min_by_key(|name| rank(name))
}

/// The body of `operation`, which stands in `document`: JSON where it is offered.
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
    fn json_stays_and_is_not_nullable() {
        let reference = json!({"$ref": "#/components/schemas/Query"});
        assert_eq!(
            lowered(json!({"content": {"application/json; charset=utf-8": {
                "schema": {"anyOf": [reference, {"type": "null"}]},
            }}})),
            Some(json!({"required": true, "content": {"application/json": {"schema": reference}}}))
        );
    }

    #[test]
    fn a_multipart_body_leaves() {
        assert_eq!(
            lowered(json!({"required": true, "content": {"multipart/form-data": {"schema": {}}}})),
            None
        );
    }

    #[test]
    fn json_is_preferred() {
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
