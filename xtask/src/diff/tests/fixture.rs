//! A small spec with one part of every kind that can change.

use serde_json::{Value, json};

/// Returns a reference to a component schema.
pub(super) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// Returns a JSON response.
pub(super) fn response(schema: Value) -> Value {
    json!({"description": "", "content": {"application/json": {"schema": schema}}})
}

/// Returns the spec.
// A single literal.
#[allow(clippy::too_many_lines)]
pub(super) fn document() -> Value {
    let run_id =
        json!({"in": "path", "name": "run_id", "required": true, "schema": {"type": "string"}});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Small", "version": "1.0.0"},
        "servers": [{"url": "https://one.example"}],
        "security": [{"Key": []}],
        "paths": {
            "/v1/runs": {
                "get": {
                    "operationId": "list_runs",
                    "tags": ["Runs"],
                    "parameters": [
                        {"in": "query", "name": "limit", "schema": {"type": "integer", "default": 20, "maximum": 100}},
                        {"in": "query", "name": "order", "schema": {"enum": ["asc", "desc"]}},
                        {"in": "query", "name": "workflow_id", "required": true, "schema": {"type": "string"}},
                        {"in": "header", "name": "X-Tenant", "schema": {"type": "string"}},
                        {"in": "cookie", "name": "session", "schema": {"type": "string"}},
                    ],
                    "responses": {"200": response(reference("RunList")), "422": response(reference("Problem"))},
                },
                "post": {
                    "operationId": "create_run",
                    "tags": ["Runs"],
                    "requestBody": {"required": true, "content": {"application/json": {
                        "schema": reference("CreateRunRequest"),
                    }}},
                    "responses": {"200": response(reference("Run"))},
                },
            },
            "/v1/runs/{run_id}": {
                "parameters": [run_id],
                "get": {
                    "operationId": "get_run",
                    "tags": ["Runs"],
                    "responses": {"200": response(reference("Run"))},
                },
                "patch": {
                    "operationId": "update_run",
                    "tags": ["Runs"],
                    "requestBody": {"content": {"application/json": {"schema": reference("UpdateRunRequest")}}},
                    "responses": {"200": response(reference("Run"))},
                },
                "delete": {
                    "operationId": "delete_run",
                    "tags": ["Runs"],
                    "responses": {"204": {"description": ""}},
                },
            },
            "/v1/tables/{table_id}": {
                "get": {
                    "operationId": "download_table",
                    "tags": ["Tables"],
                    "parameters": [
                        {"in": "path", "name": "table_id", "required": true, "schema": {"type": "string"}},
                    ],
                    "responses": {"200": {"description": "", "content": {"text/csv": {"schema": {"type": "string"}}}}},
                },
            },
        },
        "components": {
            "securitySchemes": {"Key": {"type": "apiKey", "in": "header", "name": "Api-Key"}},
            "schemas": {
                "Run": {
                    "type": "object",
                    "required": ["id", "kind", "lifecycle", "position"],
                    "properties": {
                        "id": {"type": "string"},
                        "name": {"type": "string"},
                        "kind": {"enum": ["auto", "manual", "test"]},
                        "created_at": {"type": "string", "format": "date-time"},
                        "lifecycle": {
                            "oneOf": [reference("PendingRun"), reference("DoneRun")],
                            "discriminator": {"propertyName": "status", "mapping": {
                                "pending": "#/components/schemas/PendingRun",
                                "done": "#/components/schemas/DoneRun",
                            }},
                        },
                        "tags": {"type": "array", "items": {"type": "string"}},
                        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                        "object": {"const": "run"},
                        "parent": {"anyOf": [reference("Run"), {"type": "null"}]},
                        "position": reference("Position"),
                        "area": {
                            "type": "object",
                            "required": ["width"],
                            "properties": {"width": {"type": "integer"}, "height": {"type": "integer"}},
                        },
                    },
                },
                "Position": {
                    "type": "object",
                    "required": ["x", "y"],
                    "properties": {"x": {"type": "number"}, "y": {"type": "number"}, "page": {"type": "integer"}},
                },
                "PendingRun": {"type": "object", "properties": {
                    "status": {"const": "pending"}, "queue": {"type": "string"},
                }},
                "DoneRun": {"type": "object", "properties": {
                    "status": {"const": "done"}, "seconds": {"type": "number"},
                }},
                "RunList": {
                    "type": "object",
                    "required": ["data"],
                    "properties": {"data": {"type": "array", "items": reference("Run")}},
                },
                "CreateRunRequest": {
                    "type": "object",
                    "required": ["workflow_id"],
                    "properties": {
                        "workflow_id": {"type": "string"},
                        "version": {"type": "string", "default": "production"},
                        "priority": {"type": "integer"},
                        "mode": {"enum": ["fast", "exact"]},
                    },
                },
                "UpdateRunRequest": {"type": "object", "properties": {
                    "name": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                    "note": {"type": "string"},
                }},
                "Problem": {"type": "object", "properties": {"detail": {"type": "string"}}},
            },
        },
    })
}
