//! An output that fits the JSON schema that a request asks for, the same each time.

use serde_json::{Map, Value, json};

/// How deep values nest, and references are followed, before there is nothing but null.
const DEPTH: usize = 12;

/// How many items a list has at most, whatever its schema asks for.
const MOST_ITEMS: usize = 8;

/// A value of a schema; an empty object where the schema asks for none.
pub(super) fn of_schema(schema: &Value) -> Value {
    match value(schema, schema, "value", 0) {
        output @ Value::Object(_) => output,
        _ => json!({}),
    }
}

fn value(root: &Value, schema: &Value, name: &str, depth: usize) -> Value {
    if depth > DEPTH {
        return Value::Null;
    }
    let of = |schema: &Value| value(root, schema, name, depth + 1);
    if let Some(pointer) = schema["$ref"].as_str().and_then(|to| to.strip_prefix('#')) {
        return root.pointer(pointer).map_or(Value::Null, of);
    }
    if let Some(constant) = schema.get("const") {
        return constant.clone();
    }
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    for keyword in ["anyOf", "oneOf"] {
        if let Some(variants) = schema[keyword].as_array() {
            let mut values = variants.iter().map(of);
            return values.find(|value| !value.is_null()).unwrap_or(Value::Null);
        }
    }
    match kind(schema) {
        "object" => Value::Object(object(root, schema, depth)),
        "array" => {
            let least = schema["minItems"].as_u64().unwrap_or(1).max(1);
            let items = usize::try_from(least).unwrap_or(MOST_ITEMS).min(MOST_ITEMS);
            std::iter::repeat_with(|| of(&schema["items"]))
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

/// The type of a schema, which is the first of several that is not null.
fn kind(schema: &Value) -> &str {
    let several = schema["type"].as_array().into_iter().flatten();
    let mut all = schema["type"]
        .as_str()
        .into_iter()
        .chain(several.filter_map(Value::as_str));
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
    fn the_output_fits_its_schema_and_keeps_its_order() {
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
        let output = of_schema(&schema);
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
    fn a_schema_without_end_has_an_output() {
        let list = json!({"type": "object", "properties": {"next": {"$ref": "#"}}});
        assert!(of_schema(&list)["next"]["next"].is_object());
        assert_eq!(of_schema(&json!({"$ref": "#"})), json!({}));
        let many = json!({"properties": {"all": {"type": "array", "minItems": u64::MAX}}});
        assert_eq!(of_schema(&many)["all"].as_array().map(Vec::len), Some(8));
        for none in [json!(true), json!([]), json!({"type": "string"})] {
            assert_eq!(of_schema(&none), json!({}));
        }
    }
}
