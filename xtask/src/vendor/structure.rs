//! The structure of a spec without prose, in a canonical order.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use crate::document::{Holds, Kind, Order, for_each_mut, is_extension};

/// The keywords that contain prose or examples.
const TEXTS: [&str; 7] = [
    "title",
    "summary",
    "description",
    "example",
    "examples",
    "externalDocs",
    "$comment",
];

/// The order of keywords in the output. Other keywords follow in alphabetical order.
///
/// One list covers every kind of node: identity first, content last.
#[rustfmt::skip]
const KEYWORDS: [&str; 84] = [
    "openapi", "info", "jsonSchemaDialect",
    // operations and path items
    "operationId", "title", "summary", "description", "version", "deprecated", "tags", "servers", "security",
    "paths", "webhooks", "components",
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
    // parameters
    "name", "in", "url", "scheme", "bearerFormat",
    // schemas
    "$schema", "$id", "$anchor", "$ref", "type", "nullable", "format", "const", "enum", "default",
    "readOnly", "writeOnly", "contentMediaType", "contentEncoding", "contentSchema",
    "pattern", "minLength", "maxLength", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum",
    "multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
    "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "discriminator",
    "propertyName", "mapping",
    "prefixItems", "items", "contains", "required", "properties", "patternProperties",
    "additionalProperties", "propertyNames", "unevaluatedProperties", "$defs", "definitions",
    // parameters, request bodies and responses of an operation
    "style", "explode", "allowReserved", "schema", "parameters", "requestBody", "responses",
];

/// Removes prose, examples and extensions.
///
/// Only removes keywords: properties, schemas and parameters with such a name stay. Members that OpenAPI
/// requires are reduced: `info` to title and version, the `description` of a response or OAuth scope to an empty
/// string. Upstream extensions have no meaning here and mostly contain prose (code samples, display names).
/// The extensions of this project are added by overlays.
pub(super) fn drop_texts(document: &mut Value) {
    for_each_mut(document, Order::ParentsFirst, |_, kind, node| {
        let Value::Object(members) = node else {
            return;
        };
        match kind {
            Kind::Info => members.retain(|key, _| matches!(key.as_str(), "title" | "version")),
            Kind::Response if !members.contains_key("$ref") => {
                members.retain(|key, _| key == "description" || !is_text(key));
                members.insert("description".to_owned(), "".into());
            }
            Kind::OauthFlow => {
                members.retain(|key, _| !is_text(key));
                if let Some(Value::Object(scopes)) = members.get_mut("scopes") {
                    scopes.values_mut().for_each(|text| *text = "".into());
                }
            }
            kind if kind.is_keyed_by_names() => members.retain(|key, _| !is_extension(key)),
            _ => members.retain(|key, _| !is_text(key)),
        }
    });
}

/// Sorts keywords by [`KEYWORDS`] and names alphabetically.
///
/// Preserves the order of `properties` and of arrays such as `enum`, `parameters` and unions, which can be
/// significant. `required` is a set and is sorted.
pub(super) fn order(document: &mut Value) {
    for_each_mut(document, Order::ChildrenFirst, |_, kind, node| {
        let Value::Object(members) = node else {
            return;
        };
        if kind.is_keyed_by_names() {
            members.sort_keys();
            return;
        }
        for (key, value) in members.iter_mut() {
            let holds = kind.holds(key, value);
            match (kind, key.as_str(), holds, value) {
                (Kind::Schema, "properties", ..) => {}
                (_, _, Holds::Map(_), Value::Object(map))
                | (Kind::Discriminator, "mapping", _, Value::Object(map))
                | (Kind::OauthFlow, "scopes", _, Value::Object(map)) => map.sort_keys(),
                (Kind::Schema, "required", _, Value::Array(names)) => {
                    names.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
                }
                _ => {}
            }
        }
        sort_keywords(members);
    });
}

/// Serializes `document` as JSON, indented by two spaces, with a final newline.
pub(super) fn print(document: &Value) -> Vec<u8> {
    format!("{document:#}\n").into_bytes()
}

fn is_text(key: &str) -> bool {
    TEXTS.contains(&key) || is_extension(key)
}

fn sort_keywords(members: &mut Map<String, Value>) {
    let rank = |key: &str| {
        let listed = KEYWORDS.iter().position(|keyword| *keyword == key);
        listed.unwrap_or(KEYWORDS.len())
    };
    let mut sorted: Vec<_> = std::mem::take(members).into_iter().collect();
    sorted.sort_by(|(one, _), (other, _)| match rank(one).cmp(&rank(other)) {
        Ordering::Equal => one.cmp(other),
        different => different,
    });
    members.extend(sorted);
}
