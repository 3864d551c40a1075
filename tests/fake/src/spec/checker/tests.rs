use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};

use serde_json::{Value, json};

use super::Checker;
use crate::received_request::ReceivedRequest;
use crate::spec::openapi::Spec;

fn spec() -> Spec {
    Spec::new(json!({
        "paths": {"/v1/runs/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "post": {
                "operationId": "update_run",
                "parameters": [
                    {"name": "id", "in": "query", "schema": {"type": "integer", "minimum": 1}},
                    {"name": "tag", "in": "query", "schema": {"anyOf": [
                        {"type": "array", "items": {"type": "string"}}, {"type": "null"},
                    ]}},
                    {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}},
                ],
                "requestBody": {"required": true, "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Run"},
                }}},
            },
        }},
        "components": {"schemas": {
            "Run": {"type": "object", "properties": {"timing": {"$ref": "#/components/schemas/Timing"}}},
            "Timing": {"type": "object", "properties": {"at": {"type": "string", "format": "date-time"}}},
        }},
    }))
}

fn request(target: &str, headers: &[(&str, &str)], body: &'static str) -> ReceivedRequest {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers = headers.iter().map(|(name, value)| {
        (
            name.parse::<HeaderName>().unwrap(),
            HeaderValue::from_str(value).unwrap(),
        )
    });
    ReceivedRequest {
        method: Method::POST,
        path: path.to_owned(),
        query: query.to_owned(),
        headers: headers.collect(),
        body: Bytes::from_static(body.as_bytes()),
    }
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn decodes_request_into_arguments() {
    let spec = spec();
    let checker = Checker::new(&spec).unwrap();
    let received = request(
        "/v1/runs/a%2Fb?tag=2&id=7&tag=a+b",
        &[JSON, ("idempotency-key", "k"), ("accept", "*/*")],
        r#"{"timing":{"at":"2024-01-15T10:30:00Z"}}"#,
    );
    let (arguments, violations) = checker
        .decode_request(&spec.operations()[0], &received)
        .unwrap();
    assert_eq!(violations, []);
    assert_eq!(
        Value::Object(arguments),
        json!({
            "path": {"id": "a/b"},
            "query": {"tag": ["2", "a b"], "id": 7},
            "header": {"Idempotency-Key": "k"},
            "body": {"timing": {"at": "2024-01-15T10:30:00Z"}},
        })
    );
}

#[test]
fn reports_violations_with_their_paths() {
    let spec = spec();
    let checker = Checker::new(&spec).unwrap();
    for (received, path) in [
        (request("/v1/runs/a/b", &[JSON], "{}"), "path"),
        (request("/v1/runs/", &[JSON], "{}"), "path"),
        (request("/v1/runs/a?limti=1", &[JSON], "{}"), "query/limti"),
        (request("/v1/runs/a?id=0", &[JSON], "{}"), "query/id"),
        (request("/v1/runs/a?id=x", &[JSON], "{}"), "query/id"),
        (request("/v1/runs/a?id=1&id=2", &[JSON], "{}"), "query/id"),
        (
            request("/v1/runs/a", &[JSON, ("api-version", "1")], "{}"),
            "header/api-version",
        ),
        (request("/v1/runs/a", &[], ""), "body"),
        (
            request("/v1/runs/a", &[("content-type", "text/plain")], "{}"),
            "body",
        ),
        (request("/v1/runs/a", &[JSON], "{"), "body"),
        (
            request("/v1/runs/a", &[JSON], r#"{"timing":{"at":"today"}}"#),
            "body/timing/at",
        ),
    ] {
        let (_, violations) = checker
            .decode_request(&spec.operations()[0], &received)
            .unwrap();
        let found = violations.iter().any(|violation| violation.path == path);
        assert!(found, "{path}: {violations:?}");
    }
    let mut received = request("/v1/runs/a", &[JSON], "{}");
    received.method = Method::PUT;
    let (_, violations) = checker
        .decode_request(&spec.operations()[0], &received)
        .unwrap();
    assert_eq!(violations[0].path, "method");
}
