//! Regression tests for defects of other clients of the service.
//!
//! Tests that concern one area live next to the other tests of that area, under the same naming scheme.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests and their helpers panic on failure"
)]

use std::fs;
use std::path::Path;

use futures_util::TryStreamExt as _;
use http::Method;
use retab_api::types::{
    GenerateSchemaRequest, MimeData, StreamExtractionRequest, UpdateWorkflowTableRequest,
};
use retab_api::{FilePart, Nullable};
use retab_ext::{Client, Document, ErrorKind, Outcome};
use retab_fake::scripted_server::{Gate, Script, ScriptedServer};
use retab_fake::{FakeRetab, ReceivedRequest};
use serde_json::{Map, Value, json};

/// Every relevant defect, by the number in the names of its tests.
const DEFECTS: [(u32, &str); 29] = [
    (1, "CSV downloads are parsed as JSON"),
    (2, "query parameters with several values fail"),
    (3, "extraction streams are dropped"),
    (4, "list items lose untyped fields"),
    (5, "header parameters are sent in the query"),
    (6, "stored file references are parsed as JSON and lost"),
    (7, "missing paths become empty documents"),
    (8, "text, paths and URLs are confused"),
    (9, "schema properties are reordered"),
    (10, "bytes and text lose their file names and media types"),
    (11, "an unknown union variant fails its item and the page"),
    (12, "null outputs fail"),
    (13, "every new field is a breaking change"),
    (14, "custom HTTP clients disable timeouts"),
    (
        15,
        "no retries, environment, user agent or settings validation",
    ),
    (16, "errors contain only a status and a string"),
    (17, "no response headers, no per-request timeout"),
    (18, "ids are escaped unnecessarily"),
    (19, "empty success responses are JSON errors"),
    (20, "iterating a page takes quadratic time"),
    (21, "repeated cursors cause an infinite loop"),
    (22, "all pages share one idempotency key"),
    (23, "files are buffered whole with blocking reads"),
    (24, "Debug prints documents"),
    (25, "Debug prints secrets"),
    (26, "dates are strings"),
    (27, "only one TLS stack, unused dependencies"),
    (28, "form files have neither a file name nor a media type"),
    (29, "unset fields are sent"),
];

/// Features that other clients lack.
const MISSING_FEATURES: [&str; 7] = [
    "upload",
    "download",
    "waiting",
    "file_references",
    "null_in_patch",
    "typed_output",
    "restart",
];

#[test]
fn every_defect_has_a_test() {
    let mut tests = String::new();
    append_sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"),
        &mut tests,
    );
    for (number, defect) in DEFECTS {
        let has_test = tests.contains(&format!("\nasync fn regression_{number:02}_"))
            || tests.contains(&format!("\nfn regression_{number:02}_"));
        assert!(has_test, "{number}: {defect}");
    }
    for feature in MISSING_FEATURES {
        let name = format!("\nasync fn regression_missing_{feature}_");
        assert!(tests.contains(&name), "{feature}");
    }
}

/// Appends every Rust file in a folder and its subfolders.
fn append_sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            append_sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

async fn scripted(script: Script) -> (ScriptedServer, Client) {
    let server = ScriptedServer::new([script]).await;
    let client = client_for(server.url());
    (server, client)
}

fn client_for(url: &str) -> Client {
    let builder = Client::builder().api_key(FakeRetab::API_KEY);
    builder.base_url(url).build().unwrap()
}

fn only_request(server: &ScriptedServer) -> ReceivedRequest {
    let mut received = server.requests();
    assert_eq!(received.len(), 1);
    received.remove(0)
}

fn document() -> MimeData {
    let document = MimeData::builder().filename("a.txt");
    document.url("data:text/plain;base64,YQ==").build().unwrap()
}

#[tokio::test]
async fn regression_01_returns_csv_download_as_bytes() {
    let csv = "name;total\nJürgen;1,5\n";
    let (server, client) =
        scripted(Script::response(200, &[("content-type", "text/csv")], csv)).await;
    let request = client.api().download_table_csv().table_id("tbl_1");
    let bytes = request.send().await.unwrap().into_inner();
    assert_eq!(bytes.read_to_end(1024).await.unwrap(), csv);
    assert_eq!(only_request(&server).header("accept"), Some("text/csv"));
}

#[tokio::test]
async fn regression_02_repeats_query_parameter_for_each_value() {
    let (server, client) = scripted(Script::json(200, "{}")).await;
    let request = client.api().profile_table().table_id("tbl_1");
    let request = request.select(vec!["name".to_owned(), "a&b".to_owned()]);
    request.send_as::<Value>().await.unwrap();
    assert_eq!(only_request(&server).query, "select=name&select=a%26b");
}

#[tokio::test]
async fn regression_03_returns_extraction_stream() {
    let lines = "{\"output\":{\"total\":1}}\n{\"output\":{\"total\":2}}\n";
    let content_type = [("content-type", "application/stream+json")];
    let (_server, client) = scripted(Script::response(200, &content_type, lines)).await;
    let request = StreamExtractionRequest::builder()
        .document(document())
        .json_schema(Map::new())
        .stream(true);
    let request = client.api().create_extraction_stream().body(request);
    let stream = request.send().await.unwrap().into_inner();
    let chunks: Vec<_> = stream.try_collect().await.unwrap();
    assert_eq!(chunks.concat(), lines.as_bytes());
}

#[tokio::test]
async fn regression_05_sends_header_parameter_as_header() {
    let (server, client) = scripted(Script::json(200, "{}")).await;
    let body = GenerateSchemaRequest::builder().documents(vec![document()]);
    let request = client.api().generate_schema_from_examples();
    let request = request.idempotency_key("schema-17").body(body);
    request.send_as::<Value>().await.unwrap();
    let sent = only_request(&server);
    assert_eq!(sent.header("idempotency-key"), Some("schema-17"));
    assert_eq!(sent.query, "");
}

#[tokio::test]
async fn regression_09_preserves_order_of_schema_properties() {
    let schema = r#"{"type":"object","properties":{"zip":{},"amount":{},"10":{},"name":{"b":1,"a":2}},"required":["zip","amount"]}"#;
    let stream = Script::response(200, &[("content-type", "application/stream+json")], "");
    let (server, client) = scripted(stream).await;
    let json_schema: Map<String, Value> = serde_json::from_str(schema).unwrap();
    let request = StreamExtractionRequest::builder()
        .document(document())
        .json_schema(json_schema);
    let request = client.api().create_extraction_stream().body(request);
    request.send().await.unwrap();
    let sent = String::from_utf8(only_request(&server).body.to_vec()).unwrap();
    assert!(sent.contains(schema), "{sent}");
}

#[tokio::test]
async fn regression_12_decodes_null_output() {
    let extraction = json!({
        "id": "extr_1",
        "file": {"id": "file_1", "filename": "a.pdf", "mime_type": "application/pdf"},
        "model": "m",
        "json_schema": {},
        "output": null,
    });
    let (_server, client) = scripted(Script::json(200, &extraction.to_string())).await;
    let request = client.api().get_extraction().extraction_id("extr_1");
    let extraction = request.send().await.unwrap();
    assert_eq!(extraction.id, "extr_1");
    assert_eq!(extraction.into_inner().output, None);
}

#[test]
fn regression_13_structs_are_non_exhaustive() {
    let mut types = String::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../retab-api/src/generated/types");
    append_sources(&folder, &mut types);
    let mut structs = 0;
    for (before, after) in types
        .match_indices("\npub struct ")
        .map(|(at, _)| types.split_at(at))
    {
        let (fields, _) = after.split_once("\n}").unwrap();
        if fields.contains("\n    pub ") {
            let name = fields.lines().nth(1).unwrap();
            assert!(before.ends_with("\n#[non_exhaustive]"), "{name}");
            structs += 1;
        }
    }
    assert!(structs > 300, "{structs}");
}

#[tokio::test]
async fn regression_18_sends_ids_unescaped() {
    let (server, client) = scripted(Script::json(200, "{}")).await;
    let request = client.api().get_extraction().extraction_id("extr_01-a.b~c");
    request.send_as::<Value>().await.unwrap();
    let sent = only_request(&server);
    assert_eq!(sent.method, Method::GET);
    assert_eq!(sent.path, "/v1/extractions/extr_01-a.b~c");
}

#[tokio::test]
async fn regression_23_streams_documents() {
    const MIB: u64 = 1024 * 1024;
    let gate = Gate::new();
    let script = Script::new().read_head().read(100_000).wait(&gate);
    let (server, client) = scripted(script.read_rest()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    let file = fs::File::create(&path).unwrap();
    file.set_len(64 * MIB).unwrap();
    let run = client.workflow("wf_1").run().inline_limit(u64::MAX);
    let sending = tokio::spawn(run.document("block-1", Document::path(path)).send());
    server.wait_for_body_bytes(100_000).await;
    // The client has not read the rest of the file yet, so it notices that the file is shorter.
    file.set_len(32 * MIB).unwrap();
    gate.open();
    let error = sending.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("a.bin"), "{error}");
}

#[tokio::test]
async fn regression_28_sends_file_name_and_media_type_of_form_files() {
    let (server, client) = scripted(Script::json(200, "{}")).await;
    let file = FilePart::bytes("prices.csv", "a;b\n");
    let request = client.api().create_table().name("Prices").file(file);
    request.send_as::<Value>().await.unwrap();
    let sent = String::from_utf8(only_request(&server).body.to_vec()).unwrap();
    let part = "Content-Disposition: form-data; name=\"file\"; filename=\"prices.csv\"\r\nContent-Type: text/csv\r\n\r\na;b\n\r\n";
    assert!(sent.contains(part), "{sent}");
}

#[tokio::test]
async fn regression_missing_null_in_patch_is_sent() {
    let (server, client) = scripted(Script::json(200, "{}")).await;
    let body = UpdateWorkflowTableRequest::builder().name(Nullable::Null);
    let request = client.api().update_table().table_id("tbl_1").body(body);
    request.send_as::<Value>().await.unwrap();
    let sent = only_request(&server);
    assert_eq!(sent.method, Method::PATCH);
    assert_eq!(sent.body, r#"{"name":null}"#);
}

#[tokio::test]
async fn regression_missing_upload_stores_document() {
    let fake = FakeRetab::start().await;
    let files = client_for(&fake.base_url()).files();
    let document = Document::bytes("a.csv", "a;b\n");
    let stored = files.upload(document).send().await.unwrap();
    assert_eq!(fake.file(stored.id().as_str()).unwrap(), "a;b\n");
}

#[tokio::test]
async fn regression_missing_download_saves_file_to_folder() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("a.csv", "a;b\n");
    let folder = tempfile::tempdir().unwrap();
    let download = client_for(&fake.base_url()).file(id).download();
    let path = download.to_folder(folder.path()).await.unwrap();
    assert_eq!(path, folder.path().join("a.csv"));
    assert_eq!(fs::read(path).unwrap(), b"a;b\n");
}

#[tokio::test]
async fn regression_missing_waiting_returns_outcome_of_run() {
    let fake = FakeRetab::start().await;
    fake.set_run_lifecycles([json!({"status": "completed"})]);
    let run = client_for(&fake.base_url())
        .workflow("wf_abc123xyz")
        .run()
        .send();
    let outcome = run.await.unwrap().wait().await.unwrap();
    assert!(matches!(outcome, Outcome::Completed { .. }), "{outcome:?}");
}

#[tokio::test]
async fn regression_missing_file_references_replace_documents() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("a.csv", "a;b\n");
    let run = client_for(&fake.base_url()).workflow("wf_abc123xyz").run();
    let run = run.document("start_document-block-1", Document::file(id.as_str()));
    run.send().await.unwrap();
    let sent = fake.requests().pop().unwrap();
    let body: Value = serde_json::from_slice(&sent.body).unwrap();
    let expected = json!({
        "filename": "a.csv",
        "url": format!("https://storage.retab.example/{id}?signature=SIGNATURE"),
    });
    assert_eq!(body["documents"]["start_document-block-1"], expected);
}

#[tokio::test]
async fn regression_26_parses_dates() {
    let fake = FakeRetab::start().await;
    let client = client_for(&fake.base_url());
    let run = client.workflow("wf_abc123xyz").run().send().await.unwrap();
    let created: chrono::DateTime<chrono::Utc> = run.snapshot().timing.created_at.unwrap();
    assert!(created <= fake.clock().now());
}

#[test]
fn regression_27_offers_two_tls_backends_and_uses_every_dependency() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../retab-ext");
    let manifest = fs::read_to_string(package.join("Cargo.toml")).unwrap();
    for feature in ["\nrustls = [", "\nnative-tls = ["] {
        assert!(manifest.contains(feature), "{feature}");
    }
    let mut code = String::new();
    append_sources(&package.join("src"), &mut code);
    let (_, dependencies) = manifest.split_once("[dependencies]\n").unwrap();
    let dependencies = dependencies.split("\n[").next().unwrap();
    let mut count = 0;
    for line in dependencies
        .lines()
        .filter(|line| line.contains(['.', '=']) && !line.starts_with('#'))
    {
        let name = line.split(['.', ' ', '=']).next().unwrap();
        let path = format!("{}::", name.replace('-', "_"));
        assert!(code.contains(&path), "{name}");
        count += 1;
    }
    assert!(count > 10, "{count}");
}
