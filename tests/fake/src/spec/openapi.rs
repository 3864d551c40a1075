//! The OpenAPI spec.

use serde_json::{Map, Value};

use super::operation::{Body, Location, Operation, Parameter, Response};
use super::schema::Schema;

/// The methods of a path item.
const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// An OpenAPI 3.1 spec.
#[derive(Clone, Debug)]
pub struct Spec {
    value: Value,
}

impl Spec {
    /// Creates a spec from its JSON.
    #[must_use]
    pub fn new(value: Value) -> Self {
        Self { value }
    }

    /// Returns the spec as JSON.
    #[must_use]
    pub fn as_value(&self) -> &Value {
        &self.value
    }

    /// Returns the component schema with this name.
    #[must_use]
    pub fn component(&self, name: &str) -> Option<Schema<'_>> {
        let node = self.value["components"]["schemas"].get(name)?;
        Some(self.schema(node))
    }

    /// Returns all operations that have an `operationId`, in the order of the spec.
    #[must_use]
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let items = self.value["paths"].as_object().into_iter().flatten();
        items
            .flat_map(|(path, item)| {
                METHODS.iter().filter_map(move |method| {
                    let operation = item.get(*method)?;
                    self.operation(method, path, &item["parameters"], operation)
                })
            })
            .collect()
    }

    fn operation<'d>(
        &'d self,
        method: &str,
        path: &'d str,
        shared: &'d Value,
        node: &'d Value,
    ) -> Option<Operation<'d>> {
        let own = node["parameters"].as_array().into_iter().flatten();
        let shared = shared.as_array().into_iter().flatten();
        Some(Operation {
            id: node["operationId"].as_str()?,
            method: method.to_ascii_uppercase().parse().ok()?,
            path,
            parameters: own
                .chain(shared)
                .filter_map(|node| self.parameter(node))
                .collect(),
            body: node.get("requestBody").and_then(|node| self.body(node)),
            responses: self.responses(&node["responses"]),
        })
    }

    fn parameter<'d>(&'d self, node: &'d Value) -> Option<Parameter<'d>> {
        let node = self.schema(node).resolved().node();
        Some(Parameter {
            name: node["name"].as_str()?,
            location: match node["in"].as_str()? {
                "path" => Location::Path,
                "query" => Location::Query,
                "header" => Location::Header,
                _ => return None,
            },
            required: node["required"] == true,
            schema: self.schema(&node["schema"]),
        })
    }

    fn body<'d>(&'d self, node: &'d Value) -> Option<Body<'d>> {
        let node = self.schema(node).resolved().node();
        let (media_type, content) = node["content"].as_object()?.iter().next()?;
        Some(Body {
            media_type,
            required: node["required"] == true,
            schema: self.schema(&content["schema"]),
        })
    }

    fn responses<'d>(&'d self, responses: &'d Value) -> Vec<Response<'d>> {
        let mut all = Vec::new();
        for (status, node) in responses.as_object().into_iter().flatten() {
            let Ok(status) = status.replace("XX", "00").parse() else {
                continue;
            };
            let node = self.schema(node).resolved().node();
            let content = node["content"].as_object();
            for (media_type, content) in content.into_iter().flatten() {
                all.push(Response {
                    status,
                    media_type: Some(media_type),
                    schema: self.schema(&content["schema"]),
                });
            }
            if content.is_none_or(Map::is_empty) {
                all.push(Response {
                    status,
                    media_type: None,
                    schema: self.schema(&Value::Null),
                });
            }
        }
        all
    }

    pub(super) fn schema<'d>(&'d self, node: &'d Value) -> Schema<'d> {
        Schema::new(&self.value, node)
    }
}

#[cfg(test)]
mod tests {
    use http::Method;
    use serde_json::json;

    use super::*;

    #[test]
    fn prefers_operation_with_fewest_path_parameters() {
        let operation = |id: &str| json!({"get": {"operationId": id}});
        let spec = Spec::new(json!({"paths": {
            "/runs/{id}": operation("get_run"),
            "/runs/{id}/steps": operation("list_steps"),
            "/runs/metrics": operation("get_metrics"),
        }}));
        let operations = spec.operations();
        let found = |path: &str| {
            Operation::find(&operations, &Method::GET, path).map(|operation| operation.id)
        };
        assert_eq!(found("/runs/metrics"), Some("get_metrics"));
        assert_eq!(found("/runs/metric"), Some("get_run"));
        assert_eq!(found("/runs/metrics/steps"), Some("list_steps"));
        assert_eq!(found("/runs//steps"), None);
        assert_eq!(found("/runs/a/b"), None);
        assert_eq!(found("/runs"), None);
        assert_eq!(
            Operation::find(&operations, &Method::POST, "/runs/metrics").map(|found| found.id),
            None
        );
    }

    #[test]
    fn distinguishes_text_parts_from_file_parts() {
        let spec = Spec::new(json!({"paths": {"/tables": {"post": {
            "operationId": "create_table",
            "requestBody": {"content": {"multipart/form-data": {"schema": {
                "type": "object",
                "required": ["file"],
                "properties": {
                    "name": {"type": "string"},
                    "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                    "image": {"type": "string", "format": "binary"},
                },
            }}}},
        }}}}));
        let parts = spec.operations()[0].body.unwrap().parts();
        let parts: Vec<_> = parts
            .iter()
            .map(|part| (part.name, part.location, part.required))
            .collect();
        assert_eq!(
            parts,
            [
                ("name", Location::Part, false),
                ("file", Location::File, true),
                ("image", Location::File, false)
            ]
        );
    }
}
