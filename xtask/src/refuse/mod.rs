//! What no code can be generated from: all of it is found before anything is written.
//!
//! Each refusal names the place, the rule that is broken there, and the mend. What can be generated some other way
//! is no matter of this module: see [`crate::repair`].

mod operations;
mod references;
mod structure;

use serde_json::Value;

use crate::document::Pointer;
use crate::problem::{Problem, Result};

/// The end of every mend: upstream is not ours to change.
const IN_AN_OVERLAY: &str =
    "ask for it upstream, or correct it by an action in openapi/overlays/corrections.yaml";

/// Refuses a document that breaks a rule which no repair can mend, with everything that does.
///
/// # Errors
/// All refusals as one problem.
pub(crate) fn check(document: &Value) -> Result<()> {
    let mut refusals = Refusals::default();
    structure::check(document, &mut refusals);
    references::check(document, &mut refusals);
    operations::check(document, &mut refusals);
    Problem::all(refusals.0).map_or(Ok(()), Err)
}

/// The refusals so far.
#[derive(Default)]
struct Refusals(Vec<Problem>);

impl Refusals {
    fn refuse(&mut self, place: &Pointer, rule: impl std::fmt::Display, mend: &str) {
        let mend = format!("{mend}; {IN_AN_OVERLAY}");
        self.0.push(Problem::new(place, rule, mend));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The lines of all refusals of a document with these paths and components.
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

    fn answer(schema: Value) -> Value {
        json!({"200": {"content": {"application/json": {"schema": schema}}}})
    }

    #[test]
    fn everything_is_refused_at_once() {
        let refused = refused(
            json!({
                "/runs": {
                    "get": {"operationId": "run", "responses": answer(json!({"$ref": "#/components/schemas/Gone"}))},
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
                "/paths/~1runs/put/parameters: a list is needed here, and this is an object",
                "/components/schemas/Run/properties/id: a schema is needed here, and this is a text",
                "/paths/~1runs/get/responses/200/content/application~1json/schema/$ref: \
                 nothing stands at #/components/schemas/Gone",
                "/paths/~1runs/post/operationId: the operation at /paths/~1runs/get has this \
                 operationId as well, and is another",
                "/paths/steps: a path begins with a slash",
                "/paths/steps/get/parameters/0: a parameter has a `name`",
                "/paths/steps/get/parameters/1: a parameter is in the path, the query, a header or a cookie",
            ]
        );
    }

    #[test]
    fn a_reference_names_a_place_of_the_same_kind_in_this_document() {
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
                "/components/schemas/Other/$ref: the reference leads out of this document",
                "/components/schemas/File/$ref: the reference leads out of this document",
                "/components/schemas/Anchor/$ref: the reference is to an anchor",
                "/components/schemas/Number/$ref: a reference is a text",
                "/components/schemas/Wrong/$ref: what stands at #/components/parameters/Id is no schema",
                "/components/parameters/Id/$ref: the reference leads back to itself",
            ]
        );
    }

    #[test]
    fn operations_that_are_the_same_may_share_an_id() {
        let operation =
            |text: &str| json!({"operationId": "run", "summary": text, "responses": {}});
        let paths = json!({"/runs": {"get": operation("a")}, "/runs/": {"get": operation("b")}});
        assert_eq!(refused(paths, json!({})), [""; 0]);
        let methods = json!({"/runs": {"get": operation("a"), "delete": operation("a")}});
        assert_eq!(refused(methods, json!({})).len(), 1);
    }

    #[test]
    fn a_path_has_whole_placeholders() {
        for path in ["/a/{id", "/a/{}", "/a/{b/c}", "/a/id}"] {
            let refused = refused(json!({path: {"get": {"responses": {}}}}), json!({}));
            assert_eq!(refused.len(), 1, "{path}");
            assert!(refused[0].contains("placeholder"), "{refused:?}");
        }
    }
}
