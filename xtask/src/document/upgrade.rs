//! The upgrade from OpenAPI 3.0 to 3.1.
//!
//! Later passes only handle 3.1, whose schemas follow JSON Schema 2020-12. Specs of version 3.1 stay unchanged,
//! because the 3.0 constructs have no meaning there.

use serde_json::{Map, Value, json};

use super::kind::Kind;
use super::walk::{Order, for_each_mut};

/// The OpenAPI version of an upgraded spec.
const VERSION: &str = "3.1.0";

/// Upgrades a 3.0 spec to 3.1.
pub(crate) fn upgrade(document: &mut Value) {
    let is_old = document["openapi"]
        .as_str()
        .is_some_and(|version| version.starts_with("3.0."));
    if !is_old {
        return;
    }
    document["openapi"] = json!(VERSION);
    for_each_mut(document, Order::ChildrenFirst, |_, kind, node| {
        let Some(node) = node.as_object_mut() else {
            return;
        };
        match kind {
            Kind::Schema => upgrade_schema(node),
            // In 3.0, siblings of `$ref` are ignored.
            Kind::Parameter | Kind::Header | Kind::Response | Kind::RequestBody
                if node.contains_key("$ref") =>
            {
                node.retain(|key, _| key == "$ref");
            }
            _ => {}
        }
    });
}

fn upgrade_schema(schema: &mut Map<String, Value>) {
    if schema.contains_key("$ref") {
        schema.retain(|key, _| key == "$ref");
        return;
    }
    limits(schema);
    nullable(schema);
    if let Some(example) = schema.remove("example") {
        schema.entry("examples").or_insert_with(|| json!([example]));
    }
}

/// Replaces boolean `exclusiveMinimum` and `exclusiveMaximum` with numeric limits.
fn limits(schema: &mut Map<String, Value>) {
    for (exclusive, inclusive) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if let Some(Value::Bool(is_exclusive)) = schema.get(exclusive) {
            let is_exclusive = *is_exclusive;
            schema.remove(exclusive);
            if is_exclusive && let Some(limit) = schema.remove(inclusive) {
                schema.insert(exclusive.to_owned(), limit);
            }
        }
    }
}

/// Replaces `nullable: true` with the type `null`, or with a `null` alternative in a union or next to `allOf`.
fn nullable(schema: &mut Map<String, Value>) {
    if schema.remove("nullable") != Some(json!(true)) {
        return;
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    if let Some(name) = schema.get("type").filter(|name| name.is_string()) {
        let types = json!([name, "null"]);
        schema.insert("type".to_owned(), types);
        return;
    }
    for union in ["anyOf", "oneOf"] {
        if let Some(Value::Array(variants)) = schema.get_mut(union) {
            variants.push(json!({"type": "null"}));
            return;
        }
    }
    if let Some(all) = schema.remove("allOf") {
        let variant = match all.as_array().map(Vec::as_slice) {
            Some([only]) => only.clone(),
            _ => json!({"allOf": all}),
        };
        schema.insert("anyOf".to_owned(), json!([variant, {"type": "null"}]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upgraded(schema: Value) -> Value {
        let mut document = json!({"openapi": "3.0.2", "components": {"schemas": {"X": schema}}});
        upgrade(&mut document);
        assert_eq!(document["openapi"], "3.1.0");
        document["components"]["schemas"]["X"].take()
    }

    #[test]
    fn nullable_becomes_type_or_alternative() {
        let reference = json!({"$ref": "#/components/schemas/Y"});
        for (old, new) in [
            (
                json!({"type": "string", "nullable": true}),
                json!({"type": ["string", "null"]}),
            ),
            (
                json!({"type": "string", "nullable": false}),
                json!({"type": "string"}),
            ),
            (
                json!({"type": "string", "enum": ["a"], "nullable": true}),
                json!({"type": ["string", "null"], "enum": ["a", null]}),
            ),
            (
                json!({"oneOf": [reference], "nullable": true}),
                json!({"oneOf": [reference, {"type": "null"}]}),
            ),
            (
                json!({"allOf": [reference], "nullable": true, "description": "text"}),
                json!({"description": "text", "anyOf": [reference, {"type": "null"}]}),
            ),
            (
                json!({"allOf": [reference, {"type": "object"}], "nullable": true}),
                json!({"anyOf": [{"allOf": [reference, {"type": "object"}]}, {"type": "null"}]}),
            ),
            (json!({"nullable": true}), json!({})),
        ] {
            assert_eq!(upgraded(old), new);
        }
    }

    #[test]
    fn exclusive_limits_become_numbers() {
        assert_eq!(
            upgraded(json!({
                "minimum": 0, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": false,
            })),
            json!({"exclusiveMinimum": 0, "maximum": 9})
        );
        assert_eq!(upgraded(json!({"exclusiveMaximum": true})), json!({}));
    }

    #[test]
    fn example_becomes_list() {
        assert_eq!(
            upgraded(json!({"type": "string", "example": "a"})),
            json!({"type": "string", "examples": ["a"]})
        );
    }

    #[test]
    fn removes_siblings_of_reference() {
        assert_eq!(
            upgraded(json!({"$ref": "#/components/schemas/Y", "nullable": true})),
            json!({"$ref": "#/components/schemas/Y"})
        );
    }

    #[test]
    fn ignores_properties_named_like_keywords() {
        let properties =
            json!({"nullable": {"type": "boolean"}, "example": {"default": {"nullable": true}}});
        assert_eq!(
            upgraded(json!({"properties": properties})),
            json!({"properties": properties})
        );
    }

    #[test]
    fn leaves_3_1_unchanged() {
        let document = json!({"openapi": "3.1.0", "components": {"schemas": {"X": {
            "type": "string", "nullable": true, "example": "a",
        }}}});
        let mut same = document.clone();
        upgrade(&mut same);
        assert_eq!(same, document);
    }
}
