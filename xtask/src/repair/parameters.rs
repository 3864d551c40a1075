//! Normalizes the parameter list of every operation.
//!
//! Parameters shared by a path item and referenced parameters are inlined, and duplicates are dropped. Undeclared path
//! placeholders become string parameters, and path parameters without a placeholder are dropped. The OpenAPI standard
//! excludes headers controlled by HTTP, and cookies are not supported. A parameter with `content` other than JSON in
//! the query becomes a string that is sent unchanged.

use serde_json::{Value, json};

use super::notes::Repairs;
use crate::document::{Pointer, Route, for_each_operation_mut};
use crate::lower::{is_json, path_parameters, referenced};

/// Headers that the client derives from the rest of the request.
const OF_HTTP: [&str; 3] = ["accept", "content-type", "authorization"];

/// Normalizes the parameters of every operation.
pub(super) fn repair(document: &mut Value, repairs: &mut Repairs) {
    let whole = document.clone();
    for_each_operation_mut(document, |pointer, route, operation| {
        let mut parameters: Vec<Value> = Vec::new();
        let shared = Pointer::of(["paths", &route.path]).join("parameters");
        for list in [&pointer.join("parameters"), &shared] {
            add(
                &whole,
                list,
                list == &shared,
                route,
                &mut parameters,
                repairs,
            );
        }
        for name in path_parameters(&route.path) {
            let is_declared =
                |parameter: &Value| parameter["in"] == "path" && parameter["name"] == name;
            if !parameters.iter().any(is_declared) {
                repairs.note(
                    pointer,
                    format_args!("undeclared path parameter {name}; added as a string"),
                );
                parameters.push(json!({
                    "in": "path", "name": name, "required": true, "schema": {"type": "string"},
                }));
            }
        }
        operation["parameters"] = Value::Array(parameters);
    });
    for item in (document["paths"].as_object_mut().into_iter().flatten())
        .filter_map(|(_, item)| item.as_object_mut())
    {
        item.shift_remove("parameters");
    }
}

/// Whether the client sends this parameter.
pub(crate) fn is_sent(parameter: &Value) -> bool {
    let name = parameter["name"].as_str().unwrap_or_default();
    match parameter["in"].as_str() {
        Some("header") => !OF_HTTP.contains(&name.to_ascii_lowercase().as_str()),
        Some("path" | "query") => true,
        _ => false,
    }
}

fn add(
    document: &Value,
    list: &Pointer,
    is_shared: bool,
    route: &Route,
    parameters: &mut Vec<Value>,
    repairs: &mut Repairs,
) {
    let before = parameters.len();
    let listed = list.find(document).and_then(Value::as_array);
    for (index, parameter) in listed.into_iter().flatten().enumerate() {
        let place = list.join(index);
        let parameter = referenced(document, parameter);
        let name = parameter["name"].as_str().unwrap_or_default();
        let same =
            |seen: &Value| seen["name"] == parameter["name"] && seen["in"] == parameter["in"];
        if let Some(seen) = parameters.iter().position(same) {
            // Parameters of the operation override those of the path item.
            if !(is_shared && seen < before) {
                repairs.note(&place, format_args!("duplicate parameter {name}; dropped"));
            }
            continue;
        }
        match parameter["in"].as_str() {
            Some("cookie") => {
                repairs.note(
                    &place,
                    format_args!("cookie {name} is not supported; dropped"),
                );
            }
            Some("header") if !is_sent(parameter) => {}
            Some("path")
                if !path_parameters(&route.path).any(|placeholder| placeholder == name) =>
            {
                repairs.note(&place, format_args!("no {{{name}}} in the path; dropped"));
            }
            _ => parameters.push(with_schema(parameter, &place, repairs)),
        }
    }
}

fn with_schema(parameter: &Value, place: &Pointer, repairs: &mut Repairs) -> Value {
    let mut parameter = parameter.clone();
    let Some(content) = parameter.get("content").and_then(Value::as_object) else {
        return parameter;
    };
    let media_type = content.keys().next().cloned().unwrap_or_default();
    let is_query = parameter["in"] == "query";
    if parameter.get("schema").is_none() && !(is_query && is_json(&media_type)) {
        repairs.note(
            &place.join("content"),
            format_args!("sent as a raw {media_type} string"),
        );
        parameter["schema"] = json!({"type": "string"});
        if let Some(parameter) = parameter.as_object_mut() {
            parameter.shift_remove("content");
        }
    }
    parameter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inlines_shared_parameters_and_adds_undeclared_ones() {
        let (document, notes) = crate::repair::testing::repaired(
            repair,
            json!({
                "paths": {"/runs/{run_id}/{step}": {
                    "parameters": [
                        {"$ref": "#/components/parameters/RunId"},
                        {"in": "query", "name": "limit", "schema": {"type": "integer"}},
                    ],
                    "get": {"parameters": [
                        {"in": "query", "name": "limit", "schema": {"type": "string"}},
                        {"in": "query", "name": "limit", "schema": {"type": "boolean"}},
                        {"in": "header", "name": "Authorization"},
                        {"in": "cookie", "name": "session"},
                        {"in": "path", "name": "gone", "required": true},
                        {"in": "query", "name": "filter", "content": {"application/json": {"schema": {}}}},
                        {"in": "header", "name": "X", "content": {"application/json": {"schema": {}}}},
                    ]},
                }},
                "components": {"parameters": {"RunId": {"in": "path", "name": "run_id", "required": true}}},
            }),
        );
        assert_eq!(
            document["paths"]["/runs/{run_id}/{step}"],
            json!({"get": {"parameters": [
                {"in": "query", "name": "limit", "schema": {"type": "string"}},
                {"in": "query", "name": "filter", "content": {"application/json": {"schema": {}}}},
                {"in": "header", "name": "X", "schema": {"type": "string"}},
                {"in": "path", "name": "run_id", "required": true},
                {"in": "path", "name": "step", "required": true, "schema": {"type": "string"}},
            ]}})
        );
        let place = "/paths/~1runs~1{run_id}~1{step}/get";
        assert_eq!(
            notes,
            [
                format!("{place}/parameters/1: duplicate parameter limit; dropped"),
                format!("{place}/parameters/3: cookie session is not supported; dropped"),
                format!("{place}/parameters/4: no {{gone}} in the path; dropped"),
                format!("{place}/parameters/6/content: sent as a raw application/json string"),
                format!("{place}: undeclared path parameter step; added as a string"),
            ]
        );
    }
}
