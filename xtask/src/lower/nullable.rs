//! Converts null types to `nullable` and flattens unions.
//!
//! OpenAPI 3.1 marks a nullable value with `type: [.., "null"]` or with a `{type: null}` variant.
//! OpenAPI 3.0, which the generator reads, uses `nullable: true`. A union left with a single
//! variant becomes that variant, and nested unions are merged into the outer one. `nullable` stays
//! beside a reference here; a later pass wraps both.

use serde_json::{Map, Value, json};

use crate::document::{Order, for_each_schema_mut, for_each_subschema_mut};

/// Converts null types to `nullable` in every schema.
pub(super) fn lower(document: &mut Value) {
    for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
        lower_one(schema);
    });
}

/// Converts null types to `nullable` in a standalone schema and its subschemas.
pub(super) fn lower_schema(schema: &mut Value) {
    for_each_subschema_mut(schema, Order::ChildrenFirst, |_, schema| lower_one(schema));
}

fn lower_one(schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else {
        return;
    };
    split_type_list(schema);
    drop_null_values(schema);
    for keyword in ["anyOf", "oneOf"] {
        if let Some(Value::Array(variants)) = schema.remove(keyword) {
            lower_union(schema, keyword, variants);
        }
    }
}

/// `type: [a, "null"]` is a nullable `a`; `type: [a, b]` is a union.
fn split_type_list(schema: &mut Map<String, Value>) {
    let types: Vec<Value> = match schema.get("type") {
        Some(Value::Array(types)) => types.clone(),
        Some(Value::String(one)) if one == "null" => vec![json!("null")],
        _ => return,
    };
    schema.remove("type");
    if types.contains(&json!("null")) {
        schema.insert("nullable".to_owned(), json!(true));
    }
    let mut types: Vec<Value> = types.into_iter().filter(|name| name != "null").collect();
    if types.len() > 1 {
        let variants = types
            .into_iter()
            .map(|name| variant_of_type(schema, &name))
            .collect();
        for keyword in [
            "properties",
            "required",
            "additionalProperties",
            "items",
            "format",
            "enum",
        ] {
            schema.remove(keyword);
        }
        schema.insert("anyOf".to_owned(), Value::Array(variants));
    } else if let Some(name) = types.pop() {
        schema.insert("type".to_owned(), name);
    }
}

fn variant_of_type(schema: &Map<String, Value>, name: &Value) -> Value {
    let keywords: &[&str] = match name.as_str() {
        Some("object") => &["properties", "required", "additionalProperties"],
        Some("array") => &["items"],
        Some("string") => &["format"],
        _ => &[],
    };
    let mut variant = Map::from_iter([("type".to_owned(), name.clone())]);
    for keyword in keywords {
        if let Some(value) = schema.get(*keyword) {
            variant.insert((*keyword).to_owned(), value.clone());
        }
    }
    Value::Object(variant)
}

fn drop_null_values(schema: &mut Map<String, Value>) {
    if schema.get("const") == Some(&Value::Null) {
        schema.remove("const");
        schema.insert("nullable".to_owned(), json!(true));
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum")
        && values.contains(&Value::Null)
    {
        values.retain(|value| !value.is_null());
        if values.is_empty() {
            schema.remove("enum");
        }
        schema.insert("nullable".to_owned(), json!(true));
    }
}

fn lower_union(schema: &mut Map<String, Value>, keyword: &str, variants: Vec<Value>) {
    let mut kept: Vec<Value> = Vec::new();
    let mut nullable = false;
    for mut variant in variants {
        if is_null(&variant) {
            nullable = true;
            continue;
        }
        if let Some(variant) = variant.as_object_mut()
            && variant.remove("nullable") == Some(json!(true))
        {
            nullable = true;
        }
        match inner_union(&mut variant) {
            Some(inner) => kept.extend(inner),
            None => kept.push(variant),
        }
    }
    let mut distinct: Vec<Value> = Vec::new();
    for variant in kept {
        if !distinct.contains(&variant) {
            distinct.push(variant);
        }
    }
    if distinct.len() == 1
        && let Some(Value::Object(variant)) = distinct.pop()
    {
        schema.remove("discriminator");
        for (keyword, value) in variant {
            schema.entry(keyword).or_insert(value);
        }
    } else if !distinct.is_empty() {
        schema.insert(keyword.to_owned(), Value::Array(distinct));
    }
    if nullable {
        schema.insert("nullable".to_owned(), json!(true));
    }
}

/// Whether a schema matches only null.
///
/// Children are lowered first, so such a variant is already a bare `nullable`.
fn is_null(variant: &Value) -> bool {
    let Some(variant) = variant.as_object() else {
        return false;
    };
    variant.get("nullable") == Some(&json!(true))
        && variant
            .keys()
            .all(|keyword| keyword == "nullable" || keyword == "description")
}

/// The variants of a nested union without a discriminator.
fn inner_union(variant: &mut Value) -> Option<Vec<Value>> {
    let variant = variant.as_object_mut()?;
    if variant
        .keys()
        .any(|keyword| !matches!(keyword.as_str(), "anyOf" | "oneOf" | "description"))
    {
        return None;
    }
    match (variant.remove("anyOf"), variant.remove("oneOf")) {
        (Some(Value::Array(inner)), None) | (None, Some(Value::Array(inner))) => Some(inner),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lowered(mut schema: Value) -> Value {
        lower_schema(&mut schema);
        schema
    }

    #[test]
    fn converts_null_in_type_lists() {
        assert_eq!(
            lowered(json!({"type": ["string", "null"]})),
            json!({"type": "string", "nullable": true})
        );
        assert_eq!(lowered(json!({"type": "null"})), json!({"nullable": true}));
        assert_eq!(
            lowered(json!({"type": ["array", "string", "null"], "items": {"type": "string"}})),
            json!({
                "nullable": true,
                "anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}],
            })
        );
    }

    #[test]
    fn converts_null_variants() {
        assert_eq!(
            lowered(json!({"anyOf": [{"$ref": "#/a"}, {"type": "null"}], "description": "An a."})),
            json!({"description": "An a.", "$ref": "#/a", "nullable": true})
        );
        assert_eq!(
            lowered(json!({"anyOf": [{"$ref": "#/a"}, {"$ref": "#/b"}, {"type": "null"}]})),
            json!({"anyOf": [{"$ref": "#/a"}, {"$ref": "#/b"}], "nullable": true})
        );
    }

    #[test]
    fn converts_null_enum_values() {
        assert_eq!(
            lowered(json!({"type": "string", "enum": ["a", null]})),
            json!({"type": "string", "enum": ["a"], "nullable": true})
        );
    }

    #[test]
    fn flattens_nested_unions() {
        assert_eq!(
            lowered(
                json!({"anyOf": [{"anyOf": [{"type": "object"}, {"type": "null"}]}, {"type": "null"}]})
            ),
            json!({"type": "object", "nullable": true})
        );
        assert_eq!(
            lowered(
                json!({"anyOf": [{"oneOf": [{"$ref": "#/a"}, {"$ref": "#/b"}]}, {"$ref": "#/c"}]})
            ),
            json!({"anyOf": [{"$ref": "#/a"}, {"$ref": "#/b"}, {"$ref": "#/c"}]})
        );
    }

    #[test]
    fn merges_equal_variants() {
        assert_eq!(
            lowered(json!({"anyOf": [{"type": "string"}, {"type": "string"}]})),
            json!({"type": "string"})
        );
    }
}
