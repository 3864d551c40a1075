//! Runs all checks.

use serde_json::Value;

use super::violations::Refusals;
use super::{operations, references, structure};
use crate::problem::{Problem, Result};

/// Checks the spec `document` for violations that cannot be repaired.
///
/// # Errors
/// Returns one error that lists all violations.
pub(crate) fn check(document: &Value) -> Result<()> {
    let mut refusals = Refusals::default();
    structure::check(document, &mut refusals);
    references::check(document, &mut refusals);
    operations::check(document, &mut refusals);
    Problem::all(refusals.0).map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Returns one line per violation in a spec with these paths and components.
    fn refused(paths: Value, components: Value) -> Vec<String> {
        let document = json!({"openapi": "3.1.0", "paths": paths, "components": components});
        match check(&document) {
            Ok(()) => Vec::new(),
            Err(problem) => {
                let text = problem.to_string();
                let lines = text.lines().filter(|line| !line.starts_with("  "));
                lines
                    .map(|line| line.trim_start_matches("error: ").to_owned())
                    .collect()
            }
        }
    }

    fn response(schema: Value) -> Value {
        json!({"200": {"content": {"application/json": {"schema": schema}}}})
    }

    #[test]
    fn reports_all_violations_at_once() {
        let refused = refused(
            json!({
                "/runs": {
                    "get": {"operationId": "run", "responses": response(json!({"$ref": "#/components/schemas/Gone"}))},
                    "post": {"operationId": "run", "responses": {}},
                    "put": {"parameters": {}, "responses": {}},
                },
                "steps": {"get": {"parameters": [{"in": "query"}, {"in": "body", "name": "b"}]}},
            }),
            json!({"schemas": {"Run": {"properties": {"id": "string"}}}}),
        );
        assert_eq!(
            refused,
            [
                "/paths/~1runs/put/parameters: expected an array, found an object",
                "/components/schemas/Run/properties/id: expected a schema, found a string",
                "/paths/~1runs/get/responses/200/content/application~1json/schema/$ref: \
                 #/components/schemas/Gone does not exist",
                "/paths/~1runs/post/operationId: duplicate operationId: also used by a different \
                 operation at /paths/~1runs/get",
                "/paths/steps: a path must start with a slash",
                "/paths/steps/get/parameters/0: a parameter requires a `name`",
                "/paths/steps/get/parameters/1: the `in` of a parameter must be `path`, `query`, `header` or `cookie`",
            ]
        );
    }

    #[test]
    fn rejects_invalid_references() {
        let schemas = json!({
            "Other": {"$ref": "https://example.com/run.json#/Run"},
            "File": {"$ref": "run.yaml"},
            "Anchor": {"$ref": "#run"},
            "Number": {"$ref": 5},
            "Wrong": {"$ref": "#/components/parameters/Id"},
            "Inner": {"$ref": "#/components/schemas/Fine/properties/id"},
            "Fine": {"properties": {"id": {"type": "string"}, "$ref": {"type": "string"}}},
        });
        let parameters = json!({"Id": {"$ref": "#/components/parameters/Id"}});
        assert_eq!(
            refused(
                json!({}),
                json!({"schemas": schemas, "parameters": parameters})
            ),
            [
                "/components/schemas/Other/$ref: references to other files are not supported",
                "/components/schemas/File/$ref: references to other files are not supported",
                "/components/schemas/Anchor/$ref: references to anchors are not supported",
                "/components/schemas/Number/$ref: a reference must be a string",
                "/components/schemas/Wrong/$ref: #/components/parameters/Id is not a schema",
                "/components/parameters/Id/$ref: circular reference",
            ]
        );
    }

    #[test]
    fn identical_operations_may_share_operation_id() {
        let operation =
            |text: &str| json!({"operationId": "run", "summary": text, "responses": {}});
        let paths = json!({"/runs": {"get": operation("a")}, "/runs/": {"get": operation("b")}});
        assert_eq!(refused(paths, json!({})), [""; 0]);
        let methods = json!({"/runs": {"get": operation("a"), "delete": operation("a")}});
        assert_eq!(refused(methods, json!({})).len(), 1);
    }

    #[test]
    fn rejects_malformed_placeholders() {
        for path in ["/a/{id", "/a/{}", "/a/{b/c}", "/a/id}"] {
            let refused = refused(json!({path: {"get": {"responses": {}}}}), json!({}));
            assert_eq!(refused.len(), 1, "{path}");
            assert!(refused[0].contains("placeholder"), "{refused:?}");
        }
    }
}
