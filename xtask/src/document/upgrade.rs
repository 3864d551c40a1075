//! The forms of OpenAPI 3.0 that 3.1 writes another way.
//!
//! Everything after this pass knows 3.1 only, whose schemas are those of JSON Schema 2020-12. A document that is
//! in that form already stays as it is: the forms of 3.0 mean nothing there.

use serde_json::{Map, Value, json};

use super::kind::Kind;
use super::walk::{Order, for_each_mut};

/// The version that an upgraded document states.
const VERSION: &str = "3.1.0";

/// Brings a document of 3.0 to the form of 3.1.
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
            // In 3.0 nothing beside a reference has a meaning.
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

/// `exclusiveMinimum: true` makes the `minimum` beside it the value that is not reached.
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

/// `nullable: true` is one more type; beside a union or `allOf` it is one more alternative.
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
    fn null_is_a_type_or_an_alternative() {
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
    fn exclusive_limits_are_numbers() {
        assert_eq!(
            upgraded(json!({
                "minimum": 0, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": false,
            })),
            json!({"exclusiveMinimum": 0, "maximum": 9})
        );
        assert_eq!(upgraded(json!({"exclusiveMaximum": true})), json!({}));
    }

    #[test]
    fn an_example_is_one_of_several() {
        assert_eq!(
            upgraded(json!({"type": "string", "example": "a"})),
            json!({"type": "string", "examples": ["a"]})
        );
    }

    #[test]
    fn what_stands_beside_a_reference_goes() {
        assert_eq!(
            upgraded(json!({"$ref": "#/components/schemas/Y", "nullable": true})),
            json!({"$ref": "#/components/schemas/Y"})
        );
    }

    #[test]
    fn keywords_only_and_not_what_is_called_like_them() {
        let properties =
            json!({"nullable": {"type": "boolean"}, "example": {"default": {"nullable": true}}});
        assert_eq!(
            upgraded(json!({"properties": properties})),
            json!({"properties": properties})
        );
    }

    #[test]
    fn a_document_of_3_1_stays() {
        let document = json!({"openapi": "3.1.0", "components": {"schemas": {"X": {
            "type": "string", "nullable": true, "example": "a",
        }}}});
        let mut same = document.clone();
        upgrade(&mut same);
        assert_eq!(same, document);
    }
}
