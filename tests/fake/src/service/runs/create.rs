//! The check of the body that creates a run, for what the document does not say.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::ends::{ASKED_BY, ENDS};
use crate::response::Response;
use crate::service::call::Call;
use crate::service::files::Files;
use crate::service::mime_data::{self, Document};
use crate::service::route::Undeclared;
use crate::service::violation::Violations;

/// What a body can have; the last two are those of a restart, of which the document says nothing.
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
pub(super) struct CreateRun<'c> {
    pub(super) workflow_id: String,
    pub(super) version: String,
    documents: Vec<(&'c str, Document<'c>)>,
    json_inputs: Value,
    metadata: Value,
    trigger: String,
    /// The run that it repeats.
    pub(super) parent: Option<String>,
    /// How it is asked to end.
    pub(super) end: Option<String>,
}

/// Checks the whole body, and names every mistake in it.
pub(super) fn check<'c>(call: &'c Call<'_>, files: &Files) -> Result<CreateRun<'c>, Response> {
    let body = call.body();
    let mut violations = Violations::default();
    let unknown = body.as_object().into_iter().flat_map(Map::keys);
    if call.undeclared == Undeclared::FirstError {
        for name in unknown.filter(|name| !FIELDS.contains(&name.as_str())) {
            let message = "This field is not permitted";
            violations.add(&["body", name], message, "extra_forbidden");
        }
    }
    let documents = body["documents"].as_object().into_iter().flatten();
    let run = CreateRun {
        workflow_id: workflow_id(body, &mut violations),
        version: version(body, &mut violations),
        documents: documents
            .filter_map(|(block, document)| {
                let place = ["body", "documents", block];
                let document = mime_data::check(&place, document, files, &mut violations)?;
                Some((block.as_str(), document))
            })
            .collect(),
        json_inputs: body
            .get("json_inputs")
            .cloned()
            .unwrap_or_else(|| json!({})),
        metadata: body["metadata"].clone(),
        trigger: trigger(body, &mut violations),
        parent: body["parent_run_id"].as_str().map(ToOwned::to_owned),
        end: end(body, &mut violations),
    };
    match violations.into_refusal() {
        Some(refusal) => Err(refusal),
        None => Ok(run),
    }
}

/// What of a run never changes.
pub(super) fn fixed(
    number: usize,
    version: &str,
    wanted: CreateRun<'_>,
    files: &mut Files,
    now: DateTime<Utc>,
) -> Value {
    let stored =
        |(block, document): (&str, Document<'_>)| (block.to_owned(), document.stored(files, now));
    let documents: Map<String, Value> = wanted.documents.into_iter().map(stored).collect();
    json!({
        "id": super::id(number),
        "workflow_id": wanted.workflow_id,
        "workflow_version_id": version,
        "trigger": {"type": wanted.trigger},
        "lifecycle": null,
        "timing": null,
        "inputs": {"documents": documents, "json_data": wanted.json_inputs},
        "metadata": wanted.metadata,
    })
}

fn workflow_id(body: &Value, violations: &mut Violations) -> String {
    let id = body["workflow_id"].as_str().unwrap_or_default();
    if id.is_empty() {
        let message = "A workflow id is required";
        violations.add(&["body", "workflow_id"], message, "string_type");
    }
    id.to_owned()
}

fn version(body: &Value, violations: &mut Violations) -> String {
    let version = body["version"].as_str().unwrap_or("production");
    let pinned = version
        .strip_prefix("ver_")
        .is_some_and(|rest| !rest.is_empty());
    if !pinned && !matches!(version, "production" | "draft") {
        let message = "The version must be production, draft or an id that starts with ver_";
        violations.add(&["body", "version"], message, "value_error");
    }
    version.to_owned()
}

/// How the run comes to be: by the API, or as a restart of the run that it names.
fn trigger(body: &Value, violations: &mut Violations) -> String {
    let trigger = body.get("trigger_type").map_or(Some("api"), Value::as_str);
    let has_parent = body["parent_run_id"].is_string();
    let is_restart = trigger == Some("restart");
    if has_parent != is_restart || !is_restart && trigger != Some("api") {
        violations.add(
            &["body", "parent_run_id"],
            "A restart names the run that it repeats, and nothing else does",
            "value_error",
        );
    }
    trigger.unwrap_or_default().to_owned()
}

/// How the run is asked to end: by the metadata, else by a JSON input.
fn end(body: &Value, violations: &mut Violations) -> Option<String> {
    let inputs = body["json_inputs"].as_object().into_iter().flatten();
    let inputs = inputs.map(|(block, input)| (vec!["body", "json_inputs", block, ASKED_BY], input));
    let metadata = (vec!["body", "metadata", ASKED_BY], &body["metadata"]);
    let mut asked = std::iter::once(metadata).chain(inputs);
    let (place, end) = asked.find_map(|(place, object)| Some((place, object.get(ASKED_BY)?)))?;
    let end = end.as_str().unwrap_or_default();
    if !ENDS.contains(&end) {
        let message = format!("Input should be one of {}", ENDS.join(", "));
        violations.add(&place, &message, "enum");
    }
    Some(end.to_owned())
}
