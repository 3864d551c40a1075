//! Where the client's contract is not what the document says, and why.
//!
//! Values are drawn from the corrected document; what arrives is checked against the document as it is, which takes all
//! of it.

use serde_json::{Map, Value, json};

/// The null of these properties is no absence, beside those of the PATCH bodies: by schema and property.
pub(crate) const MEANINGFUL_NULLS: [(&str, &str); 2] = [
    ("EditConfig", "color"),
    ("ValidateWorkflowBlockConfigRequest", "config_mode"),
];

/// The document as the client has it.
pub(crate) fn corrected(mut document: Value) -> Value {
    // With `stream` this operation answers a stream in the place of JSON; it is settable on the operation of the stream
    // alone.
    let mut request = document["components"]["schemas"]["CreateExtractionRequest"].clone();
    fields(&mut request["properties"])
        .shift_remove("stream")
        .unwrap();
    let operation = &mut document["paths"]["/v1/extractions"]["post"];
    operation["requestBody"]["content"]["application/json"]["schema"] = request;
    fields(&mut operation["responses"])
        .shift_remove("200")
        .unwrap();

    // What a restart sends; the document has neither.
    let request = &mut document["components"]["schemas"]["CreateWorkflowRunRequest"];
    for name in ["trigger_type", "parent_run_id"] {
        let known =
            fields(&mut request["properties"]).insert(name.to_owned(), json!({"type": "string"}));
        assert_eq!(known, None, "the document has caught up");
    }
    document
}

/// The ids that the client gives to commands whose caller gives none: by operation and property of the body.
const GENERATED_IDS: [(&str, &str); 1] = [("cancel_workflow_run", "command_id")];

/// What arrived, without the id that the client has given to it; an id that should be there and is not fails the test.
pub(crate) fn without_generated_id(
    operation: &str,
    sent: &Map<String, Value>,
    mut arrived: Map<String, Value>,
) -> Map<String, Value> {
    let Some((_, name)) = GENERATED_IDS.iter().find(|(id, _)| *id == operation) else {
        return arrived;
    };
    let drawn = sent.get("body").and_then(|body| body.get(name));
    if drawn.is_some_and(|drawn| !drawn.is_null()) {
        return arrived;
    }
    let body = arrived.get_mut("body").and_then(Value::as_object_mut);
    let generated = body.and_then(|body| body.shift_remove(*name));
    assert!(
        generated.is_some_and(|id| id.as_str().is_some_and(|id| id.len() == 32)),
        "{operation} has sent no {name} of its own"
    );
    // Where nothing else was there, neither was a body; and null is what was drawn in the place of the id.
    if arrived["body"] == json!({}) && sent.get("body").is_none_or(Value::is_null) {
        arrived.shift_remove("body");
        arrived.extend(
            sent.get_key_value("body")
                .map(|(key, body)| (key.clone(), body.clone())),
        );
    } else if let Some(drawn) = drawn {
        fields(&mut arrived["body"]).insert((*name).to_owned(), drawn.clone());
    }
    arrived
}

/// How many unions of a valid answer fit two variants, so that none can be told: a summary without a property is one of
/// an extraction as well as one of a confusion.
pub(crate) fn ambiguities(answer: &Value) -> usize {
    let is_empty = |aggregate: &Value| aggregate.as_object().is_some_and(Map::is_empty);
    usize::from(answer["kind"] == "summary" && is_empty(&answer["aggregate"]))
}

fn fields(value: &mut Value) -> &mut Map<String, Value> {
    value.as_object_mut().unwrap()
}
