//! Notes request bodies that are sent in a single media type.
//!
//! JSON is preferred, then multipart, then forms, then any other media type.

use serde_json::Value;

use super::notes::Repairs;
use crate::document::for_each_operation;
use crate::lower::{Content, referenced_at, request_body, sent_media_type};

/// Notes bodies that are not sent as JSON or multipart, and unused media types.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    for_each_operation(document, |pointer, _, operation| {
        let (Some(body), Some(node)) = (
            request_body(document, operation),
            operation.get("requestBody"),
        ) else {
            return;
        };
        let place = match node.get("$ref") {
            Some(_) => referenced_at(document, node),
            None => Some(pointer.join("requestBody")),
        };
        let Some(node) = place.as_ref().and_then(|place| place.find(document)) else {
            return;
        };
        let (Some(place), Some(sent)) = (place, sent_media_type(node)) else {
            return;
        };
        let content = place.join("content");
        let how = match body.content() {
            Content::Json | Content::Multipart => None,
            Content::Form => Some("sent as URL-encoded form fields"),
            Content::Text => Some("sent as raw text"),
            Content::File => Some("sent as raw bytes"),
        };
        if let Some(how) = how {
            repairs.note(&content.join(sent), how);
        }
        let all = node["content"].as_object().into_iter().flatten();
        for (other, _) in all.filter(|(name, _)| *name != sent) {
            repairs.note(
                &content.join(other),
                format_args!("the body is sent as {sent}; dropped"),
            );
        }
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn notes_form_bodies_and_unused_media_types() {
        let body = json!({"requestBody": {"content": {
            "text/csv": {}, "application/x-www-form-urlencoded": {"schema": {"type": "object"}},
        }}});
        let json = json!({"requestBody": {"$ref": "#/components/requestBodies/R"}});
        let (_, notes) = crate::repair::testing::repaired(
            repair,
            json!({
                "paths": {"/a": {"post": body, "put": json}},
                "components": {"requestBodies": {"R": {"content": {"application/json": {}, "a/b": {}}}}},
            }),
        );
        let at = "/paths/~1a/post/requestBody/content";
        assert_eq!(
            notes,
            [
                "/components/requestBodies/R/content/a~1b: the body is sent as application/json; dropped".to_owned(),
                format!("{at}/application~1x-www-form-urlencoded: sent as URL-encoded form fields"),
                format!("{at}/text~1csv: the body is sent as application/x-www-form-urlencoded; dropped"),
            ]
        );
    }
}
