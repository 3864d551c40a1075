//! Changes of the spec as a whole.

use serde_json::json;

use super::super::edits::{operation, property, push, schema};
use super::entry::Case;
use crate::diff::change::{Effect, Kind};

// A flat list of cases.
#[allow(clippy::too_many_lines)]
pub(super) fn document_cases() -> Vec<Case> {
    use Effect::{NotGenerated, Nothing, Relaxed, Unauthorized};
    vec![
        (
            "the version and the server change",
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
            "the credentials change",
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
            "more credentials are accepted",
            |new| {
                new["components"]["securitySchemes"]["Bearer"] =
                    json!({"type": "http", "scheme": "bearer"});
                push(&mut new["security"], json!({"Bearer": []}));
            },
            vec![
                (Kind::SecurityChanged, Relaxed, "6 operations"),
                (Kind::SecuritySchemeAdded, NotGenerated, "Bearer"),
            ],
        ),
        (
            "an operation no longer requires credentials",
            |new| operation(new, "/v1/runs", "get")["security"] = json!([]),
            vec![(Kind::SecurityChanged, Relaxed, "GET /v1/runs")],
        ),
        (
            "prose changes",
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
