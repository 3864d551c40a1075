//! Deterministic outputs that conform to the JSON schema of a request.

use serde_json::{Map, Value, json};

/// The maximum nesting depth, including references. Deeper values are null.
const MAX_DEPTH: usize = 12;

/// The maximum number of array items, regardless of `minItems`.
const MAX_ITEMS: usize = 8;

/// Returns a value of the schema, or an empty object if the schema does not describe an object.
pub(super) fn from_schema(schema: &Value) -> Value {
    match value(schema, schema, "value", 0) {
        output @ Value::Object(_) => output,
        _ => json!({}),
    }
}

fn value(root: &Value, schema: &Value, name: &str, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    let value_of = |schema: &Value| value(root, schema, name, depth + 1);
    if let Some(pointer) = schema["$ref"].as_str().and_then(|to| to.strip_prefix('#')) {
        return root.pointer(pointer).map_or(Value::Null, value_of);
    }
    if let Some(constant) = schema.get("const") {
        return constant.clone();
    }
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    for keyword in ["anyOf", "oneOf"] {
        if let Some(variants) = schema[keyword].as_array() {
            let mut values = variants.iter().map(value_of);
            return values.find(|value| !value.is_null()).unwrap_or(Value::Null);
        }
    }
    match kind(schema) {
        "object" => Value::Object(object(root, schema, depth)),
        "array" => {
            let min_items = schema["minItems"].as_u64().unwrap_or(1).max(1);
            let items = usize::try_from(min_items)
                .unwrap_or(MAX_ITEMS)
                .min(MAX_ITEMS);
            std::iter::repeat_with(|| value_of(&schema["items"]))
                .take(items)
                .collect()
        }
        "integer" => json!(schema["minimum"].as_i64().unwrap_or(1)),
        "number" => json!(schema["minimum"].as_f64().unwrap_or(1284.5)),
        "boolean" => json!(true),
        "string" => json!(match schema["format"].as_str() {
            Some("date") => "2026-03-09",
            Some("date-time") => "2026-03-09T10:30:00Z",
            Some("time") => "10:30:00Z",
            Some("email") => "billing@example.com",
            Some("uri") => "https://example.com/",
            _ => name,
        }),
        _ => Value::Null,
    }
}

fn object(root: &Value, schema: &Value, depth: usize) -> Map<String, Value> {
    let mut object = Map::new();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        if let Value::Object(fields) = value(root, part, "value", depth + 1) {
            object.extend(fields);
        }
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        object.insert(name.clone(), value(root, schema, name, depth + 1));
    }
    object
}

/// Returns the first type of a schema that is not null.
fn kind(schema: &Value) -> &str {
    let types = schema["type"].as_array().into_iter().flatten();
    let mut all = schema["type"]
        .as_str()
        .into_iter()
        .chain(types.filter_map(Value::as_str));
    match all.find(|kind| *kind != "null") {
        Some(kind) => kind,
        None if schema.get("properties").is_some() || schema.get("allOf").is_some() => "object",
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_conforms_to_schema_in_property_order() {
        let schema = json!({
            "type": "object",
            "required": ["number", "total", "lines", "buyer", "currency"],
            "properties": {
                "number": {"type": "string"},
                "total": {"type": ["number", "null"]},
                "issued": {"anyOf": [{"type": "null"}, {"type": "string", "format": "date"}]},
                "lines": {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/Line"}},
                "buyer": {"allOf": [{"properties": {"name": {"type": "string"}}}]},
                "currency": {"enum": ["EUR", "USD"]},
            },
            "$defs": {"Line": {
                "type": "object",
                "properties": {"pieces": {"type": "integer", "minimum": 3}, "open": {"type": "boolean"}},
            }},
        });
        let output = from_schema(&schema);
        assert!(jsonschema::is_valid(&schema, &output), "{output}");
        assert_eq!(
            output.to_string(),
            concat!(
                r#"{"number":"number","total":1284.5,"issued":"2026-03-09","#,
                r#""lines":[{"pieces":3,"open":true},{"pieces":3,"open":true}],"#,
                r#""buyer":{"name":"name"},"currency":"EUR"}"#
            )
        );
    }

    #[test]
    fn limits_output_of_recursive_and_large_schemas() {
        let list = json!({"type": "object", "properties": {"next": {"$ref": "#"}}});
        assert!(from_schema(&list)["next"]["next"].is_object());
        assert_eq!(from_schema(&json!({"$ref": "#"})), json!({}));
        let large = json!({"properties": {"all": {"type": "array", "minItems": u64::MAX}}});
        assert_eq!(from_schema(&large)["all"].as_array().map(Vec::len), Some(8));
        for schema in [json!(true), json!([]), json!({"type": "string"})] {
            assert_eq!(from_schema(&schema), json!({}));
        }
    }
}
