//! Lists of work, and what they are filtered by.

use serde_json::{Map, Value, json};

use crate::response::Response;
use crate::service::call::Call;
use crate::service::pages::page;
use crate::service::time;
use crate::service::violation::Violations;

/// The page of these that a call asks for.
pub(super) fn page_of(call: &Call<'_>, mut works: Vec<Value>) -> Result<Response, Response> {
    let fields = [
        ("filename", "/file/filename"),
        ("status", "/status"),
        ("template_id", "/template_id"),
    ];
    for (name, place) in fields {
        if let Some(wanted) = call.query_text(name) {
            works.retain(|work| work.pointer(place).is_some_and(|value| value == wanted));
        }
    }
    if let Some(part) = call.query_text("filename_contains") {
        works.retain(|work| file_name(work).contains(part));
    }
    if let Some(pattern) = call.query_text("filename_regex") {
        // As in the schemas of JSON, a pattern can stand anywhere in a text.
        let pattern = jsonschema::validator_for(&json!({ "pattern": pattern }))
            .map_err(|_| refused("filename_regex", "A regular expression is required"))?;
        works.retain(|work| pattern.is_valid(&json!(file_name(work))));
    }
    if let Some(types) = call.query("document_type").and_then(Value::as_array) {
        works.retain(|work| types.iter().any(|wanted| wanted == document_type(work)));
    }
    if let Some(text) = call.query_text("metadata") {
        let wanted: Map<String, Value> = serde_json::from_str(text)
            .map_err(|_| refused("metadata", "A JSON object of texts is required"))?;
        let has = |work: &Value| {
            let mut wanted = wanted.iter();
            wanted.all(|(name, value)| work["metadata"][name] == *value)
        };
        works.retain(has);
    }
    time::within(call, &mut works, "/created_at")?;
    Ok(page(call, works, "id"))
}

/// What the service calls the kind of a file.
pub(super) fn document_type(work: &Value) -> &'static str {
    let name = file_name(work).to_lowercase();
    let (_, extension) = name.rsplit_once('.').unwrap_or_default();
    match extension {
        "csv" => "csv",
        "xls" | "xlsx" | "ods" => "xlsx",
        "doc" | "docx" | "odt" => "docx",
        "txt" | "md" | "json" | "html" => "txt",
        "png" | "jpg" | "jpeg" | "tif" | "tiff" | "webp" | "gif" | "bmp" => "image",
        _ => "pdf",
    }
}

fn file_name(work: &Value) -> &str {
    work["file"]["filename"].as_str().unwrap_or_default()
}

fn refused(name: &str, message: &str) -> Response {
    let mut violations = Violations::default();
    violations.add(&["query", name], message, "value_error");
    violations.into_answer()
}
