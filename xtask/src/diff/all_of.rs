//! Each `allOf` as the one schema that it amounts to, so that schemas are compared by what they hold.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::document::{Order, Pointer, for_each_schema_mut};

/// Puts, in the place of every `allOf` of objects, the object that has the properties of all of them.
///
/// An `allOf` of one schema is that schema. One that holds anything but objects stays as it is.
pub(super) fn merge(document: &mut Value) {
    let whole = document.clone();
    for_each_schema_mut(document, Order::ChildrenFirst, |_, schema| {
        let Some(parts) = schema.get("allOf").and_then(Value::as_array) else {
            return;
        };
        let merged = match &parts[..] {
            [only] if is_wrapper(schema) => Some(only.clone()),
            _ => object_of(&whole, schema, &mut BTreeSet::new()),
        };
        if let (Some(Value::Object(merged)), Some(schema)) = (merged, schema.as_object_mut()) {
            schema.remove("allOf");
            for (keyword, value) in merged {
                schema.insert(keyword, value);
            }
        }
    });
}

/// Whether a schema says nothing of its own about its type.
fn is_wrapper(schema: &Value) -> bool {
    let says = |keyword: &str| schema.get(keyword).is_some();
    ![
        "type",
        "properties",
        "required",
        "enum",
        "const",
        "items",
        "anyOf",
        "oneOf",
    ]
    .into_iter()
    .any(says)
}

/// The object that `schema` amounts to, with what it refers to; none where it is anything else.
fn object_of(document: &Value, schema: &Value, seen: &mut BTreeSet<Pointer>) -> Option<Value> {
    let mut properties = Map::new();
    let mut required: Vec<Value> = Vec::new();
    let mut rest = Map::new();
    let mut open = vec![schema];
    while let Some(part) = open.pop() {
        if let Some(reference) = part.get("$ref").and_then(Value::as_str) {
            let target = Pointer::from_reference(reference)?;
            if seen.insert(target.clone()) {
                open.push(target.find(document)?);
            }
            continue;
        }
        let parts = part.get("allOf").and_then(Value::as_array);
        // The last one is taken first: the properties of the first part come first.
        open.extend(parts.into_iter().flatten().rev());
        let is_object = part.get("properties").is_some()
            || part.get("required").is_some()
            || parts.is_some()
            || part["type"] == "object";
        if !is_object || part.get("anyOf").is_some() || part.get("oneOf").is_some() {
            return None;
        }
        for (name, property) in part["properties"].as_object().into_iter().flatten() {
            properties.insert(name.clone(), property.clone());
        }
        required.extend(part["required"].as_array().into_iter().flatten().cloned());
        if let Some(extra) = part.get("additionalProperties") {
            rest.insert("additionalProperties".to_owned(), extra.clone());
        }
    }
    rest.insert("type".to_owned(), json!("object"));
    rest.insert("properties".to_owned(), Value::Object(properties));
    rest.insert("required".to_owned(), Value::Array(required));
    Some(Value::Object(rest))
}
