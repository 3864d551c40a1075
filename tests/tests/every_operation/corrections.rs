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

/// How many unions of a valid answer fit two variants, so that none can be told: a summary without a property is one of
/// an extraction as well as one of a confusion.
pub(crate) fn ambiguities(answer: &Value) -> usize {
    let is_empty = |aggregate: &Value| aggregate.as_object().is_some_and(Map::is_empty);
    usize::from(answer["kind"] == "summary" && is_empty(&answer["aggregate"]))
}

fn fields(value: &mut Value) -> &mut Map<String, Value> {
    value.as_object_mut().unwrap()
}
