//! Generates code from a small spec with one operation of each kind.

use serde_json::{Value, json};

use super::compiled::source;
use super::files::Files;
use super::pipeline::generate;

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Small", "version": "1.2.3"},
        "paths": {
            "/v1/runs": {
                "get": {
                    "operationId": "list_runs",
                    "tags": ["Workflows", "Workflow Runs"],
                    "description": "Lists runs.",
                    "parameters": [
                        {"in": "query", "name": "status", "schema": {"type": "array", "items": {"type": "string"}}},
                        {"in": "query", "name": "limit", "description": "How many.", "schema": {
                            "type": "integer", "minimum": 1, "default": 20,
                        }},
                        {"in": "header", "name": "Idempotency-Key", "schema": {
                            "anyOf": [{"type": "string"}, {"type": "null"}],
                        }},
                    ],
                    "responses": {"200": {"content": {"application/json": {"schema": {
                        "type": "array", "items": reference("Run"),
                    }}}}},
                },
                "post": {
                    "operationId": "createRun",
                    "tags": ["Workflow Runs"],
                    "x-idempotent": true,
                    "x-deduplication": "name",
                    "requestBody": {"content": {"application/json": {"schema": reference("RunRequest")}}},
                    "responses": {
                        "200": {"content": {"application/stream+json": {"schema": {}}}},
                        "202": {"content": {"application/json": {"schema": reference("Run")}}},
                        "422": {"content": {"application/json": {"schema": reference("Problem")}}},
                    },
                },
            },
            "/v1/runs/{run_id}": {
                "delete": {
                    "operationId": "delete_run",
                    "tags": ["Workflow Runs"],
                    "parameters": [{"in": "path", "name": "run_id", "required": true, "schema": {"type": "string"}}],
                    "responses": {"204": {"description": "gone"}},
                },
            },
            "/v1/tables/{table_id}": {
                "put": {
                    "operationId": "replace_table",
                    "parameters": [{"in": "path", "name": "table_id", "required": true, "schema": {"type": "string"}}],
                    "requestBody": {"required": true, "content": {"multipart/form-data": {"schema": {
                        "type": "object",
                        "required": ["file"],
                        "properties": {
                            "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                            "project-id": {"type": "string"},
                        },
                    }}}},
                    "responses": {"200": {"content": {"application/json": {"schema": reference("Run")}}}},
                },
                "get": {
                    "operationId": "download_table",
                    "parameters": [{"in": "path", "name": "table_id", "required": true, "schema": {"type": "string"}}],
                    "responses": {"200": {"content": {"text/csv": {"schema": {"type": "string"}}}}},
                },
            },
        },
        "components": {"schemas": {
            "Problem": {"type": "object", "properties": {"detail": {"type": "string"}}},
            "RunRequest": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
            "Run": {
                "type": "object",
                "title": "A title that must not name anything",
                "required": ["id", "lifecycle"],
                "properties": {
                    "id": {"type": "string"},
                    "lifecycle": {
                        "oneOf": [reference("Pending"), reference("Done")],
                        "discriminator": {"propertyName": "status"},
                    },
                    "next": {"anyOf": [reference("Run"), {"type": "null"}]},
                },
                "x-alternatives": {"id": ["run", "id"]},
            },
            "Pending": {"type": "object", "properties": {"status": {"const": "pending"}}},
            "Done": {"type": "object", "properties": {
                "status": {"const": "done"}, "at": {"type": "string", "format": "date-time"},
            }},
        }},
    })
}

fn generated() -> Files {
    let generated = generate(document(), &source()).unwrap();
    assert_eq!((generated.repairs, generated.warnings), (vec![], vec![]));
    generated
        .files
        .into_iter()
        .chain(generated.dispatcher)
        .collect()
}

/// Returns a file on one line, so that tests do not depend on line breaks.
fn flat(files: &Files, name: &str) -> String {
    let text = files
        .get(name)
        .unwrap_or_else(|| panic!("{name} is not among {:?}", files.keys()));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn splits_files_by_family_and_marks_them() {
    let files = generated();
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "builder.rs",
            "builder/tables.rs",
            "builder/workflow_runs.rs",
            "dispatcher.rs",
            "dispatcher/tables.rs",
            "dispatcher/workflow_runs.rs",
            "operations.rs",
            "operations/tables.rs",
            "operations/workflow_runs.rs",
            "spec.rs",
            "types.rs",
            "types/builder.rs",
            "types/builder/workflow_runs.rs",
            "types/shared.rs",
            "types/workflow_runs.rs",
        ]
    );
    for (name, text) in &files {
        assert!(
            text.starts_with("// @generated by cargo xtask regen\n"),
            "{name}"
        );
    }
    assert!(flat(&files, "spec.rs").contains(r#"date: "2026-01-02""#));
}

#[test]
fn generation_is_deterministic() {
    assert_eq!(generated(), generated());
}

#[test]
fn emits_operation_builders_with_setters() {
    let runs = flat(&generated(), "builder/workflow_runs.rs");
    assert!(
        runs.contains("/// Lists runs. /// /// `GET /v1/runs` pub fn list_runs(&self) -> ListRuns"),
        "{runs}"
    );
    assert!(
        runs.contains(r#"/// How many. /// /// Default: `20`. At least 1. /// /// Query parameter `limit`, optional. pub fn limit(mut self, value: impl Input<i64>) -> Self { self.request.query::<i64, _>("limit", value); self }"#),
        "{runs}"
    );
    assert!(
        runs.contains(
            r#"self.request.query::<::std::vec::Vec<::std::string::String>, _>("status", value);"#
        ),
        "{runs}"
    );
    assert!(
        runs.contains(
            r#"self.request.header::<::std::string::String, _>("Idempotency-Key", value);"#
        ),
        "{runs}"
    );
    assert!(
        runs.contains(r#"self.request.path::<::std::string::String, _>("run_id", value);"#),
        "{runs}"
    );
    assert!(
        runs.contains("self.request.json::<types::RunRequest, _>(value);"),
        "{runs}"
    );
    assert!(runs.contains("Result<ResponseValue<::std::vec::Vec<types::Run>>, Error> { self.request.send_json().await }"), "{runs}");
    assert!(
        runs.contains("Result<ResponseValue<()>, Error> { self.request.send_empty().await }"),
        "{runs}"
    );
    assert!(!runs.contains("api-version"), "{runs}");
}

#[test]
fn prefers_json_responses_and_returns_others_as_bytes() {
    let files = generated();
    let runs = flat(&files, "builder/workflow_runs.rs");
    assert!(
        runs.contains("pub async fn send(self) -> Result<ResponseValue<types::Run>, Error>"),
        "{runs}"
    );
    let tables = flat(&files, "builder/tables.rs");
    assert!(
        tables.contains(
            "Result<ResponseValue<ByteStream>, Error> { self.request.send_bytes().await }"
        ),
        "{tables}"
    );
}

#[test]
fn multipart_operations_have_the_same_builders() {
    let files = generated();
    let tables = flat(&files, "builder/tables.rs");
    assert!(
        tables.contains(r#"/// File part `file`, required. pub fn file(mut self, value: FilePart) -> Self { self.request.file("file", value); self }"#),
        "{tables}"
    );
    assert!(
        tables.contains(r#"self.request.part::<::std::string::String, _>("project-id", value);"#),
        "{tables}"
    );
    assert!(
        tables.contains("pub fn table_id(mut self, value: impl Input<"),
        "{tables}"
    );
    let table = flat(&files, "operations/tables.rs");
    assert!(
        table.contains(r#"RequestBody::new("multipart/form-data", true)"#),
        "{table}"
    );
    assert!(table.contains(r#"Parameter::new("file", Location::Part, true), Parameter::new("project-id", Location::Part, false)"#), "{table}");
    assert!(
        table.contains(r#"success: Success::Bytes { media_types: &["text/csv"], }"#),
        "{table}"
    );
}

#[test]
fn operation_table_lists_required_parameters_and_idempotency() {
    let files = generated();
    let list = flat(&files, "operations.rs");
    assert!(
        list.contains("[&Operation; 5usize] = [ &LIST_RUNS, &CREATE_RUN, &DELETE_RUN,"),
        "{list}"
    );
    let table = flat(&files, "operations/workflow_runs.rs");
    assert!(
        table.contains(r#"request_body: Some(RequestBody::new("application/json", false))"#),
        "{table}"
    );
    assert!(
        table.contains(r#"Parameter::new("run_id", Location::Path, true)"#),
        "{table}"
    );
    assert_eq!(table.matches("idempotent: true").count(), 3, "{table}");
    assert_eq!(
        table.matches(r#"deduplication: Some("name")"#).count(),
        1,
        "{table}"
    );
    assert!(
        table.contains(r#"tags: &["Workflows", "Workflow Runs"]"#),
        "{table}"
    );
}

#[test]
fn names_types_by_place_and_emits_unions_as_enums() {
    let files = generated();
    let shared = flat(&files, "types/shared.rs");
    assert!(
        shared.contains("pub enum RunLifecycle { /// `status` is `pending`. Pending(Pending),"),
        "{shared}"
    );
    assert!(
        shared.contains(
            r#"tagged_union!( RunLifecycle, "status", { "pending" => Pending, "done" => Done } );"#
        ),
        "{shared}"
    );
    assert!(
        shared.contains("pub next: ::std::option::Option<::std::boxed::Box<Run>>"),
        "{shared}"
    );
    assert!(
        shared.contains(r#"field: "id", path: &["run", "id"]"#),
        "{shared}"
    );
    assert!(shared.contains("pub struct Pending {}"), "{shared}");
    assert!(!shared.contains("deny_unknown_fields"), "{shared}");
    assert!(!shared.contains("title"), "{shared}");
    for (name, text) in &files {
        assert!(
            !text.contains("struct Problem"),
            "{name} contains a type that only error responses use"
        );
    }
}

#[test]
fn only_request_types_have_builders() {
    let files = generated();
    assert!(flat(&files, "types/builder/workflow_runs.rs").contains("pub struct RunRequest"));
    assert!(!flat(&files, "types/shared.rs").contains("builder"));
}

#[test]
fn rejects_dangling_reference_without_panic() {
    let mut wrong = document();
    wrong["components"]["schemas"]["Run"]["properties"]["id"] = reference("Nowhere");
    let problem = generate(wrong, &source()).unwrap_err().to_string();
    assert!(
        problem.contains("openapi/overlays/corrections.yaml"),
        "{problem}"
    );
}

#[test]
fn dispatcher_calls_setters_by_location_and_name() {
    let files = generated();
    let root = flat(&files, "dispatcher.rs");
    for arm in [
        r#""list_runs" => Box::pin(workflow_runs::list_runs(client, arguments))"#,
        r#""replace_table" => Box::pin(tables::replace_table(client, arguments))"#,
    ] {
        assert!(root.contains(arm), "{root}");
    }
    let runs = flat(&files, "dispatcher/workflow_runs.rs");
    let tables = flat(&files, "dispatcher/tables.rs");
    for (text, part) in [
        (
            &runs,
            r#"arguments.take::<i64>("query", "limit")? { request = request.limit(value); }"#,
        ),
        (
            &runs,
            r#"arguments.take::<::std::string::String>("header", "Idempotency-Key")?"#,
        ),
        (
            &runs,
            "arguments.take_body::<types::RunRequest>()? { request = request.body(value); }",
        ),
        (
            &runs,
            r#"Outcome::from_json("list_runs", &request.send().await?)"#,
        ),
        (
            &runs,
            "arguments.check_all_taken()?; request.send().await?; Ok(Outcome::Empty)",
        ),
        (
            &tables,
            r#"arguments.take::<::std::string::String>("path", "table_id")? { request = request.table_id(value); }"#,
        ),
        (
            &tables,
            r#"arguments.take_file("file")? { request = request.file(value); }"#,
        ),
        (
            &tables,
            r#"arguments.take::<::std::string::String>("part", "project-id")? { request = request.project_id(value); }"#,
        ),
        (&tables, "Outcome::from_bytes(request.send().await?).await"),
    ] {
        // Line breaks and trailing commas are up to the formatter.
        let flat = |text: &str| text.replace(['\n', ' ', ','], "");
        assert!(flat(text).contains(&flat(part)), "{part}\n{text}");
    }
}

/// Returns a spec with an operation that has these query parameters and response properties.
fn with_list(parameters: &[&str], properties: Value) -> Value {
    let mut with_list = document();
    let parameters: Vec<Value> = parameters
        .iter()
        .map(|name| json!({"in": "query", "name": name, "schema": {"type": "string"}}))
        .collect();
    let required: Vec<&String> = properties.as_object().unwrap().keys().collect();
    let heap = json!({"type": "object", "required": required, "properties": properties});
    with_list["components"]["schemas"]["Heap"] = heap;
    with_list["components"]["schemas"]["Ends"] = json!({"type": "object", "properties": {
        "after": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "before": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    }});
    with_list["paths"]["/v1/tables"]["get"] = json!({
        "operationId": "browse",
        "parameters": parameters,
        "responses": {"200": {"content": {"application/json": {"schema": reference("Heap")}}}},
    });
    with_list
}

#[test]
fn recognizes_list_operations_by_structure() {
    let cursors = ["after", "before"];
    let page = |item: Value| {
        json!({
            "data": {"type": "array", "items": item},
            "list_metadata": reference("Ends"),
        })
    };
    for (item, printed) in [
        (reference("Run"), "types::Run"),
        (json!({"type": "string"}), "::std::string::String"),
        (json!({"type": "integer"}), "i64"),
        (
            json!({"type": "object", "additionalProperties": reference("Run")}),
            "::indexmap::IndexMap<::std::string::String, types::Run>",
        ),
    ] {
        let files = generate(with_list(&cursors, page(item)), &source());
        let generated = files.unwrap();
        let files = generated
            .files
            .into_iter()
            .chain(generated.dispatcher)
            .collect();
        let tables = flat(&files, "builder/tables.rs");
        let list = format!(
            "impl crate::runtime::ListOperation for Browse {{ type Item = {printed}; fn into_builder(self) -> RequestBuilder {{ self.request }} }}"
        );
        // Line breaks and trailing commas are up to the formatter.
        let bare = |text: &str| text.replace([' ', ','], "");
        assert!(bare(&tables).contains(&bare(&list)), "{list}\n{tables}");
        let dispatcher = flat(&files, "dispatcher.rs");
        assert_eq!(dispatcher.matches("visitor").count(), 3, "{dispatcher}");
        assert!(dispatcher.contains("tables::browse_request(client, arguments)?"));
    }
    for (parameters, properties) in [
        (&["after"][..], page(reference("Run"))),
        (&["before", "limit"], page(reference("Run"))),
        (
            &cursors,
            json!({"data": reference("Run"), "list_metadata": reference("Ends")}),
        ),
        (
            &cursors,
            json!({"data": {"type": "array", "items": reference("Run")}}),
        ),
        (
            &cursors,
            json!({"data": {"type": "array", "items": reference("Run")}, "list_metadata": reference("Run")}),
        ),
    ] {
        let files = generate(with_list(parameters, properties.clone()), &source());
        let tables = flat(&files.unwrap().files, "builder/tables.rs");
        assert!(!tables.contains("ListOperation"), "{properties}\n{tables}");
    }
}
