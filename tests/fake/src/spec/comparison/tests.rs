use serde_json::json;

use super::*;

/// Returns the differences between two values of the schema `Run` as one line.
fn compare(sent: &Value, received: &Value) -> String {
    let spec = Spec::new(json!({
        "paths": {"/runs/{id}": {"patch": {
            "operationId": "update_run",
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Update"}}}},
        }}},
        "components": {"schemas": {
            "Update": {"type": "object", "properties": {"name": {"anyOf": [{"type": "string"}, {"type": "null"}]}}},
            "Run": {
                "type": "object",
                "required": ["id", "score"],
                "properties": {
                    "id": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                    "at": {"type": "string", "format": "date-time"},
                    "label": {"type": "string"},
                    "score": {"type": "number", "default": 0},
                    "state": {
                        "oneOf": [
                            {"$ref": "#/components/schemas/Ended"},
                            {"$ref": "#/components/schemas/Failed"},
                        ],
                        "discriminator": {"propertyName": "kind"},
                    },
                    "constant": {"const": "run"},
                    "any": {},
                    "update": {"$ref": "#/components/schemas/Update"},
                    "counts": {"type": "object", "additionalProperties": {"type": "number"}},
                    "path": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
                },
            },
            "Ended": {"type": "object", "properties": {
                "kind": {"const": "ended"},
                "at": {"type": "string", "format": "date-time"},
            }},
            "Failed": {"type": "object", "properties": {"kind": {"const": "failed"}}},
        }},
    }));
    let nulls = MeaningfulNulls::of(&spec, &[]);
    assert_eq!(nulls.count(), 1);
    let complete = |value: &Value| {
        let mut complete = json!({"id": "run_1", "score": 1});
        let fields = complete.as_object_mut().unwrap();
        fields.extend(value.as_object().unwrap().clone());
        fields.retain(|_, value| *value != json!("absent"));
        complete
    };
    let schema = spec.component("Run").unwrap();
    let differences = differences(&schema, &complete(sent), &complete(received), &nulls);
    let lines: Vec<String> = differences.iter().map(ToString::to_string).collect();
    lines.join("; ")
}

#[test]
fn accepts_values_that_are_equal_by_a_rule() {
    for (sent, received) in [
        // Null and absence, if the property is optional or has a default.
        (json!({"label": null}), json!({})),
        (json!({}), json!({"label": null})),
        (json!({"score": null}), json!({"score": "absent"})),
        // Instants.
        (
            json!({"at": "2024-01-15T12:30:00.50+02:00"}),
            json!({"at": "2024-01-15T10:30:00.5Z"}),
        ),
        (
            json!({"at": "2024-01-15 10:30:00"}),
            json!({"at": "2024-01-15T10:30:00Z"}),
        ),
        // Numbers.
        (json!({"score": 3}), json!({"score": 3.0})),
        (json!({"score": 0.5}), json!({"score": 5e-1})),
        // Undeclared properties, and the order of declared ones.
        (json!({"new": 1}), json!({})),
        (
            json!({"label": "a", "at": "x"}),
            json!({"at": "x", "label": "a"}),
        ),
        // Unions.
        (
            json!({"state": {"kind": "ended", "new": 1}}),
            json!({"state": {"kind": "ended"}}),
        ),
        (
            json!({"state": {"kind": "ended", "at": null}}),
            json!({"state": {"kind": "ended"}}),
        ),
        (json!({"state": {}}), json!({"state": {"kind": "ended"}})),
        (
            json!({"state": {"kind": "new", "b": 1, "a": 2}}),
            json!({"state": {"kind": "new", "b": 1, "a": 2}}),
        ),
    ] {
        assert_eq!(compare(&sent, &received), "", "{sent} {received}");
    }
}

#[test]
fn reports_values_that_no_rule_makes_equal() {
    for (sent, received, reason) in [
        (
            json!({"id": null}),
            json!({"id": "absent"}),
            "/id: null is missing",
        ),
        (json!({"label": ""}), json!({}), "/label: \"\" is missing"),
        (json!({}), json!({"label": ""}), "/label: \"\" was not sent"),
        (
            json!({"label": null}),
            json!({"label": "a"}),
            "/label: different value",
        ),
        (
            json!({"update": {"name": null}}),
            json!({"update": {}}),
            "/update/name: null is missing",
        ),
        (
            json!({"update": {}}),
            json!({"update": {"name": null}}),
            "/update/name: null was not sent",
        ),
        (
            json!({"at": "2024-01-15T10:30:00Z"}),
            json!({"at": "2024-01-15T10:30:01Z"}),
            "/at: different instant",
        ),
        (
            json!({"at": "soon"}),
            json!({"at": "later"}),
            "/at: different instant",
        ),
        (
            json!({"label": "2024-01-15T10:30:00Z"}),
            json!({"label": "2024-01-15T10:30:00+00:00"}),
            "/label",
        ),
        (
            json!({"score": 9_007_199_254_740_993_i64}),
            json!({"score": 9_007_199_254_740_992_i64}),
            "/score",
        ),
        (
            json!({"score": 9_007_199_254_740_993_i64}),
            json!({"score": 9_007_199_254_740_992.0}),
            "/score",
        ),
        (json!({"score": 1}), json!({"score": "1"}), "/score"),
        (json!({}), json!({"new": 1}), "/new: 1 was not sent"),
        (
            json!({"new": 1}),
            json!({"new": 2}),
            "/new: different value",
        ),
        (
            json!({}),
            json!({"constant": "run"}),
            "/constant: \"run\" was not sent",
        ),
        (
            json!({"any": {"b": 1, "a": 2}}),
            json!({"any": {"a": 2, "b": 1}}),
            "/any: different value",
        ),
        (
            json!({"any": {"a": null}}),
            json!({"any": {}}),
            "/any: different value",
        ),
        (
            json!({"counts": {"b": 1, "a": 2}}),
            json!({"counts": {"a": 2, "b": 1}}),
            "in a different order",
        ),
        (
            json!({"counts": {"a": 1}}),
            json!({"counts": {}}),
            "/counts/a: the additional property is missing",
        ),
        (
            json!({"path": ["a", 1]}),
            json!({"path": ["a", "1"]}),
            "/path/1: different value",
        ),
        (
            json!({"path": ["a"]}),
            json!({"path": ["a", "b"]}),
            "/path: different value",
        ),
    ] {
        assert_differs(&sent, &received, reason);
    }
}

#[test]
fn reports_differing_union_tags_and_variants() {
    for (sent, received, reason) in [
        (
            json!({"state": {}}),
            json!({"state": {"kind": "new"}}),
            "/state: different value",
        ),
        (
            json!({"state": {"kind": "ended"}}),
            json!({"state": {}}),
            "/state/kind: \"ended\" is missing",
        ),
        (
            json!({"state": {"kind": "ended"}}),
            json!({"state": {"kind": "failed"}}),
            "/state/kind: different value",
        ),
        (
            json!({"state": {"kind": "new", "a": 1}}),
            json!({"state": {"kind": "new"}}),
            "/state: different value",
        ),
        (
            json!({"state": {"kind": "new", "at": null}}),
            json!({"state": {"kind": "new"}}),
            "/state: different value",
        ),
        (
            json!({"state": {"kind": null}}),
            json!({"state": {}}),
            "/state: different value",
        ),
        (
            json!({"state": {"at": "x"}}),
            json!({"state": {"kind": "ended"}}),
            "/state: different value",
        ),
    ] {
        assert_differs(&sent, &received, reason);
    }
}

fn assert_differs(sent: &Value, received: &Value, reason: &str) {
    let differences = compare(sent, received);
    assert!(
        differences.contains(reason),
        "{sent} {received}: {differences}"
    );
}

#[test]
fn rejects_null_for_unset_request_property() {
    let spec = Spec::new(json!({"paths": {"/runs": {"post": {
        "operationId": "create_run",
        "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
        "requestBody": {"content": {"application/json": {"schema": {
            "type": "object",
            "properties": {"label": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
        }}}},
    }}}}));
    let operations = spec.operations();
    let compare = |sent: Value, received: Value| {
        let [sent, received] = [sent, received].map(|value| value.as_object().unwrap().clone());
        let differences = argument_differences(
            &operations[0],
            &sent,
            &received,
            &MeaningfulNulls::default(),
        );
        differences
            .iter()
            .map(|difference| difference.path.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        compare(json!({"body": {"label": null}}), json!({"body": {}})),
        [""; 0]
    );
    assert_eq!(
        compare(json!({"body": {}}), json!({"body": {"label": null}})),
        ["body/label"]
    );
    assert_eq!(compare(json!({"body": {}}), json!({})), ["body"]);
    assert_eq!(compare(json!({}), json!({"body": {}})), ["body"]);
    let limit = |limit: i64| json!({"query": {"limit": limit}});
    assert_eq!(compare(limit(1), limit(2)), ["query/limit"]);
    assert_eq!(compare(limit(1), json!({})), ["query/limit"]);
    assert_eq!(compare(json!({}), limit(1)), ["query/limit"]);
}
