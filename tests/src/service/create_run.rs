//! The check of the body that creates a run.

use serde_json::{Map, Value};

use super::files::Files;
use super::mime_data;
use super::mistake::Mistakes;
use crate::answer::Answer;
use crate::received::Received;

const FIELDS: [&str; 7] = [
    "workflow_id",
    "documents",
    "json_inputs",
    "version",
    "metadata",
    "trigger_type",
    "parent_run_id",
];

/// A body that fits, as far as the run needs it.
pub(crate) struct CreateRun {
    pub(crate) workflow_id: String,
    pub(crate) version: String,
    pub(crate) documents: Map<String, Value>,
    pub(crate) json_inputs: Map<String, Value>,
    pub(crate) metadata: Value,
    pub(crate) trigger: String,
}

/// Checks the whole body, and names every mistake in it.
pub(crate) fn check(request: &Received, files: &mut Files) -> Result<CreateRun, Answer> {
    let mut mistakes = Mistakes::default();
    let body = body(request, &mut mistakes);
    for name in body.keys().filter(|name| !FIELDS.contains(&name.as_str())) {
        mistakes.add(
            &["body", name],
            "This field is not permitted",
            "extra_forbidden",
        );
    }
    let run = CreateRun {
        workflow_id: workflow_id(&body, &mut mistakes),
        version: version(&body, &mut mistakes),
        documents: object(&body, "documents", &mut mistakes)
            .iter()
            .map(|(block, document)| {
                (
                    block.clone(),
                    mime_data::check(block, document, files, &mut mistakes),
                )
            })
            .collect(),
        json_inputs: object(&body, "json_inputs", &mut mistakes),
        metadata: metadata(&body, &mut mistakes),
        trigger: trigger(&body, &mut mistakes),
    };
    match mistakes.into_refusal() {
        Some(refusal) => Err(refusal),
        None => Ok(run),
    }
}

fn body(request: &Received, mistakes: &mut Mistakes) -> Map<String, Value> {
    let content_type = request.header("content-type").unwrap_or_default();
    if content_type.split(';').next().unwrap_or_default().trim() != "application/json" {
        mistakes.add(
            &["header", "content-type"],
            "The body must be application/json",
            "value_error",
        );
        return Map::new();
    }
    match serde_json::from_slice(&request.body) {
        Ok(Value::Object(body)) => body,
        Ok(_) => {
            mistakes.add(&["body"], "The body must be an object", "model_type");
            Map::new()
        }
        Err(_) => {
            mistakes.add(&["body"], "The body is not valid JSON", "json_invalid");
            Map::new()
        }
    }
}

fn workflow_id(body: &Map<String, Value>, mistakes: &mut Mistakes) -> String {
    match body.get("workflow_id") {
        Some(Value::String(id)) if !id.is_empty() => id.clone(),
        Some(_) => {
            mistakes.add(
                &["body", "workflow_id"],
                "A workflow id is required",
                "string_type",
            );
            String::new()
        }
        None => {
            mistakes.add(&["body", "workflow_id"], "Field required", "missing");
            String::new()
        }
    }
}

fn version(body: &Map<String, Value>, mistakes: &mut Mistakes) -> String {
    match body.get("version") {
        None => "production".to_owned(),
        Some(Value::String(version)) if is_version(version) => version.clone(),
        Some(_) => {
            mistakes.add(
                &["body", "version"],
                "The version must be production, draft or an id that starts with ver_",
                "value_error",
            );
            String::new()
        }
    }
}

fn is_version(text: &str) -> bool {
    matches!(text, "production" | "draft")
        || text
            .strip_prefix("ver_")
            .is_some_and(|rest| !rest.is_empty())
}

fn object(body: &Map<String, Value>, name: &str, mistakes: &mut Mistakes) -> Map<String, Value> {
    match body.get(name) {
        None => Map::new(),
        Some(Value::Object(object)) => object.clone(),
        Some(_) => {
            mistakes.add(&["body", name], "An object is required", "dict_type");
            Map::new()
        }
    }
}

/// How the run comes to be: by the API, or as a restart of the run that it names.
fn trigger(body: &Map<String, Value>, mistakes: &mut Mistakes) -> String {
    let trigger = body.get("trigger_type").map_or(Some("api"), Value::as_str);
    let has_parent = body.get("parent_run_id").is_some_and(Value::is_string);
    if has_parent != (trigger == Some("restart")) {
        mistakes.add(
            &["body", "parent_run_id"],
            "A restart names the run that it repeats, and nothing else does",
            "value_error",
        );
    }
    trigger.unwrap_or_default().to_owned()
}

fn metadata(body: &Map<String, Value>, mistakes: &mut Mistakes) -> Value {
    match body.get("metadata") {
        None | Some(Value::Null) => return Value::Null,
        Some(Value::Object(_)) => {}
        Some(_) => mistakes.add(&["body", "metadata"], "An object is required", "dict_type"),
    }
    let metadata = body
        .get("metadata")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    for (name, _) in metadata.iter().filter(|(_, value)| !value.is_string()) {
        mistakes.add(
            &["body", "metadata", name],
            "A text is required",
            "string_type",
        );
    }
    Value::Object(metadata)
}
