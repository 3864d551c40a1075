//! Checks that `Debug`, `Display` and `tracing` output never contain API keys, documents or URL signatures.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests and their helpers panic on failure"
)]

use std::collections::BTreeSet;
use std::error::Error as _;
use std::fmt::{Debug, Display};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use futures_util::TryStreamExt as _;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use retab_api::runtime::{
    Body, BoxFuture, EmbeddedSource, Executor, Parts, Request, Response as ApiResponse,
};
use retab_api::types::{
    CreateSecretRequest, CreateWorkflowRunRequest, MimeData, StreamExtractionRequest,
};
use retab_api::{FilePart, Nullable};
use retab_ext::{
    ApiKey, BlockId, CancellationStatus, Client, Credentials, Document, Error, FileId,
    FileReference, List as _, ListItem, Outcome, Polling, RequestOptions, RetryPolicy, RunId,
    SystemClock, Version, VersionId, WorkflowId,
};
use retab_fake::scripted_server::{Script, ScriptedServer};
use retab_fake::{FakeRetab, Response};
use retab_tests::trace_recorder::TraceRecorder;
use serde_json::{Map, json};

/// Part of every secret, document and confidential value.
const SECRET: &str = "HUNTER2";
const KEY: &str = "rt_test_HUNTER2";
const CONTENT: &str = "HUNTER2: a total of 42 & more";
const SIGNED: &str = "https://storage.example/a.txt?signature=HUNTER2";
const BLOCK: &str = "start_document-block-1";

/// Exported traits, which cannot be formatted.
const TRAITS: [&str; 2] = ["Clock", "List"];

/// Formatted values and their types.
#[derive(Default)]
struct Formatted {
    types: BTreeSet<&'static str>,
    texts: Vec<String>,
}

impl Formatted {
    fn debug(&mut self, name: &'static str, value: impl Debug) {
        self.types.insert(name);
        self.texts.push(format!("{name}: {value:?} {value:#?}"));
    }

    fn display(&mut self, name: &'static str, value: impl Debug + Display) {
        self.texts.push(format!("{name}: {value}"));
        self.debug(name, value);
    }

    /// Formats an error, its field errors and its sources.
    fn error(&mut self, error: &Error) {
        self.display("Error", error);
        self.debug("ErrorKind", error.kind());
        self.debug("FieldError", error.field_errors());
        if let Some(api) = error.api() {
            self.display("retab_api::Error", api);
            self.debug("retab_api::ErrorKind", api.kind());
        }
        let causes = std::iter::successors(error.source(), |cause| (*cause).source());
        for cause in causes {
            self.texts
                .push(format!("source of {error}: {cause} {cause:?}"));
        }
    }
}

/// Returns the encodings in which a secret could appear.
fn secret_encodings() -> Vec<String> {
    let mut encodings = vec![SECRET.to_owned(), "SIGNATURE".into(), "token-of-".into()];
    for (alphabet, prefix) in [
        (STANDARD, ""),
        (STANDARD, "x"),
        (STANDARD, "xx"),
        (URL_SAFE, ""),
    ] {
        // The first and last characters depend on the surrounding bytes.
        let encoded = alphabet.encode(format!("{prefix}{CONTENT}"));
        encodings.push(encoded[4..16].to_owned());
    }
    encodings.push(percent_encode(CONTENT.as_bytes(), NON_ALPHANUMERIC).to_string());
    let bytes: Vec<_> = SECRET.bytes().map(|byte| byte.to_string()).collect();
    encodings.push(bytes.join(", "));
    encodings.push(bytes.join(",\n"));
    encodings
}

#[track_caller]
fn assert_redacted(text: &str) {
    for secret in secret_encodings() {
        assert!(!text.contains(&secret), "{secret} in {text}");
    }
}

/// Returns the types that a crate exports at its root.
fn public_types(lib: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(lib)).unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let text = lines.collect::<Vec<_>>().join(" ");
    let mut types = BTreeSet::new();
    for exported in text.split("pub use ").skip(1) {
        let (exported, _) = exported.split_once(';').unwrap();
        for name in exported.split(|letter: char| !letter.is_alphanumeric()) {
            let is_type = name.chars().next().is_some_and(char::is_uppercase)
                && name.chars().any(char::is_lowercase);
            if is_type && !TRAITS.contains(&name) {
                types.insert(name.to_owned());
            }
        }
    }
    types
}

fn documents(path: &Path) -> Vec<Document> {
    vec![
        Document::path(path),
        Document::bytes("a.txt", CONTENT),
        Document::text(CONTENT),
        Document::reader("a.txt", CONTENT.as_bytes(), None),
        Document::data_url(format!(
            "data:text/plain;base64,{}",
            STANDARD.encode(CONTENT)
        )),
        Document::url(SIGNED),
        Document::file(SIGNED),
    ]
}

fn builder(url: &str) -> retab_ext::ClientBuilder {
    let builder = Client::builder().api_key(KEY).base_url(url);
    let builder = builder.header("x-tenant", SECRET);
    builder.retry(RetryPolicy::never())
}

/// Formats values that can be constructed without sending a request.
fn format_local_values(client: &Client, path: &Path, formatted: &mut Formatted) {
    formatted.debug("ApiKey", ApiKey::from(KEY));
    formatted.debug("Credentials", Credentials::default());
    formatted.debug("ClientBuilder", builder(client.api().base_url()));
    formatted.debug("Client", client);
    formatted.debug("retab_api::Client", client.api());
    formatted.debug("SystemClock", SystemClock);
    formatted.debug("RetryPolicy", RetryPolicy::default());
    formatted.debug("Polling", Polling::default());
    formatted.debug("Files", client.files());
    formatted.debug("Runs", client.runs());
    formatted.debug("Workflows", client.workflows());
    formatted.debug("RunHandle", client.run("run_1"));
    formatted.debug("FileHandle", client.file("file_1"));
    formatted.debug("RunList", client.runs().list().metadata("tenant", SECRET));
    formatted.debug("Export", client.runs().export("wf_1", BLOCK));
    formatted.debug("WorkflowHandle", client.workflow("wf_1"));
    formatted.display("CancellationStatus", CancellationStatus::Requested);
    formatted.debug("FileReference", FileReference::from(SIGNED));
    formatted.display("BlockId", BlockId::from(BLOCK));
    formatted.display("FileId", FileId::from("file_1"));
    formatted.display("RunId", RunId::from("run_1"));
    formatted.display("WorkflowId", WorkflowId::from("wf_1"));
    formatted.display("Version", Version::pinned("ver_1"));
    formatted.display("VersionId", VersionId::from("ver_1"));
    let options = RequestOptions::new().header("x-secret", SECRET);
    let options = options.idempotency_key(SECRET);
    let options = options.on_response(|_| ());
    formatted.debug("RequestOptions", options);
    for document in documents(path) {
        formatted.debug("Document", &document);
        formatted.debug("Upload", client.files().upload(document.clone()));
        let many = client.files().upload_many([document.clone()]);
        formatted.debug("UploadMany", many);
        let run = client.workflow("wf_1").run().document(BLOCK, document);
        let run = run.json("start-json-block-1", &json!({"a": CONTENT}));
        formatted.debug("RunRequest", run.metadata("tenant", SECRET));
    }
    formatted.debug("Download", client.file("file_1").download());
    let list = || client.api().list_workflow_runs().search(SECRET.to_owned());
    formatted.debug("Pagination", list().pagination());
    formatted.debug("Pages", list().pages());
    formatted.debug("Items", list().items());
    formatted.debug("list_workflow_runs", list());
    formatted.debug("retab_api::Spec", retab_api::SPEC);
    formatted.debug("FilePart", FilePart::bytes("a.txt", CONTENT));
    formatted.debug("Nullable", Nullable::<String>::Null);
    let missing = MimeData::builder().url(SIGNED).build();
    formatted.display("BuildError", missing.unwrap_err());
    let secret = CreateSecretRequest::builder().name("n").value(SECRET);
    formatted.debug("create_secret", client.api().create_secret().body(secret));
    let parts = Parts::new().with_bytes(CONTENT);
    formatted.debug(
        "Parts",
        parts.with_source("it", Arc::new(bytes::Bytes::from(CONTENT))),
    );
    let content = Arc::new(bytes::Bytes::from(CONTENT));
    formatted.debug("EmbeddedSource", EmbeddedSource::new(["a"], "it", content));
}

/// Formats every request and then rejects it.
struct FormattingExecutor(Arc<Mutex<Vec<String>>>);

impl Executor for FormattingExecutor {
    fn execute(
        &self,
        mut request: Request,
    ) -> BoxFuture<'_, Result<ApiResponse, retab_api::Error>> {
        let mut texts = self.0.lock().unwrap();
        texts.push(format!("{request:?} {:?}", request.body()));
        let parts = Parts::new().with_bytes(CONTENT);
        let content_type = http::HeaderValue::from_static("text/plain");
        request.set_body(Body::Parts {
            content_type,
            parts,
        });
        texts.push(format!("{request:?} {:?}", request.body()));
        let error = retab_api::Error::invalid_request(request.operation(), "visible");
        Box::pin(async move { Err(error) })
    }
}

/// Formats the requests that reach an executor.
async fn format_executed_requests(formatted: &mut Formatted) {
    let texts = Arc::default();
    let client = retab_api::Client::with_executor(
        "http://127.0.0.1",
        FormattingExecutor(Arc::clone(&texts)),
    );
    let client = client.unwrap();
    let document = || {
        let url = format!("data:text/plain;base64,{}", STANDARD.encode(CONTENT));
        MimeData::builder()
            .filename("a.txt")
            .url(url)
            .build()
            .unwrap()
    };
    let documents = indexmap::IndexMap::from([(BLOCK.to_owned(), document())]);
    let run = CreateWorkflowRunRequest::builder()
        .workflow_id("wf_1")
        .documents(documents);
    formatted.debug("CreateWorkflowRunRequest", run.clone().build().unwrap());
    client
        .create_workflow_run()
        .body(run)
        .send()
        .await
        .unwrap_err();
    let extraction = StreamExtractionRequest::builder().document(document());
    let extraction = extraction.json_schema(Map::new()).instructions("visible");
    client
        .create_extraction_stream()
        .body(extraction)
        .send()
        .await
        .unwrap_err();
    let table = client
        .create_table()
        .name("n")
        .file(FilePart::bytes("a.txt", CONTENT));
    table.send().await.unwrap_err();
    let texts = texts.lock().unwrap();
    assert_eq!(texts.len(), 6);
    formatted.texts.extend(texts.iter().cloned());
}

/// Formats the return values of every feature of the client.
async fn format_responses(
    fake: &FakeRetab,
    client: &Client,
    path: &Path,
    formatted: &mut Formatted,
) {
    let metadata = Arc::new(Mutex::new(None));
    let shared = Arc::clone(&metadata);
    let options = RequestOptions::new().on_response(move |response| {
        *shared.lock().unwrap() = Some(response.clone());
    });
    let client = &client.with(options);
    let mut run = client
        .workflow("wf_abc123xyz")
        .run()
        .metadata("tenant", "acme");
    for (at, document) in documents(path).into_iter().take(5).enumerate() {
        run = run.document(format!("start_document-block-{at}"), document);
    }
    let run = run.inline_limit(1000).send().await.unwrap();
    formatted.debug("ResponseMetadata", metadata.lock().unwrap().take().unwrap());
    formatted.debug("Run", &run);
    fake.set_run_lifecycles([json!({"status": "completed"})]);
    let completed = client.workflow("wf_abc123xyz").run().send().await.unwrap();
    formatted.debug("Outcome", completed.wait().await.unwrap());
    formatted.debug("Cancellation", run.cancel().await.unwrap());
    let export = client.runs().export("wf_abc123xyz", "extract-block-1");
    formatted.debug("ExportedTable", export.send().await.unwrap());
    fake.set_steps([json!({
        "block_id": "b", "step_id": "s", "block_type": "function", "block_label": "b",
        "lifecycle": {"status": "completed"},
        "handle_outputs": {"out": {"type": "json", "data": CONTENT}},
    })]);
    let outputs = completed.outputs().await.unwrap();
    formatted.debug("Outputs", &outputs);
    for output in outputs.iter() {
        assert!(output.raw().unwrap().contains(CONTENT));
        formatted.debug("Output", output);
    }

    let upload = client.files().upload(Document::path(path));
    let stored = upload.send().await.unwrap();
    formatted.debug("StoredFile", &stored);
    formatted.debug("FileReference", FileReference::from(&stored));
    let content = client.file(stored.id()).download().stream().await.unwrap();
    formatted.debug("FileStream", &content);
    let chunks: Vec<_> = content.try_collect().await.unwrap();
    assert_eq!(chunks.concat(), CONTENT.as_bytes());

    let csv = ScriptedServer::new([Script::response(
        200,
        &[("content-type", "text/csv")],
        CONTENT,
    )])
    .await;
    let csv_client = builder(csv.url()).build().unwrap();
    let table = csv_client.api().download_table_csv().table_id("tbl_1");
    formatted.debug("ByteStream", table.send().await.unwrap().into_inner());

    let file = client.api().download_link().file_id(stored.id().as_str());
    formatted.debug("ResponseValue", file.send().await.unwrap());
    fake.add_listed_run(json!({"id": "run_invalid", "lifecycle": SECRET}));
    let mut pages = client
        .api()
        .list_workflow_runs()
        .keep_invalid_items()
        .pages();
    let page = pages.try_next().await.unwrap().unwrap();
    for item in &page.data {
        formatted.debug("ListItem", item);
        if let ListItem::Invalid(invalid) = item {
            formatted.display("InvalidItem", invalid.clone());
        }
    }
    formatted.debug("Page", page.into_inner());
}

/// Returns at least one error of every kind.
async fn errors(
    fake: &FakeRetab,
    client: &Client,
    path: &Path,
    formatted: &mut Formatted,
) -> Vec<Error> {
    let mut errors = Vec::new();
    let password = format!("http://user:{SECRET}@127.0.0.1");
    errors.push(builder(&password).build().unwrap_err());
    let malformed = Document::data_url(format!("data:{SECRET}"));
    let run = |client: &Client, document| {
        client
            .workflow("wf_abc123xyz")
            .run()
            .document(BLOCK, document)
    };
    errors.push(run(client, malformed).send().await.unwrap_err());
    let invalid = client.with(RequestOptions::new().header("a b", SECRET));
    errors.push(invalid.run("run_1").get().await.unwrap_err());
    let invalid = builder(client.api().base_url()).header("x-secret", "HUNTER2\n");
    errors.push(invalid.build().unwrap_err());

    let input = json!({"detail": [{"loc": ["body", "documents"], "msg": "bad", "type": "t", "input": CONTENT}]});
    fake.queue_response(Response::json(422, &input).header("x-secret", SECRET));
    errors.push(run(client, Document::path(path)).send().await.unwrap_err());
    for (media_type, body) in [
        ("text/html", format!("<html>{CONTENT}</html>")),
        ("application/json", format!(r#"{{"id":"{CONTENT}"}}"#)),
        ("application/json", format!(r#"["{CONTENT}"]"#)),
    ] {
        fake.queue_response(Response::new(200, media_type, body));
        errors.push(client.run("run_1").get().await.unwrap_err());
    }

    let files = client.files();
    let upload = || files.upload(Document::path(path));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    fake.set_next_upload_url(format!(
        "http://{}/?signature={SECRET}",
        listener.local_addr().unwrap()
    ));
    drop(listener);
    errors.push(upload().send().await.unwrap_err());
    fake.set_next_upload_url(format!("{}/?signature={SECRET}", fake.storage_url()));
    errors.push(upload().send().await.unwrap_err());
    fake.set_next_upload_url(SECRET);
    errors.push(upload().send().await.unwrap_err());
    fake.corrupt_next_upload();
    errors.push(upload().send().await.unwrap_err());
    let broken = ScriptedServer::new([
        Script::new().read_head().reset(),
        Script::new()
            .read_request()
            .write_head(200, &[], 900)
            .write(CONTENT)
            .reset(),
    ])
    .await;
    let url = format!("{}/?signature={SECRET}", broken.url());
    fake.set_next_upload_url(&url);
    errors.push(upload().send().await.unwrap_err());
    let stored = upload().send().await.unwrap();
    fake.set_next_download_url(&url);
    let folder = tempfile::tempdir().unwrap();
    let download = || client.file(stored.id()).download();
    errors.push(
        download()
            .to_path(folder.path().join("a"))
            .await
            .unwrap_err(),
    );
    errors.push(download().to_path("no/such/folder/a").await.unwrap_err());
    let timed_out = client.with(RequestOptions::new().timeout(Duration::ZERO));
    errors.push(
        timed_out
            .files()
            .upload(Document::path(path))
            .send()
            .await
            .unwrap_err(),
    );

    for lifecycle in [
        json!({"status": "error", "message": "visible", "stage": "execution", "category": "permanent"}),
        json!({"status": "cancelled", "reason": "visible"}),
        json!({"status": "awaiting_review", "waiting_for_block_ids": ["block-1"]}),
    ] {
        fake.set_run_lifecycles([lifecycle]);
        let run = client
            .workflow("wf_abc123xyz")
            .run()
            .metadata("tenant", "acme")
            .send();
        let outcome: Outcome = run.await.unwrap().wait().await.unwrap();
        if let Outcome::Failed { failure, .. } = &outcome {
            formatted.debug("Failure", failure);
        }
        errors.push(outcome.into_result().unwrap_err());
    }
    errors
}

/// Returns the variants of `ErrorKind`.
fn error_kinds() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../retab-ext/src/error.rs");
    let text = fs::read_to_string(path).unwrap();
    let (_, kinds) = text.split_once("pub enum ErrorKind {\n").unwrap();
    let (kinds, _) = kinds.split_once("\n}").unwrap();
    let kinds = kinds
        .lines()
        .filter_map(|line| line.trim().strip_suffix(','));
    kinds.map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn regression_25_redacts_keys_documents_and_signatures() {
    let recorder = TraceRecorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let fake = FakeRetab::start().await;
    let client = builder(&fake.base_url()).build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    fs::write(&path, CONTENT).unwrap();

    let mut formatted = Formatted::default();
    format_local_values(&client, &path, &mut formatted);
    format_executed_requests(&mut formatted).await;
    format_responses(&fake, &client, &path, &mut formatted).await;
    let errors = errors(&fake, &client, &path, &mut formatted).await;
    let mut kinds = BTreeSet::new();
    for error in &errors {
        formatted.error(error);
        kinds.insert(format!("{:?}", error.kind()));
    }
    assert_eq!(kinds, error_kinds());

    for text in &formatted.texts {
        assert_redacted(text);
    }
    let trace = recorder.all();
    assert_redacted(&trace);
    for span in [
        "upload_to_storage",
        "download_from_storage",
        "create_workflow_run",
    ] {
        assert!(trace.contains(span), "{span}");
    }

    let is_covered = |name: &str| formatted.types.contains(name);
    let is_api_covered = |name: &str| is_covered(name) || is_covered(&format!("retab_api::{name}"));
    let ext_types = public_types("../retab-ext/src/lib.rs");
    let api_types = public_types("../retab-api/src/lib.rs");
    assert!(ext_types.contains("Client") && api_types.contains("Client"));
    let missing: Vec<_> = ext_types.iter().filter(|name| !is_covered(name)).collect();
    assert!(
        missing.is_empty(),
        "this test does not cover {missing:?} of retab-ext"
    );
    let missing: Vec<_> = api_types
        .iter()
        .filter(|name| !is_api_covered(name))
        .collect();
    assert!(
        missing.is_empty(),
        "this test does not cover {missing:?} of retab-api"
    );
}

#[test]
fn detects_every_secret_encoding() {
    let base64 = STANDARD.encode(format!("x{CONTENT}"));
    let bytes = format!("{:?}", CONTENT.as_bytes());
    let encoded = percent_encode(CONTENT.as_bytes(), NON_ALPHANUMERIC).to_string();
    for text in [KEY, CONTENT, SIGNED, &base64, &bytes, &encoded] {
        let is_detected = secret_encodings()
            .iter()
            .any(|secret| text.contains(secret));
        assert!(is_detected, "{text}");
    }
    assert_redacted("no secret");
}
