//! Parameters are listed with their operation, one form each, and never nullable.
//!
//! Parameters that a path item shares, or that are references, are written out. A nullable query
//! parameter is one that can be left out: null has no form in a query, and the generator prints
//! code that does not compile for a nullable header. Styles are dropped: the runtime sends arrays
//! as repeated keys, which is the default of OpenAPI. A header that HTTP itself governs is no
//! parameter, by the standard, and cookies are not sent.

use serde_json::{Value, json};

use super::{nullable, resolve};
use crate::document::for_each_operation_mut;

/// Writes out the parameters of every operation.
pub(super) fn lower(document: &mut Value) {
    let whole = document.clone();
    for_each_operation_mut(document, |_, route, operation| {
        let own = operation.get("parameters").and_then(Value::as_array);
        let shared = whole["paths"][&route.path]
            .get("parameters")
            .and_then(Value::as_array);
        let mut parameters: Vec<Value> = Vec::new();
        for parameter in own.into_iter().chain(shared).flatten() {
            let parameter = resolve::referenced(&whole, parameter);
            let known =
                |seen: &Value| seen["name"] == parameter["name"] && seen["in"] == parameter["in"];
            if is_sent(parameter) && !parameters.iter().any(known) {
                parameters.push(one_form(parameter));
            }
        }
        for name in path_parameters(&route.path) {
            let declared =
                |parameter: &Value| parameter["in"] == "path" && parameter["name"] == name;
            if !parameters.iter().any(declared) {
                parameters.push(json!({
                    "in": "path", "name": name, "required": true, "schema": {"type": "string"},
                }));
            }
        }
        operation["parameters"] = Value::Array(parameters);
    });
    if let Some(paths) = document["paths"].as_object_mut() {
        for item in paths.values_mut().filter_map(Value::as_object_mut) {
            item.remove("parameters");
        }
    }
}

/// The names between braces in the template of a path, in order.
pub(crate) fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
}

/// Whether a client sets this parameter.
pub(crate) fn is_sent(parameter: &Value) -> bool {
    let name = parameter["name"].as_str().unwrap_or_default();
    match parameter["in"].as_str() {
        Some("header") => !["accept", "content-type", "authorization"]
            .contains(&name.to_ascii_lowercase().as_str()),
        Some("path" | "query") => true,
        _ => false,
    }
}

fn one_form(parameter: &Value) -> Value {
    let mut schema = parameter
        .get("schema")
        .or_else(|| {
            parameter["content"]
                .as_object()?
                .values()
                .next()?
                .get("schema")
        })
        .cloned()
        .unwrap_or_else(|| json!({}));
    nullable::lower_schema(&mut schema);
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("nullable");
    }
    let mut lowered = json!({
        "in": parameter["in"],
        "name": parameter["name"],
        "required": parameter["in"] == "path" || parameter["required"] == true,
        "schema": schema,
    });
    if let Some(description) = parameter.get("description") {
        lowered["description"] = description.clone();
    }
    lowered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_written_out_in_one_form() {
        let mut document = json!({
            "paths": {"/runs/{run_id}/{step}": {
                "parameters": [{"$ref": "#/components/parameters/RunId"}],
                "get": {"parameters": [
                    {"in": "query", "name": "status", "schema": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
                    {"in": "header", "name": "Authorization", "schema": {"type": "string"}},
                    {"in": "cookie", "name": "session", "schema": {"type": "string"}},
                ]},
            }},
            "components": {"parameters": {"RunId": {
                "in": "path", "name": "run_id", "required": true, "style": "simple", "schema": {"type": "string"},
            }}},
        });
        lower(&mut document);
        assert_eq!(
            document["paths"]["/runs/{run_id}/{step}"],
            json!({"get": {"parameters": [
                {"in": "query", "name": "status", "required": false, "schema": {"type": "string"}},
                {"in": "path", "name": "run_id", "required": true, "schema": {"type": "string"}},
                {"in": "path", "name": "step", "required": true, "schema": {"type": "string"}},
            ]}})
        );
    }
}
