//! Validation of the create body beyond what the spec requires.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::id::format_id;
use super::outcome::{OUTCOME_KEY, OUTCOMES};
use crate::response::Response;
use crate::service::document::{self, Document};
use crate::service::files::Files;
use crate::service::request::Request;
use crate::service::undeclared::Undeclared;
use crate::service::violation::Violations;

/// The supported fields. The spec does not declare the last two, which restart a run.
const FIELDS: [&str; 7] = [
    "workflow_id",
    "documents",
    "json_inputs",
    "version",
    "metadata",
    "trigger_type",
    "parent_run_id",
];

/// A valid create body.
pub(super) struct CreateRun<'c> {
    pub(super) workflow_id: String,
    pub(super) version: String,
    documents: Vec<(&'c str, Document<'c>)>,
    json_inputs: Value,
    metadata: Value,
    trigger: String,
    /// The ID of the run to restart.
    pub(super) parent: Option<String>,
    /// The outcome requested by `fake_end`.
    pub(super) outcome: Option<String>,
}

/// Validates the body.
///
/// # Errors
///
/// Returns a 422 response that lists all violations.
pub(super) fn check<'c>(request: &'c Request, files: &Files) -> Result<CreateRun<'c>, Response> {
    let body = request.body();
    let mut violations = Violations::default();
    let fields = body.as_object().into_iter().flat_map(Map::keys);
    if request.undeclared == Undeclared::Rejected {
        for name in fields.filter(|name| !FIELDS.contains(&name.as_str())) {
            let message = "This field is not allowed";
            violations.add(&["body", name], message, "extra_forbidden");
        }
    }
    let documents = body["documents"].as_object().into_iter().flatten();
    let run = CreateRun {
        workflow_id: workflow_id(body, &mut violations),
        version: version(body, &mut violations),
        documents: documents
            .filter_map(|(block, document)| {
                let location = ["body", "documents", block];
                let document = document::check(&location, document, files, &mut violations)?;
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
        outcome: outcome(body, &mut violations),
    };
    match violations.into_error() {
        Some(error) => Err(error),
        None => Ok(run),
    }
}

/// Returns the JSON representation of a new run without lifecycle and timing.
pub(super) fn initial_run(
    number: usize,
    version: &str,
    create: CreateRun<'_>,
    files: &mut Files,
    now: DateTime<Utc>,
) -> Value {
    let store =
        |(block, document): (&str, Document<'_>)| (block.to_owned(), document.store(files, now));
    let documents: Map<String, Value> = create.documents.into_iter().map(store).collect();
    json!({
        "id": format_id(number),
        "workflow_id": create.workflow_id,
        "workflow_version_id": version,
        "trigger": {"type": create.trigger},
        "lifecycle": null,
        "timing": null,
        "inputs": {"documents": documents, "json_data": create.json_inputs},
        "metadata": create.metadata,
    })
}

fn workflow_id(body: &Value, violations: &mut Violations) -> String {
    let id = body["workflow_id"].as_str().unwrap_or_default();
    if id.is_empty() {
        let message = "A workflow ID is required";
        violations.add(&["body", "workflow_id"], message, "string_type");
    }
    id.to_owned()
}

fn version(body: &Value, violations: &mut Violations) -> String {
    let version = body["version"].as_str().unwrap_or("production");
    let is_pinned = version
        .strip_prefix("ver_")
        .is_some_and(|rest| !rest.is_empty());
    if !is_pinned && !matches!(version, "production" | "draft") {
        let message = "The version must be production, draft or an ID that starts with ver_";
        violations.add(&["body", "version"], message, "value_error");
    }
    version.to_owned()
}

/// Returns the trigger type: `api`, or `restart` if the body contains the ID of the run to restart.
fn trigger(body: &Value, violations: &mut Violations) -> String {
    let trigger = body.get("trigger_type").map_or(Some("api"), Value::as_str);
    let has_parent = body["parent_run_id"].is_string();
    let is_restart = trigger == Some("restart");
    if has_parent != is_restart || !is_restart && trigger != Some("api") {
        violations.add(
            &["body", "parent_run_id"],
            "A restart requires parent_run_id, and other triggers do not allow it",
            "value_error",
        );
    }
    trigger.unwrap_or_default().to_owned()
}

/// Returns the outcome requested in the metadata, or else in a JSON input.
fn outcome(body: &Value, violations: &mut Violations) -> Option<String> {
    let inputs = body["json_inputs"].as_object().into_iter().flatten();
    let inputs =
        inputs.map(|(block, input)| (vec!["body", "json_inputs", block, OUTCOME_KEY], input));
    let metadata = (vec!["body", "metadata", OUTCOME_KEY], &body["metadata"]);
    let mut candidates = std::iter::once(metadata).chain(inputs);
    let (location, outcome) =
        candidates.find_map(|(location, object)| Some((location, object.get(OUTCOME_KEY)?)))?;
    let outcome = outcome.as_str().unwrap_or_default();
    if !OUTCOMES.contains(&outcome) {
        let message = format!("Input should be one of {}", OUTCOMES.join(", "));
        violations.add(&location, &message, "enum");
    }
    Some(outcome.to_owned())
}
