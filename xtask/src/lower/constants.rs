//! Replaces constants and non-string enums with their type.
//!
//! OpenAPI 3.0 has no `const`, and the generator drops it together with its implied type. For an
//! enum of integers it emits a newtype that rejects new values. Union tags are constants too, so
//! this pass runs after the union pass.

use serde_json::{Map, Value, json};

use crate::document::{Order, for_each_schema_mut};

/// Replaces constants and enums that are not sets of strings with their type.
pub(super) fn lower(document: &mut Value) {
    for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
        if let Some(schema) = schema.as_object_mut() {
            lower_one(schema);
        }
    });
}

/// The values listed by `const` or `enum`.
pub(super) fn listed(schema: &Value) -> Vec<&Value> {
    match (
        schema.get("const"),
        schema.get("enum").and_then(Value::as_array),
    ) {
        (Some(value), _) => vec![value],
        (None, Some(values)) => values.iter().collect(),
        (None, None) => Vec::new(),
    }
}

fn lower_one(schema: &mut Map<String, Value>) {
    let mut values: Vec<Value> = match (schema.remove("const"), schema.remove("enum")) {
        (Some(value), _) => vec![value],
        (None, Some(Value::Array(values))) => values,
        _ => return,
    };
    if values.len() > 1 && values.iter().all(Value::is_string) {
        let mut distinct: Vec<Value> = Vec::new();
        for value in values.drain(..) {
            if !distinct.contains(&value) {
                distinct.push(value);
            }
        }
        schema.insert("type".to_owned(), json!("string"));
        schema.insert("enum".to_owned(), Value::Array(distinct));
        return;
    }
    if !schema.contains_key("type")
        && let Some(name) = common_type(&values)
    {
        schema.insert("type".to_owned(), json!(name));
    }
}

/// The type common to all values.
fn common_type(values: &[Value]) -> Option<&'static str> {
    let mut names = values.iter().map(|value| match value {
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
        Value::Null => "null",
    });
    let first = names.next().filter(|name| *name != "null")?;
    names.all(|name| name == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowered(schema: Value) -> Value {
        let mut document = json!({"components": {"schemas": {"X": schema}}});
        lower(&mut document);
        document["components"]["schemas"]["X"].take()
    }

    #[test]
    fn replaces_constants_with_their_type() {
        assert_eq!(lowered(json!({"const": "file"})), json!({"type": "string"}));
        assert_eq!(
            lowered(json!({"type": "string", "enum": ["file"]})),
            json!({"type": "string"})
        );
        assert_eq!(lowered(json!({"const": 3})), json!({"type": "integer"}));
    }

    #[test]
    fn deduplicates_string_enums() {
        assert_eq!(
            lowered(json!({"enum": ["asc", "desc", "asc"]})),
            json!({"type": "string", "enum": ["asc", "desc"]})
        );
    }

    #[test]
    fn replaces_other_enums_with_their_type() {
        assert_eq!(
            lowered(json!({"type": "integer", "enum": [3, 5, 7]})),
            json!({"type": "integer"})
        );
        assert_eq!(lowered(json!({"enum": ["a", 1]})), json!({}));
    }
}
