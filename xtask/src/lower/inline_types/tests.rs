//! Tests for hoisting inline types.

use serde_json::{Map, Value, json};

use super::hoist::lower;
use crate::lower::component_names::PREFIX;

fn reference(name: &str) -> Value {
    json!({"$ref": format!("{PREFIX}{name}")})
}

fn lowered(schemas: Value) -> Value {
    let mut document = json!({"paths": {}, "components": {"schemas": schemas}});
    lower(&mut document);
    document["components"]["schemas"].take()
}

#[test]
fn names_inline_types_after_their_place() {
    let schemas = lowered(json!({"Run": {"properties": {
        "status": {"type": "string", "enum": ["a", "b"], "description": "The state.", "nullable": true},
        "steps": {"type": "array", "items": {"properties": {"id": {"type": "string"}}}},
        "note": {"type": "string"},
    }}}));
    assert_eq!(
        schemas,
        json!({
            "Run": {"properties": {
                "status": {
                    "description": "The state.",
                    "nullable": true,
                    "$ref": "#/components/schemas/RunStatus",
                },
                "steps": {"type": "array", "items": reference("RunStep")},
                "note": {"type": "string"},
            }},
            "RunStatus": {"type": "string", "enum": ["a", "b"]},
            "RunStep": {"properties": {"id": {"type": "string"}}},
        })
    );
}

#[test]
fn names_nested_types_after_the_outer_type() {
    let schemas = lowered(json!({"Run": {"properties": {
        "error": {"properties": {"stage": {"enum": ["a", "b"]}}},
    }}}));
    assert_eq!(
        schemas["RunError"]["properties"]["stage"],
        reference("RunErrorStage")
    );
    assert_eq!(schemas["RunErrorStage"], json!({"enum": ["a", "b"]}));
}

#[test]
fn merges_equal_types_under_their_common_words() {
    let source =
        |text: &str| json!({"anyOf": [reference("A"), reference("B")], "description": text});
    let schemas = lowered(json!({
        "A": {"type": "object"},
        "B": {"type": "object"},
        "CreateEvalRequest": {"properties": {"source": source("one")}},
        "UpdateEvalRequest": {"properties": {"source": source("another")}},
        "WorkflowEval": {"properties": {"source": source("a third")}},
    }));
    assert_eq!(
        schemas["EvalSource"],
        json!({"anyOf": [reference("A"), reference("B")]})
    );
    assert_eq!(
        schemas["WorkflowEval"]["properties"]["source"]["$ref"],
        reference("EvalSource")["$ref"]
    );
    assert_eq!(schemas.as_object().map(Map::len), Some(6));
}

#[test]
fn ignores_order_of_values_and_keywords() {
    let schemas = lowered(json!({
        "Review": {"properties": {"block_type": {"type": "string", "enum": ["split", "extract"]}}},
        "Result": {"properties": {"block_type": {"enum": ["extract", "split"], "type": "string"}}},
    }));
    assert_eq!(
        schemas["Review"]["properties"]["block_type"],
        reference("BlockType")
    );
    assert_eq!(
        schemas["Result"]["properties"]["block_type"],
        reference("BlockType")
    );
}

#[test]
fn rejects_single_word_names() {
    let order = json!({"enum": ["asc", "desc"]});
    let schemas = lowered(json!({
        "Query": {"properties": {"order": order}},
        "Listing": {"properties": {"order": order}},
    }));
    assert_eq!(schemas["QueryOrder"], order);
    assert_eq!(
        schemas["Listing"]["properties"]["order"],
        reference("QueryOrder")
    );
}

#[test]
fn uses_type_name_from_overlay() {
    let schemas = lowered(json!({
        "Query": {"properties": {"order": {"enum": ["asc", "desc"], "x-type-name": "Order"}}},
        "Listing": {"properties": {"order": {"enum": ["asc", "desc"]}}},
    }));
    assert_eq!(schemas["Order"], json!({"enum": ["asc", "desc"]}));
    assert_eq!(
        schemas["Listing"]["properties"]["order"],
        reference("Order")
    );
}

#[test]
fn preserves_component_names_on_collision() {
    let schemas = lowered(json!({
        "Job": {"properties": {"response": {"properties": {"id": {"type": "string"}}}}},
        "JobResponse": {"type": "object"},
    }));
    assert_eq!(schemas["JobResponse"], json!({"type": "object"}));
    assert_eq!(
        schemas["Job"]["properties"]["response"],
        reference("JobResponse2")
    );
}

#[test]
fn names_parameter_and_response_types_after_their_operation() {
    let mut document = json!({
        "paths": {"/runs": {"get": {
            "operationId": "list_runs",
            "parameters": [
                {"in": "query", "name": "limit", "schema": {"type": "integer"}},
                {"in": "query", "name": "status", "schema": {"enum": ["a", "b"]}},
            ],
            "responses": {"2XX": {"content": {"application/json": {"schema": {
                "oneOf": [reference("A"), reference("B")],
            }}}}},
        }}},
        "components": {"schemas": {"A": {}, "B": {}}},
    });
    lower(&mut document);
    let operation = &document["paths"]["/runs"]["get"];
    assert_eq!(
        operation["parameters"][1]["schema"],
        reference("ListRunsStatus")
    );
    assert_eq!(
        operation["responses"]["2XX"]["content"]["application/json"]["schema"],
        reference("ListRunsResponse")
    );
}

#[test]
fn names_variants_after_constants_and_scalar_unions_after_their_types() {
    let schemas = lowered(json!({"Event": {"properties": {
        "payload": {"oneOf": [
            {"properties": {"kind": {"const": "opened"}}},
            {"properties": {"kind": {"const": "closed"}}},
        ]},
        "key": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
    }}}));
    assert_eq!(
        schemas["EventPayload"],
        json!({"oneOf": [reference("EventPayloadOpened"), reference("EventPayloadClosed")]})
    );
    assert_eq!(
        schemas["Event"]["properties"]["key"],
        reference("StringOrInteger")
    );
}
