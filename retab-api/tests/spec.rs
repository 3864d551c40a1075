//! Tests of the generated code against the spec.

#![allow(
    clippy::unwrap_used,
    reason = "tests and their helpers fail by panicking"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use retab_api::operations::OPERATIONS;
use retab_api::runtime::{Location, Success};
use retab_api::types::{WorkflowRun, WorkflowRunLifecycle};
use serde_json::{Value, json};

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn spec() -> Value {
    let path = package().join("../openapi/retab.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Returns the method, path and definition of every operation.
fn operations(spec: &Value) -> Vec<(String, String, &Value)> {
    let mut found = Vec::new();
    for (path, item) in spec["paths"].as_object().unwrap() {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                found.push((method.to_uppercase(), path.clone(), operation));
            }
        }
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn table_contains_every_operation_of_the_spec() {
    let spec = spec();
    let expected: BTreeSet<_> = operations(&spec)
        .into_iter()
        .map(|(method, path, operation)| {
            (
                operation["operationId"].as_str().unwrap().to_owned(),
                method,
                path,
            )
        })
        .collect();
    let table: BTreeSet<_> = OPERATIONS
        .iter()
        .map(|operation| {
            (
                operation.id.to_owned(),
                operation.method.to_string(),
                operation.path.to_owned(),
            )
        })
        .collect();
    assert_eq!(table, expected);
}

#[test]
fn client_has_a_sending_method_for_every_operation() {
    let mut functions = BTreeSet::new();
    let mut sends = 0;
    for file in files(&package().join("src/generated/builder")) {
        let text = std::fs::read_to_string(file).unwrap();
        for line in text.lines() {
            let name = line
                .trim()
                .strip_prefix("pub fn ")
                .and_then(|rest| rest.split_once("(&self)"));
            functions.extend(name.map(|(name, _)| name.to_owned()));
            sends += usize::from(line.trim_start().starts_with("pub async fn send("));
        }
    }
    let ids: BTreeSet<_> = OPERATIONS
        .iter()
        .map(|operation| operation.id.to_owned())
        .collect();
    assert_eq!(functions, ids);
    assert_eq!(sends, ids.len());
}

#[test]
fn docs_name_method_and_path_of_every_operation() {
    let mut texts = String::new();
    for file in files(&package().join("src/generated/builder")) {
        texts += &std::fs::read_to_string(file).unwrap();
    }
    for operation in OPERATIONS {
        let function = format!("    pub fn {}(&self)", operation.id);
        let (above, _) = texts.split_once(&function).unwrap();
        let docs = above.lines().rev().take_while(|line| {
            let line = line.trim_start();
            line.starts_with("///") || line.starts_with("#[")
        });
        let route = format!("`{} {}`", operation.method, operation.path);
        let is_documented = docs.into_iter().any(|line| line.contains(&route));
        assert!(
            is_documented,
            "the docs of {} do not contain {route}",
            operation.id
        );
    }
}

/// Collects the names of all schemas that a value references, directly or indirectly.
fn reachable(spec: &Value, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            let name = object.get("$ref").and_then(Value::as_str);
            if let Some((_, name)) = name.and_then(|name| name.rsplit_once('/'))
                && found.insert(name.to_owned())
            {
                let schema = &spec["components"]["schemas"][name];
                reachable(spec, schema, found);
            }
            for value in object.values() {
                reachable(spec, value, found);
            }
        }
        Value::Array(items) => {
            for value in items {
                reachable(spec, value, found);
            }
        }
        _ => {}
    }
}

#[test]
fn only_request_types_have_builders() {
    let spec = spec();
    let mut in_requests = BTreeSet::new();
    for (_, _, operation) in operations(&spec) {
        let body = &operation["requestBody"];
        reachable(&spec, body, &mut in_requests);
        reachable(&spec, &operation["parameters"], &mut in_requests);
    }
    assert_eq!(in_requests.len(), 102);
    // Type names differ from schema names in case.
    let in_requests: BTreeSet<_> = in_requests.iter().map(|name| name.to_lowercase()).collect();
    let mut builders = 0;
    for file in files(&package().join("src/generated/types/builder")) {
        let text = std::fs::read_to_string(file).unwrap();
        let names = text
            .lines()
            .filter_map(|line| line.strip_prefix("pub struct "));
        for name in names.map(|line| line.trim_end_matches([' ', '{'])) {
            // The generator derives StreamExtractionRequest from the request of an extraction.
            let is_expected =
                in_requests.contains(&name.to_lowercase()) || name == "StreamExtractionRequest";
            assert!(is_expected, "{name}");
            builders += 1;
        }
    }
    assert_eq!(builders, 97);
}

#[test]
fn table_contains_every_parameter_with_its_location() {
    let spec = spec();
    let mut count = 0;
    for (method, path, operation) in operations(&spec) {
        let entry = OPERATIONS
            .iter()
            .find(|entry| entry.method == method.as_str() && entry.path == path)
            .unwrap();
        let declared = operation["parameters"].as_array();
        for parameter in declared.into_iter().flatten() {
            let location = match parameter["in"].as_str() {
                Some("path") => Location::Path,
                Some("query") => Location::Query,
                _ => Location::Header,
            };
            let found = entry.parameters.iter().find(|known| {
                known.name == parameter["name"].as_str().unwrap() && known.location == location
            });
            let found = found.unwrap_or_else(|| panic!("{method} {path}: {}", parameter["name"]));
            assert_eq!(
                found.required,
                parameter["required"] == true,
                "{path} {}",
                found.name
            );
            count += 1;
        }
        let tags: Vec<_> = entry.tags.iter().map(|tag| json!(tag)).collect();
        assert_eq!(operation["tags"], Value::Array(tags));
    }
    assert_eq!(count, 345);
}

#[test]
fn table_declares_response_content() {
    let success = |id: &str| {
        let operation = OPERATIONS.iter().find(|operation| operation.id == id);
        operation.unwrap().success
    };
    assert_eq!(success("create_extraction"), Success::Json);
    assert_eq!(success("delete_workflow_run"), Success::Empty);
    assert_eq!(
        success("download_table_csv"),
        Success::Bytes {
            media_types: &["text/csv"]
        }
    );
    assert_eq!(
        success("create_extraction_stream"),
        Success::Bytes {
            media_types: &["application/stream+json"]
        }
    );
}

#[test]
fn method_or_overlay_declares_idempotency() {
    let idempotent = |id: &str| {
        let operation = OPERATIONS.iter().find(|operation| operation.id == id);
        operation.unwrap().idempotent
    };
    assert!(idempotent("get_workflow_run"));
    assert!(idempotent("replace_table"));
    assert!(idempotent("query_table"));
    assert!(idempotent("cancel_workflow_run"));
    assert!(!idempotent("create_workflow_run"));
    assert!(!idempotent("publish_workflow"));
}

#[test]
fn identifies_the_spec() {
    let source = package().join("../openapi/source.toml");
    let source = std::fs::read_to_string(source).unwrap();
    assert!(
        source.contains(&format!("date = \"{}\"", retab_api::SPEC.date)),
        "{source}"
    );
    let digest = retab_api::SPEC.digest.strip_prefix("sha256:").unwrap();
    assert!(
        source.contains(&format!("document_sha256 = \"{digest}\"")),
        "{source}"
    );
    let operations = format!("\noperations = {}\n", OPERATIONS.len());
    assert!(source.contains(&operations), "{source}");
}

/// The example response on the reference page of `POST /v1/workflows/runs`.
const NESTED: &str = r#"{
    "id": "run_abc123xyz",
    "workflow": {"workflow_id": "wf_abc123xyz", "version_id": "ver_abc123xyz"},
    "trigger": {"type": "api"},
    "lifecycle": {"status": "running"},
    "timing": {"created_at": "2024-01-15T10:30:00Z", "started_at": "2024-01-15T10:30:00Z", "completed_at": null},
    "inputs": {
        "documents": {"start_document-block-1": {
            "id": "file_123", "filename": "invoice.pdf", "mime_type": "application/pdf"
        }},
        "json_data": {}
    }
}"#;

/// The same run in the shape of the schema.
const FLAT: &str = r#"{
    "id": "run_abc123xyz",
    "workflow_id": "wf_abc123xyz",
    "workflow_version_id": "ver_abc123xyz",
    "trigger": {"type": "api"},
    "lifecycle": {"status": "running"},
    "timing": {"created_at": "2024-01-15T10:30:00Z", "started_at": "2024-01-15T10:30:00Z", "completed_at": null},
    "inputs": {
        "documents": {"start_document-block-1": {
            "id": "file_123", "filename": "invoice.pdf", "mime_type": "application/pdf"
        }},
        "json_data": {}
    }
}"#;

#[test]
fn decodes_both_shapes_of_a_run() {
    let nested: WorkflowRun = serde_json::from_str(NESTED).unwrap();
    let flat: WorkflowRun = serde_json::from_str(FLAT).unwrap();
    assert_eq!(nested, flat);
    assert_eq!(nested.workflow_id, "wf_abc123xyz");
    assert_eq!(nested.workflow_version_id, "ver_abc123xyz");
    assert!(matches!(nested.lifecycle, WorkflowRunLifecycle::Running(_)));
}

#[test]
fn prefers_flat_field_and_reports_it_if_missing() {
    let mut both: Value = serde_json::from_str(NESTED).unwrap();
    both["workflow_id"] = json!("wf_flat");
    let run: WorkflowRun = serde_json::from_value(both).unwrap();
    assert_eq!(run.workflow_id, "wf_flat");
    assert_eq!(run.workflow_version_id, "ver_abc123xyz");

    let neither = FLAT.replace("\"workflow_id\": \"wf_abc123xyz\",", "");
    let error = serde_json::from_str::<WorkflowRun>(&neither).unwrap_err();
    assert!(
        error.to_string().contains("missing field `workflow_id`"),
        "{error}"
    );
}

#[test]
fn decodes_lifecycle_by_tag() {
    let review = r#"{"waiting_for_block_ids": ["block_1"], "status": "awaiting_review"}"#;
    let read: WorkflowRunLifecycle = serde_json::from_str(review).unwrap();
    let WorkflowRunLifecycle::AwaitingReview(state) = &read else {
        panic!("{read:?}");
    };
    assert_eq!(
        state.waiting_for_block_ids.as_deref(),
        Some(&["block_1".to_owned()][..])
    );
    let written = serde_json::to_string(&read).unwrap();
    assert_eq!(
        written,
        r#"{"status":"awaiting_review","waiting_for_block_ids":["block_1"]}"#
    );

    let queued = r#"{"status":"queued","position":3}"#;
    let read: WorkflowRunLifecycle = serde_json::from_str(queued).unwrap();
    assert!(matches!(read, WorkflowRunLifecycle::Unknown(_)), "{read:?}");
    assert_eq!(serde_json::to_string(&read).unwrap(), queued);
}
