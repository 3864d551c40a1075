//! Changes of a document as a whole.

use serde_json::json;

use super::super::edits::{operation, property, push, schema};
use super::Case;
use crate::diff::change::{Effect, Kind};

// One case after the other: there is nothing to take apart.
#[allow(clippy::too_many_lines)]
pub(super) fn document_cases() -> Vec<Case> {
    use Effect::{MoreTaken, NotGenerated, Nothing, Unauthorized};
    vec![
        (
            "the document has another version and server",
            |new| {
                new["openapi"] = json!("3.1.1");
                new["info"]["version"] = json!("2.0.0");
                new["servers"][0]["url"] = json!("https://two.example");
            },
            vec![
                (Kind::VersionChanged, Nothing, "info.version"),
                (Kind::OpenapiVersionChanged, Nothing, "openapi"),
                (Kind::ServersChanged, Nothing, "servers"),
            ],
        ),
        (
            "the credentials are others",
            |new| {
                new["components"]["securitySchemes"]["Key"] =
                    json!({"type": "http", "scheme": "bearer"});
            },
            vec![
                (Kind::SecurityChanged, Unauthorized, "6 operations"),
                (Kind::SecuritySchemeChanged, NotGenerated, "Key"),
            ],
        ),
        (
            "more credentials are taken",
            |new| {
                new["components"]["securitySchemes"]["Bearer"] =
                    json!({"type": "http", "scheme": "bearer"});
                push(&mut new["security"], json!({"Bearer": []}));
            },
            vec![
                (Kind::SecurityChanged, MoreTaken, "6 operations"),
                (Kind::SecuritySchemeAdded, NotGenerated, "Bearer"),
            ],
        ),
        (
            "an operation needs no credentials",
            |new| operation(new, "/v1/runs", "get")["security"] = json!([]),
            vec![(Kind::SecurityChanged, MoreTaken, "GET /v1/runs")],
        ),
        (
            "texts are others",
            |new| {
                new["info"]["title"] = json!("Other");
                operation(new, "/v1/runs", "get")["summary"] = json!("Other");
                property(new, "Run", "id")["description"] = json!("Other");
                schema(new, "Run")["title"] = json!("Other");
            },
            vec![],
        ),
    ]
}
