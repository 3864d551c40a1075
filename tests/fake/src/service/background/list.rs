//! Job lists and their filters.

use serde_json::{Map, Value, json};

use crate::response::Response;
use crate::service::pages::page;
use crate::service::request::Request;
use crate::service::timestamp;
use crate::service::violation::Violations;

/// Filters the jobs and returns the requested page.
pub(super) fn page_of(request: &Request, mut jobs: Vec<Value>) -> Result<Response, Response> {
    let fields = [
        ("filename", "/file/filename"),
        ("status", "/status"),
        ("template_id", "/template_id"),
    ];
    for (name, pointer) in fields {
        if let Some(expected) = request.query_text(name) {
            jobs.retain(|job| job.pointer(pointer).is_some_and(|value| value == expected));
        }
    }
    if let Some(substring) = request.query_text("filename_contains") {
        jobs.retain(|job| file_name(job).contains(substring));
    }
    if let Some(pattern) = request.query_text("filename_regex") {
        // JSON Schema patterns are not anchored, so they match anywhere in the name.
        let pattern = jsonschema::validator_for(&json!({ "pattern": pattern }))
            .map_err(|_| invalid("filename_regex", "A regular expression is required"))?;
        jobs.retain(|job| pattern.is_valid(&json!(file_name(job))));
    }
    if let Some(types) = request.query("document_type").and_then(Value::as_array) {
        jobs.retain(|job| types.iter().any(|expected| expected == document_type(job)));
    }
    if let Some(text) = request.query_text("metadata") {
        let expected: Map<String, Value> = serde_json::from_str(text)
            .map_err(|_| invalid("metadata", "A JSON object with string values is required"))?;
        let matches = |job: &Value| {
            let mut expected = expected.iter();
            expected.all(|(name, value)| job["metadata"][name] == *value)
        };
        jobs.retain(matches);
    }
    timestamp::retain_within(request, &mut jobs, "/created_at")?;
    Ok(page(request, jobs, "id"))
}

/// Returns the service's `document_type` for a file, derived from its extension.
pub(super) fn document_type(job: &Value) -> &'static str {
    let name = file_name(job).to_lowercase();
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

fn file_name(job: &Value) -> &str {
    job["file"]["filename"].as_str().unwrap_or_default()
}

fn invalid(name: &str, message: &str) -> Response {
    let mut violations = Violations::default();
    violations.add(&["query", name], message, "value_error");
    violations.into_response()
}
