//! Intentional differences between the client and the spec.
//!
//! Samples come from the corrected spec. Requests must still be valid under the original spec.

use serde_json::{Map, Value, json};

/// Properties outside of PATCH bodies for which null differs from absence, by schema and property.
pub(crate) const MEANINGFUL_NULLS: [(&str, &str); 2] = [
    ("EditConfig", "color"),
    ("ValidateWorkflowBlockConfigRequest", "config_mode"),
];

/// Applies the corrections of the client to the spec.
pub(crate) fn corrected(mut spec: Value) -> Value {
    // With `stream`, this operation returns a stream instead of JSON. The client only sets it in the streaming operation.
    let mut request = spec["components"]["schemas"]["CreateExtractionRequest"].clone();
    object_mut(&mut request["properties"])
        .shift_remove("stream")
        .unwrap();
    let operation = &mut spec["paths"]["/v1/extractions"]["post"];
    operation["requestBody"]["content"]["application/json"]["schema"] = request;
    object_mut(&mut operation["responses"])
        .shift_remove("200")
        .unwrap();

    // A restart sends both fields, which are missing from the spec.
    let request = &mut spec["components"]["schemas"]["CreateWorkflowRunRequest"];
    for name in ["trigger_type", "parent_run_id"] {
        let existing = object_mut(&mut request["properties"])
            .insert(name.to_owned(), json!({"type": "string"}));
        assert_eq!(existing, None, "the spec now defines {name}");
    }
    spec
}

/// Body properties that the client generates if the caller does not set them, by operation.
const GENERATED_IDS: [(&str, &str); 1] = [("cancel_workflow_run", "command_id")];

/// Removes the generated id from the received arguments. Panics if it is missing.
pub(crate) fn without_generated_id(
    operation: &str,
    sent: &Map<String, Value>,
    mut received: Map<String, Value>,
) -> Map<String, Value> {
    let Some((_, name)) = GENERATED_IDS.iter().find(|(id, _)| *id == operation) else {
        return received;
    };
    let sampled = sent.get("body").and_then(|body| body.get(name));
    if sampled.is_some_and(|id| !id.is_null()) {
        return received;
    }
    let body = received.get_mut("body").and_then(Value::as_object_mut);
    let generated = body.and_then(|body| body.shift_remove(*name));
    assert!(
        generated.is_some_and(|id| id.as_str().is_some_and(|id| id.len() == 32)),
        "{operation} sent no generated {name}"
    );
    // Restore the sampled arguments: no body if it contained only the id, or the sampled null instead of the id.
    if received["body"] == json!({}) && sent.get("body").is_none_or(Value::is_null) {
        received.shift_remove("body");
        received.extend(
            sent.get_key_value("body")
                .map(|(key, body)| (key.clone(), body.clone())),
        );
    } else if let Some(sampled) = sampled {
        object_mut(&mut received["body"]).insert((*name).to_owned(), sampled.clone());
    }
    received
}

/// Counts the unions in a valid response that match two variants: an empty summary matches both the extraction and the
/// confusion variant.
pub(crate) fn ambiguities(response: &Value) -> usize {
    let is_empty = |aggregate: &Value| aggregate.as_object().is_some_and(Map::is_empty);
    usize::from(response["kind"] == "summary" && is_empty(&response["aggregate"]))
}

fn object_mut(value: &mut Value) -> &mut Map<String, Value> {
    value.as_object_mut().unwrap()
}
