//! An operation has one body, of one media type: JSON where it is offered, else parts, else a form, else what it is.

use serde_json::Value;

use super::Repairs;
use crate::document::for_each_operation;
use crate::lower::{Content, referenced_at, request_body, sent_media_type};

/// Notes the bodies that are sent as they are given, and the media types that are not sent.
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
            Content::Form => Some("its schema is that of the pairs of a form, which are sent"),
            Content::Text => Some("its text is given, and sent as it is"),
            Content::File => Some("its bytes are given, and sent as they are"),
        };
        if let Some(how) = how {
            repairs.note(&content.join(sent), how);
        }
        let all = node["content"].as_object().into_iter().flatten();
        for (other, _) in all.filter(|(name, _)| *name != sent) {
            repairs.note(
                &content.join(other),
                format_args!("the body is sent in {sent}: left out"),
            );
        }
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_sent_is_told_and_what_is_not() {
        let body = json!({"requestBody": {"content": {
            "text/csv": {}, "application/x-www-form-urlencoded": {"schema": {"type": "object"}},
        }}});
        let json = json!({"requestBody": {"$ref": "#/components/requestBodies/R"}});
        let (_, notes) = super::super::repaired(
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
                "/components/requestBodies/R/content/a~1b: the body is sent in application/json: left out".to_owned(),
                format!("{at}/application~1x-www-form-urlencoded: its schema is that of the pairs of a form, which are sent"),
                format!("{at}/text~1csv: the body is sent in application/x-www-form-urlencoded: left out"),
            ]
        );
    }
}
