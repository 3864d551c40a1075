//! Reduces parameters to a common form and removes `nullable`.
//!
//! A query cannot represent null, and the generator emits invalid code for a nullable header, so nullable parameters
//! are optional instead. The serialization style is dropped here: the runtime reads it from the [`Form`] in the
//! operation table.

use serde_json::{Value, json};

use super::{media_type, nullable, resolve};
use crate::document::for_each_operation_mut;

/// Reduces the parameters of every operation to a common form.
pub(super) fn lower(document: &mut Value) {
    for_each_operation_mut(document, |_, _, operation| {
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            *parameter = one_form(parameter);
        }
    });
}

/// Returns the placeholder names of a path template, in order.
pub(crate) fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
}

/// The serialization style of a query parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A list repeats the parameter name, and an object uses its own property names.
    Repeated,
    /// A list is joined with this separator.
    Joined(&'static str),
    /// Property names follow the parameter name in brackets.
    Deep,
    /// JSON.
    Json,
}

/// Returns the serialization style of `parameter`, based on `style`, `explode` and `content`.
pub(crate) fn form(document: &Value, parameter: &Value) -> Form {
    let content = parameter["content"].as_object().into_iter().flatten();
    if parameter.get("schema").is_none()
        && content
            .map(|(name, _)| name)
            .any(|name| media_type::is_json(name))
    {
        return Form::Json;
    }
    let is_list = resolve::referenced(document, &parameter["schema"])["type"] == "array";
    match parameter["style"].as_str() {
        Some("deepObject") => Form::Deep,
        Some("spaceDelimited") if is_list && parameter["explode"] != true => Form::Joined(" "),
        Some("pipeDelimited") if is_list && parameter["explode"] != true => Form::Joined("|"),
        None | Some("form") if is_list && parameter["explode"] == false => Form::Joined(","),
        _ => Form::Repeated,
    }
}

fn one_form(parameter: &Value) -> Value {
    let content = parameter["content"].as_object().into_iter().flatten();
    let in_content = content
        .map(|(_, media_type)| media_type.get("schema"))
        .next();
    let mut schema = parameter
        .get("schema")
        .or_else(|| in_content.flatten())
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
    fn reduces_parameters_to_common_form() {
        let mut document = json!({"paths": {"/runs": {"get": {"parameters": [
            {"in": "query", "name": "status", "schema": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
            {"in": "query", "name": "filter", "content": {"application/json": {"schema": {"type": "object"}}}},
            {"in": "query", "name": "any", "style": "form"},
        ]}}}});
        lower(&mut document);
        assert_eq!(
            document["paths"]["/runs"]["get"]["parameters"],
            json!([
                {"in": "query", "name": "status", "required": false, "schema": {"type": "string"}},
                {"in": "query", "name": "filter", "required": false, "schema": {"type": "object"}},
                {"in": "query", "name": "any", "required": false, "schema": {}},
            ])
        );
    }

    #[test]
    fn derives_form_from_style_and_content() {
        let list = json!({"type": "array"});
        for (parameter, expected) in [
            (json!({"schema": list}), Form::Repeated),
            (json!({"schema": list, "explode": false}), Form::Joined(",")),
            (
                json!({"schema": list, "style": "pipeDelimited"}),
                Form::Joined("|"),
            ),
            (
                json!({"schema": list, "style": "spaceDelimited", "explode": false}),
                Form::Joined(" "),
            ),
            (
                json!({"schema": {"type": "object"}, "style": "deepObject"}),
                Form::Deep,
            ),
            (
                json!({"schema": {"type": "object"}, "explode": false}),
                Form::Repeated,
            ),
            (
                json!({"content": {"application/json": {"schema": list}}}),
                Form::Json,
            ),
        ] {
            assert_eq!(form(&json!({}), &parameter), expected, "{parameter}");
        }
    }
}
