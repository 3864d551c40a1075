// Literal specs are passed by value to avoid `&` before every `json!`.
#![allow(clippy::needless_pass_by_value)]

use serde_json::{Value, json};

use super::*;

/// Returns a spec with a uniquely named schema `{"at": <name>}` under every keyword that contains nodes.
fn everywhere() -> Value {
    let schema = |name: &str| json!({"at": name});
    let media = |name: &str| json!({"application/json": {"schema": schema(name)}});
    json!({
        "openapi": "3.1.0",
        "paths": {
            "/a": {
                "parameters": [{"name": "p", "schema": schema("path item parameter")}],
                "get": {
                    "parameters": [
                        {"name": "q", "schema": schema("parameter")},
                        {"name": "r", "content": media("parameter content")},
                    ],
                    "requestBody": {"content": {"multipart/form-data": {
                        "schema": schema("request"),
                        "encoding": {"file": {"headers": {"X": {"schema": schema("part header")}}}},
                    }}},
                    "responses": {
                        "200": {
                            "headers": {"schema": {"schema": schema("header")}},
                            "content": media("response"),
                        },
                        "x-responses": {"content": media("never: extension of responses")},
                    },
                    "callbacks": {"done": {"{$request.body#/url}": {"post": {
                        "requestBody": {"content": media("callback")},
                    }}}},
                },
                "x-get": {"schema": schema("never: extension of a path item")},
            },
            "x-paths": {"get": {"requestBody": {"content": media("never: extension of paths")}}},
        },
        "webhooks": {"x-done": {"post": {"requestBody": {"content": media("webhook")}}}},
        "components": {
            "schemas": {"default": schema("schema that is called like a keyword")},
            "responses": {"R": {"content": media("component response")}},
            "parameters": {"P": {"schema": schema("component parameter")}},
            "requestBodies": {"B": {"content": media("component request")}},
            "headers": {"H": {"schema": schema("component header")}},
            "callbacks": {"C": {"e": {"get": {"parameters": [{"schema": schema("component callback")}]}}}},
            "pathItems": {"I": {"put": {"requestBody": {"content": media("component path item")}}}},
            "examples": {"E": {"value": {"schema": schema("never: value of an example")}}},
        },
    })
}

/// Returns a schema with a subschema under every keyword that allows one.
fn nested() -> Value {
    let schema = |name: &str| json!({"at": name});
    json!({
        "at": "outer",
        "properties": {
            "properties": schema("property called properties"),
            "items": schema("property called items"),
            "enum": schema("property called enum"),
            "x-a": schema("property called like an extension"),
            "$ref": schema("property called $ref"),
        },
        "patternProperties": {"^a": schema("patternProperties")},
        "$defs": {"D": schema("$defs")},
        "definitions": {"D": schema("definitions")},
        "dependentSchemas": {"a": schema("dependentSchemas")},
        "dependencies": {"a": schema("dependencies"), "b": ["a"]},
        "allOf": [schema("allOf 0"), schema("allOf 1")],
        "anyOf": [schema("anyOf")],
        "oneOf": [schema("oneOf")],
        "prefixItems": [schema("prefixItems")],
        "items": {"items": [schema("items of draft 4")]},
        "additionalItems": schema("additionalItems"),
        "unevaluatedItems": schema("unevaluatedItems"),
        "contains": schema("contains"),
        "additionalProperties": schema("additionalProperties"),
        "unevaluatedProperties": false,
        "propertyNames": schema("propertyNames"),
        "not": schema("not"),
        "if": schema("if"),
        "then": schema("then"),
        "else": schema("else"),
        "contentSchema": schema("contentSchema"),
        "default": schema("never: default"),
        "const": {"properties": {"a": schema("never: const")}},
        "enum": [schema("never: enum")],
        "example": schema("never: example"),
        "examples": [schema("never: examples")],
        "discriminator": {"propertyName": "t", "mapping": {"a": "A"}},
        "x-schema": schema("never: extension"),
    })
}

/// Returns the names of all schemas in `value`, except those that must never be visited.
fn names(value: &Value) -> Vec<String> {
    let mut names: Vec<_> = value
        .to_string()
        .split("\"at\":\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next().map(str::to_owned))
        .filter(|name| !name.starts_with("never"))
        .collect();
    names.sort();
    names
}

fn visited(document: &Value) -> Vec<String> {
    let mut visited = Vec::new();
    for_each(document, |pointer, kind, node| {
        assert_eq!(pointer.find(document), Some(node));
        if kind == Kind::Schema {
            visited.extend(node["at"].as_str().map(str::to_owned));
        }
    });
    visited.sort();
    visited
}

fn with_schema(schema: Value) -> Value {
    json!({"components": {"schemas": {"S": schema}}})
}

#[test]
fn visits_schemas_in_all_openapi_nodes() {
    let document = everywhere();
    assert_eq!(visited(&document), names(&document));
}

#[test]
fn visits_schemas_under_all_schema_keywords() {
    let document = with_schema(nested());
    assert_eq!(visited(&document), names(&document));
}

#[test]
fn visits_boolean_schemas_but_not_lists_of_names() {
    let mut places = Vec::new();
    for_each_schema_mut(
        &mut with_schema(json!({
            "additionalProperties": true,
            "unevaluatedItems": false,
            "dependencies": {"a": ["b"]},
            "items": null,
            "exclusiveMinimum": true,
        })),
        Order::ParentsFirst,
        |pointer, _| places.push(pointer.last().unwrap()),
    );
    assert_eq!(places, ["S", "additionalProperties", "unevaluatedItems"]);
}

#[test]
fn both_orders_visit_same_nodes_and_preserve_sibling_order() {
    let visit = |order| {
        let mut places = Vec::new();
        let mut document = with_schema(json!({
            "properties": {"b": {"items": {}}, "a": {}},
            "allOf": [{}, {}],
        }));
        for_each_schema_mut(&mut document, order, |pointer, _| {
            places.push(pointer.to_string().replacen("/components/schemas/S", "", 1));
        });
        places
    };
    assert_eq!(
        visit(Order::ParentsFirst),
        [
            "",
            "/properties/b",
            "/properties/b/items",
            "/properties/a",
            "/allOf/0",
            "/allOf/1"
        ]
    );
    assert_eq!(
        visit(Order::ChildrenFirst),
        [
            "/properties/b/items",
            "/properties/b",
            "/properties/a",
            "/allOf/0",
            "/allOf/1",
            ""
        ]
    );
}

#[test]
fn only_parents_first_visits_added_children() {
    let count = |order| {
        let mut visits = 0;
        let mut document = with_schema(json!({"grow": 3}));
        for_each_schema_mut(&mut document, order, |_, schema| {
            visits += 1;
            let left = schema["grow"].as_i64().unwrap();
            if left > 0 {
                *schema = json!({"grow": 0, "items": {"grow": left - 1}});
            }
        });
        visits
    };
    assert_eq!(count(Order::ParentsFirst), 4);
    assert_eq!(count(Order::ChildrenFirst), 1);
}

#[test]
fn visitor_may_replace_its_node() {
    let mut document = with_schema(json!({"allOf": [{"anyOf": [{}, {}]}, {"not": {}}]}));
    let mut places = Vec::new();
    for_each_schema_mut(&mut document, Order::ChildrenFirst, |pointer, schema| {
        places.push(pointer.to_string().replacen("/components/schemas/S", "", 1));
        *schema = json!({"was": schema.take()});
    });
    assert_eq!(
        places,
        [
            "/allOf/0/anyOf/0",
            "/allOf/0/anyOf/1",
            "/allOf/0",
            "/allOf/1/not",
            "/allOf/1",
            ""
        ]
    );
}

#[test]
fn visits_deep_nesting_without_stack_overflow() {
    let depth = 100_000;
    let mut schema = json!({});
    for _ in 0..depth {
        let mut outer = serde_json::Map::new();
        outer.insert("not".to_owned(), schema);
        schema = Value::Object(outer);
    }
    let mut visits = 0;
    for_each_subschema_mut(&mut schema, Order::ParentsFirst, |_, node| {
        visits += 1;
        // Cuts the value here, because dropping it as a whole would recurse.
        if let Some(inner) = node
            .as_object_mut()
            .and_then(|members| members.get_mut("not"))
            && visits > depth
        {
            *inner = Value::Null;
        }
    });
    assert_eq!(visits, depth + 1);
    while let Some(inner) = schema.get_mut("not").map(Value::take) {
        schema = inner;
    }
}

#[test]
fn visits_operations_of_paths_with_routes() {
    let mut document = everywhere();
    document["paths"]["/b~/{c}"] = json!({
        "summary": "s", "delete": {}, "post": {}, "get": null, "x-post": {}, "query": {},
    });
    let mut found = Vec::new();
    for_each_operation_mut(&mut document, |pointer, route, operation| {
        operation["seen"] = true.into();
        found.push(format!("{} {} {pointer}", route.method, route.path));
    });
    assert_eq!(
        found,
        [
            "get /a /paths/~1a/get",
            "post /b~/{c} /paths/~1b~0~1{c}/post",
            "delete /b~/{c} /paths/~1b~0~1{c}/delete",
        ]
    );
    let mut seen = 0;
    for_each_operation(&document, |_, _, operation| {
        seen += usize::from(operation["seen"] == true);
    });
    assert_eq!(seen, 3);
}

#[test]
fn detects_format_by_extension_then_by_content() {
    let json = br#"{"b": 1, "a": 2}"#;
    let yaml = b"b: 1\na: 2\n";
    for (name, bytes) in [
        ("a.json", &json[..]),
        ("https://h/openapi", json),
        ("a.yaml", yaml),
        ("a.YML", yaml),
        ("https://h/openapi", yaml),
        // JSON is valid YAML.
        ("a.yaml", json),
    ] {
        assert_eq!(parse(name, bytes).unwrap().to_string(), r#"{"b":1,"a":2}"#);
    }
}

#[test]
fn yaml_parses_to_same_value_as_json() {
    let yaml = b"a: &x [1, -2, 18446744073709551615, 0.5, true, ~, 'no', no, on]\n200: *x\n";
    assert_eq!(
        parse("a.yaml", yaml).unwrap().to_string(),
        r#"{"a":[1,-2,18446744073709551615,0.5,true,null,"no","no","on"],"#.to_owned()
            + r#""200":[1,-2,18446744073709551615,0.5,true,null,"no","no","on"]}"#
    );
}

#[test]
fn yaml_supports_integers_beyond_64_bits() {
    let yaml = b"seed: {minimum: -9223372036854776000, maximum: 18446744073709552000}";
    assert_eq!(
        parse("a.yaml", yaml).unwrap().to_string(),
        r#"{"seed":{"minimum":-9.223372036854776e+18,"maximum":1.8446744073709552e+19}}"#
    );
}

#[test]
fn yaml_merge_keys_add_missing_members() {
    let yaml = b"a: &a {x: 1, y: 2}\nb: {y: 3, <<: *a}\nc: {<<: [{z: 4}, *a]}\n";
    let read = parse("a.yaml", yaml).unwrap();
    assert_eq!(read["b"].to_string(), r#"{"y":3,"x":1}"#);
    assert_eq!(read["c"].to_string(), r#"{"z":4,"x":1,"y":2}"#);
    assert!(parse("a.yaml", b"a: {<<: 1}").is_err());
}

#[test]
fn reports_syntax_errors_with_line_and_column() {
    let cases: [(&str, &[u8], &str); 12] = [
        (
            "a.json",
            b"{\n  \"a\": 1,\n  \"b\" 2\n}",
            "a.json:3:7: invalid JSON: ",
        ),
        (
            "a.json",
            b"{\n  \"a\": [1",
            "a.json:2:9: the JSON is truncated",
        ),
        ("a.json", b" \n", "a.json:2:0: the file is empty"),
        ("openapi", b"", "openapi:1:0: the file is empty"),
        ("openapi", b"<html></html>", "openapi:1:1: invalid JSON: "),
        ("a.json", b"{\"a\": \xff}", "a.json:1:"),
        (
            "a.yaml",
            b"a: 1\nb: [\n",
            "a.yaml:3:1: cannot convert the YAML",
        ),
        (
            "a.yaml",
            b"a: 1\nb:\n  c: 1\n  c: 2\n",
            "a.yaml:3:3: cannot convert the YAML",
        ),
        (
            "a.yaml",
            b"a:\n  200: 1\n  '200': 2\n",
            "a.yaml:2:3: cannot convert the YAML",
        ),
        (
            "a.yaml",
            b"a: [.nan]\n",
            "a.yaml:1:5: cannot convert the YAML",
        ),
        (
            "a.yaml",
            b"a: !b c\n",
            "a.yaml:1:4: cannot convert the YAML",
        ),
        (
            "a.yaml",
            b"a: {[]: 1}\n",
            "a.yaml:1:4: cannot convert the YAML",
        ),
    ];
    for (name, bytes, start) in cases {
        let message = parse(name, bytes).unwrap_err().to_string();
        assert!(message.starts_with(start), "{message}");
        assert!(message.contains("\n  help: "), "{message}");
    }
}

#[test]
fn error_names_missing_file() {
    let message = read(std::path::Path::new("no/such.json"))
        .unwrap_err()
        .to_string();
    assert!(
        message.starts_with("no/such.json: cannot read the file: "),
        "{message}"
    );
}
