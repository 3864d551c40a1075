//! What other clients of the service get wrong, each with a test that would catch it here.
//!
//! Those that are about one part stand with the tests of that part, under the same kind of name.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by them, in its helpers as well"
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

/// Every defect that concerns this crate, by the number in the name of its tests.
const DEFECTS: [(u32, &str); 29] = [
    (1, "a download of CSV is parsed as JSON"),
    (2, "a query parameter with several values fails"),
    (3, "the stream of an extraction is dropped"),
    (4, "items of lists lose the fields that have no type"),
    (5, "a header parameter is sent as a query"),
    (6, "a file that is referred to is read as JSON and lost"),
    (7, "a path where nothing is becomes an empty document"),
    (8, "texts, paths and URLs are taken for each other"),
    (9, "the properties of a schema are sent in another order"),
    (10, "bytes and texts lose their names and types"),
    (11, "a new variant of a union fails its item, and the page"),
    (12, "an output that is null fails"),
    (13, "structs break on every new field"),
    (14, "timeouts do not hold with an HTTP client of one's own"),
    (15, "no retries, no environment, no user agent, no refusals"),
    (16, "an error is a status and a text"),
    (17, "no headers of answers, no timeout of one request"),
    (18, "ids are escaped beyond need"),
    (19, "an empty success is an error of JSON"),
    (20, "a page is walked in quadratic time"),
    (21, "a repeated cursor is followed for ever"),
    (22, "one idempotency key is used for all pages"),
    (23, "files are read whole, and block"),
    (24, "Debug prints documents"),
    (25, "Debug prints secrets"),
    (26, "dates are texts"),
    (27, "one TLS stack, and dependencies that nothing uses"),
    (28, "a file of a form has neither name nor type"),
    (29, "what is not set is sent all the same"),
];

/// What others lack altogether.
const MISSING: [&str; 7] = [
    "upload",
    "download",
    "waiting",
    "file_references",
    "null_in_patch",
    "typed_output",
    "restart",
];

#[test]
fn each_defect_has_a_test_that_is_named_after_it() {
    let mut tests = String::new();
    read_all(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"),
        &mut tests,
    );
    let without = |name: String| !tests.contains(&name);
    for (number, defect) in DEFECTS {
        let is_without = ["rival", "regression"].iter().all(|prefix| {
            without(format!("\nasync fn {prefix}_{number:02}_"))
                && without(format!("\nfn {prefix}_{number:02}_"))
        });
        assert!(!is_without, "{number}: {defect}");
    }
    for lacking in MISSING {
        let name = format!("\nasync fn rival_lacks_{lacking}_");
        assert!(!without(name), "{lacking}");
    }
}

/// Adds the text of every Rust file in this folder and those below it.
fn read_all(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

async fn answering(script: Script) -> (ScriptedServer, Client) {
    let wire = ScriptedServer::new([script]).await;
    let client = client_of(wire.url());
    (wire, client)
}

fn client_of(url: &str) -> Client {
    let settings = Client::builder().api_key(FakeRetab::API_KEY);
    settings.base_url(url).build().unwrap()
}

fn only(wire: &ScriptedServer) -> ReceivedRequest {
    let mut received = wire.requests();
    assert_eq!(received.len(), 1);
    received.remove(0)
}

fn document() -> MimeData {
    let document = MimeData::builder().filename("a.txt");
    document.url("data:text/plain;base64,YQ==").build().unwrap()
}

#[tokio::test]
async fn rival_01_a_download_of_csv_is_its_bytes() {
    let csv = "name;total\nJürgen;1,5\n";
    let (wire, client) =
        answering(Script::response(200, &[("content-type", "text/csv")], csv)).await;
    let call = client.api().download_table_csv().table_id("tbl_1");
    let bytes = call.send().await.unwrap().into_inner();
    assert_eq!(bytes.read_to_end(1024).await.unwrap(), csv);
    assert_eq!(only(&wire).header("accept"), Some("text/csv"));
}

#[tokio::test]
async fn rival_02_a_query_parameter_can_have_several_values() {
    let (wire, client) = answering(Script::json(200, "{}")).await;
    let call = client.api().profile_table().table_id("tbl_1");
    let call = call.select(vec!["name".to_owned(), "a&b".to_owned()]);
    call.send_as::<Value>().await.unwrap();
    assert_eq!(only(&wire).query, "select=name&select=a%26b");
}

#[tokio::test]
async fn rival_03_the_stream_of_an_extraction_is_handed_on() {
    let lines = "{\"output\":{\"total\":1}}\n{\"output\":{\"total\":2}}\n";
    let typed = [("content-type", "application/stream+json")];
    let (_wire, client) = answering(Script::response(200, &typed, lines)).await;
    let request = StreamExtractionRequest::builder()
        .document(document())
        .json_schema(Map::new())
        .stream(true);
    let call = client.api().create_extraction_stream().body(request);
    let stream = call.send().await.unwrap().into_inner();
    let chunks: Vec<_> = stream.try_collect().await.unwrap();
    assert_eq!(chunks.concat(), lines.as_bytes());
}

#[tokio::test]
async fn rival_05_a_header_parameter_is_a_header() {
    let (wire, client) = answering(Script::json(200, "{}")).await;
    let request = GenerateSchemaRequest::builder().documents(vec![document()]);
    let call = client.api().generate_schema_from_examples();
    let call = call.idempotency_key("schema-17").body(request);
    call.send_as::<Value>().await.unwrap();
    let sent = only(&wire);
    assert_eq!(sent.header("idempotency-key"), Some("schema-17"));
    assert_eq!(sent.query, "");
}

#[tokio::test]
async fn rival_09_the_properties_of_a_schema_keep_their_order() {
    let schema = r#"{"type":"object","properties":{"zip":{},"amount":{},"10":{},"name":{"b":1,"a":2}},"required":["zip","amount"]}"#;
    let stream = Script::response(200, &[("content-type", "application/stream+json")], "");
    let (wire, client) = answering(stream).await;
    let json_schema: Map<String, Value> = serde_json::from_str(schema).unwrap();
    let request = StreamExtractionRequest::builder()
        .document(document())
        .json_schema(json_schema);
    let call = client.api().create_extraction_stream().body(request);
    call.send().await.unwrap();
    let sent = String::from_utf8(only(&wire).body.to_vec()).unwrap();
    assert!(sent.contains(schema), "{sent}");
}

#[tokio::test]
async fn rival_12_an_output_can_be_null() {
    let extraction = json!({
        "id": "extr_1",
        "file": {"id": "file_1", "filename": "a.pdf", "mime_type": "application/pdf"},
        "model": "m",
        "json_schema": {},
        "output": null,
    });
    let (_wire, client) = answering(Script::json(200, &extraction.to_string())).await;
    let call = client.api().get_extraction().extraction_id("extr_1");
    let found = call.send().await.unwrap();
    assert_eq!(found.id, "extr_1");
    assert_eq!(found.into_inner().output, None);
}

#[test]
fn rival_13_structs_can_get_fields_without_breaking_who_uses_them() {
    let mut types = String::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../retab-api/src/generated/types");
    read_all(&folder, &mut types);
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
async fn rival_18_an_id_is_sent_as_it_is() {
    let (wire, client) = answering(Script::json(200, "{}")).await;
    let call = client.api().get_extraction().extraction_id("extr_01-a.b~c");
    call.send_as::<Value>().await.unwrap();
    let sent = only(&wire);
    assert_eq!(sent.method, Method::GET);
    assert_eq!(sent.path, "/v1/extractions/extr_01-a.b~c");
}

#[tokio::test]
async fn rival_23_a_document_is_read_while_it_is_sent() {
    const MIB: u64 = 1024 * 1024;
    let gate = Gate::new();
    let begun = Script::new().read_head().read(100_000).wait(&gate);
    let (wire, client) = answering(begun.read_rest()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    let file = fs::File::create(&path).unwrap();
    file.set_len(64 * MIB).unwrap();
    let run = client.run("wf_1").inline_limit(u64::MAX);
    let call = tokio::spawn(run.document("block-1", Document::path(path)).send());
    wire.wait_for_body_bytes(100_000).await;
    // What has been read already is sent; the rest was not read.
    file.set_len(32 * MIB).unwrap();
    gate.open();
    let error = call.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("a.bin"), "{error}");
}

#[tokio::test]
async fn rival_28_a_file_of_a_form_has_a_name_and_a_type() {
    let (wire, client) = answering(Script::json(200, "{}")).await;
    let file = FilePart::bytes("prices.csv", "a;b\n");
    let call = client.api().create_table().name("Prices").file(file);
    call.send_as::<Value>().await.unwrap();
    let sent = String::from_utf8(only(&wire).body.to_vec()).unwrap();
    let part = "Content-Disposition: form-data; name=\"file\"; filename=\"prices.csv\"\r\nContent-Type: text/csv\r\n\r\na;b\n\r\n";
    assert!(sent.contains(part), "{sent}");
}

#[tokio::test]
async fn rival_lacks_null_in_patch_which_is_sent_and_is_not_absence() {
    let (wire, client) = answering(Script::json(200, "{}")).await;
    let request = UpdateWorkflowTableRequest::builder().name(Nullable::Null);
    let call = client.api().update_table().table_id("tbl_1").body(request);
    call.send_as::<Value>().await.unwrap();
    let sent = only(&wire);
    assert_eq!(sent.method, Method::PATCH);
    assert_eq!(sent.body, r#"{"name":null}"#);
}

#[tokio::test]
async fn rival_lacks_upload_of_a_document() {
    let fake = FakeRetab::start().await;
    let files = client_of(&fake.base_url()).files();
    let document = Document::bytes("a.csv", "a;b\n");
    let stored = files.upload(document).send().await.unwrap();
    assert_eq!(fake.file(stored.id().as_str()).unwrap(), "a;b\n");
}

#[tokio::test]
async fn rival_lacks_download_of_a_file_to_where_it_belongs() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("a.csv", "a;b\n");
    let folder = tempfile::tempdir().unwrap();
    let download = client_of(&fake.base_url()).files().download(id);
    let path = download.to_folder(folder.path()).await.unwrap();
    assert_eq!(path, folder.path().join("a.csv"));
    assert_eq!(fs::read(path).unwrap(), b"a;b\n");
}

#[tokio::test]
async fn rival_lacks_waiting_for_the_end_of_a_run() {
    let fake = FakeRetab::start().await;
    fake.set_run_lifecycles([json!({"status": "completed"})]);
    let run = client_of(&fake.base_url()).run("wf_abc123xyz").send();
    let end = run.await.unwrap().wait().await.unwrap();
    assert!(matches!(end, Outcome::Completed { .. }), "{end:?}");
}

#[tokio::test]
async fn rival_lacks_file_references_in_the_place_of_documents() {
    let fake = FakeRetab::start().await;
    let id = fake.add_file("a.csv", "a;b\n");
    let run = client_of(&fake.base_url()).run("wf_abc123xyz");
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
async fn rival_26_a_date_is_an_instant() {
    let fake = FakeRetab::start().await;
    let client = client_of(&fake.base_url());
    let run = client.run("wf_abc123xyz").send().await.unwrap();
    let created: chrono::DateTime<chrono::Utc> = run.snapshot().timing.created_at.unwrap();
    assert!(created <= fake.clock().now());
}

#[test]
fn rival_27_there_is_a_choice_of_tls_and_every_dependency_is_used() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../retab-ext");
    let manifest = fs::read_to_string(package.join("Cargo.toml")).unwrap();
    for feature in ["\nrustls = [", "\nnative-tls = ["] {
        assert!(manifest.contains(feature), "{feature}");
    }
    let mut code = String::new();
    read_all(&package.join("src"), &mut code);
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
