//! Reduces the responses of every operation to one success response for any 2xx status.
//!
//! The generator matches statuses exactly and panics on two success types. The service switches
//! between 200, 201 and 202, so one range covers them. Error responses are dropped, since the
//! runtime preserves the complete error response for any status and content type. If success
//! responses differ, JSON takes precedence over bytes, and several JSON bodies become one union.

use serde_json::{Value, json};

use super::{media_type, resolve};
use crate::document::for_each_operation_mut;

/// Reduces the responses of every operation to `2XX`.
pub(super) fn lower(document: &mut Value) {
    let whole = document.clone();
    for_each_operation_mut(document, |_, _, operation| {
        let success = match success(&whole, operation) {
            Success::Empty => json!({"description": ""}),
            Success::Json(schema) => {
                json!({"description": "", "content": {"application/json": {"schema": schema}}})
            }
            Success::Bytes(_) => json!({"description": "", "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            }}),
        };
        operation["responses"] = json!({"2XX": success});
    });
}

/// The success response of an operation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Success {
    /// No typed body.
    Empty,
    /// JSON with this schema.
    Json(Value),
    /// Bytes with these media types.
    Bytes(Vec<String>),
}

/// Returns the success response of an operation in the spec.
pub(crate) fn success(document: &Value, operation: &Value) -> Success {
    let (mut schemas, mut media_types) = bodies(document, operation);
    match (schemas.len(), media_types.is_empty()) {
        (0, true) => Success::Empty,
        (0, false) => {
            media_types.sort();
            media_types.dedup();
            Success::Bytes(media_types)
        }
        (1, _) => Success::Json(schemas.remove(0)),
        (_, _) => Success::Json(json!({"anyOf": schemas})),
    }
}

/// Returns the distinct schemas of the JSON success bodies of `operation`.
pub(crate) fn json_successes(document: &Value, operation: &Value) -> Vec<Value> {
    bodies(document, operation).0
}

/// The distinct schemas of JSON bodies and the other media types.
fn bodies(document: &Value, operation: &Value) -> (Vec<Value>, Vec<String>) {
    let mut schemas: Vec<Value> = Vec::new();
    let mut media_types: Vec<String> = Vec::new();
    for response in successes(operation) {
        let response = resolve::referenced(document, response);
        let content = response.get("content").and_then(Value::as_object);
        for (name, content) in content.into_iter().flatten() {
            if !media_type::is_json(name) {
                media_types.push(name.clone());
                continue;
            }
            let schema = content.get("schema").cloned().unwrap_or_else(|| json!({}));
            if !schemas.contains(&schema) {
                schemas.push(schema);
            }
        }
    }
    (schemas, media_types)
}

/// The responses with a 2xx status, or the default response if there are none.
fn successes(operation: &Value) -> Vec<&Value> {
    let responses = operation["responses"].as_object();
    let listed: Vec<&Value> = responses
        .into_iter()
        .flatten()
        .filter(|(status, _)| status.starts_with('2'))
        .map(|(_, response)| response)
        .collect();
    if listed.is_empty() {
        operation["responses"].get("default").into_iter().collect()
    } else {
        listed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowered(responses: Value) -> Value {
        let mut document = json!({"paths": {"/x": {"get": {"responses": responses}}}});
        lower(&mut document);
        document["paths"]["/x"]["get"]["responses"].take()
    }

    #[test]
    fn merges_statuses_and_drops_errors() {
        let run = json!({"$ref": "#/components/schemas/Run"});
        assert_eq!(
            lowered(json!({
                "202": {"content": {"application/json": {"schema": run}}},
                "422": {"content": {"application/json": {"schema": {}}}},
            })),
            json!({"2XX": {"description": "", "content": {"application/json": {"schema": run}}}})
        );
        assert_eq!(
            lowered(json!({"204": {"description": "gone"}})),
            json!({"2XX": {"description": ""}})
        );
    }

    #[test]
    fn prefers_json_over_bytes() {
        assert_eq!(
            lowered(json!({
                "200": {"content": {"application/stream+json": {"schema": {}}}},
                "201": {"content": {"application/json": {"schema": {"type": "string"}}}},
            })),
            json!({"2XX": {"description": "", "content": {
                "application/json": {"schema": {"type": "string"}},
            }}})
        );
    }

    #[test]
    fn treats_other_media_types_as_bytes() {
        assert_eq!(
            lowered(json!({"200": {"content": {"text/csv": {"schema": {"type": "string"}}}}})),
            json!({"2XX": {"description": "", "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            }}})
        );
    }

    #[test]
    fn merges_json_bodies_into_a_union() {
        let operation = json!({"responses": {
            "200": {"content": {"application/json": {"schema": {"type": "string"}}}},
            "201": {"content": {"application/json": {"schema": {"type": "integer"}}}},
        }});
        assert_eq!(
            success(&json!({}), &operation),
            Success::Json(json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}))
        );
    }

    #[test]
    fn follows_response_references() {
        let document = json!({"components": {"responses": {"Csv": {"content": {"text/csv": {}}}}}});
        let operation = json!({"responses": {"default": {"$ref": "#/components/responses/Csv"}}});
        assert_eq!(
            success(&document, &operation),
            Success::Bytes(vec!["text/csv".to_owned()])
        );
    }
}
