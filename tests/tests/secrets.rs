//! What is shown by `Debug` and `Display` and told to `tracing`: never a key, a document or what a URL is signed with.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by them, in its helpers as well"
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
use retab_api::runtime::{Body, BoxFuture, Executor, Pieces, Request, Response as ApiAnswer};
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

/// It stands in every secret, in every document and in every value that is nobody's business.
const SECRET: &str = "HUNTER2";
const KEY: &str = "rt_test_HUNTER2";
const CONTENT: &str = "HUNTER2: a total of 42 & more";
const SIGNED: &str = "https://storage.example/a.txt?signature=HUNTER2";
const BLOCK: &str = "start_document-block-1";

/// The traits, which have nothing to show.
const TRAITS: [&str; 2] = ["Clock", "List"];

/// What was shown, and of which types.
#[derive(Default)]
struct Shown {
    types: BTreeSet<&'static str>,
    texts: Vec<String>,
}

impl Shown {
    fn debug(&mut self, name: &'static str, value: impl Debug) {
        self.types.insert(name);
        self.texts.push(format!("{name}: {value:?} {value:#?}"));
    }

    fn display(&mut self, name: &'static str, value: impl Debug + Display) {
        self.texts.push(format!("{name}: {value}"));
        self.debug(name, value);
    }

    /// An error with its causes and what it lists.
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
                .push(format!("cause of {error}: {cause} {cause:?}"));
        }
    }
}

/// Each form in which a secret could be found.
fn forms() -> Vec<String> {
    let mut forms = vec![SECRET.to_owned(), "SIGNATURE".into(), "token-of-".into()];
    for (alphabet, before) in [
        (STANDARD, ""),
        (STANDARD, "x"),
        (STANDARD, "xx"),
        (URL_SAFE, ""),
    ] {
        // The first and the last characters are those of what stands around it.
        let encoded = alphabet.encode(format!("{before}{CONTENT}"));
        forms.push(encoded[4..16].to_owned());
    }
    forms.push(percent_encode(CONTENT.as_bytes(), NON_ALPHANUMERIC).to_string());
    let bytes: Vec<_> = SECRET.bytes().map(|byte| byte.to_string()).collect();
    forms.push(bytes.join(", "));
    forms.push(bytes.join(",\n"));
    forms
}

#[track_caller]
fn assert_nothing_in(text: &str) {
    for form in forms() {
        assert!(!text.contains(&form), "{form} in {text}");
    }
}

/// The types that a crate shows at its root.
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

fn settings(url: &str) -> retab_ext::ClientBuilder {
    let settings = Client::builder().api_key(KEY).base_url(url);
    let settings = settings.header("x-tenant", SECRET).unwrap();
    settings.retry(RetryPolicy::never())
}

/// Shows what only has to be made.
fn what_is_made(client: &Client, path: &Path, shown: &mut Shown) {
    shown.debug("ApiKey", ApiKey::from(KEY));
    shown.debug("Credentials", Credentials::default());
    shown.debug("ClientBuilder", settings(client.api().base_url()));
    shown.debug("Client", client);
    shown.debug("retab_api::Client", client.api());
    shown.debug("SystemClock", SystemClock);
    shown.debug("RetryPolicy", RetryPolicy::default());
    shown.debug("Polling", Polling::default());
    shown.debug("Files", client.files());
    shown.debug("Runs", client.runs());
    shown.debug("RunHandle", client.runs().handle("run_1"));
    shown.debug("RunList", client.runs().list().metadata("tenant", SECRET));
    shown.debug("Export", client.runs().export("wf_1", BLOCK));
    shown.debug("WorkflowHandle", client.workflow("wf_1"));
    shown.display("CancellationStatus", CancellationStatus::Requested);
    shown.debug("FileReference", FileReference::from(SIGNED));
    shown.display("BlockId", BlockId::from(BLOCK));
    shown.display("FileId", FileId::from("file_1"));
    shown.display("RunId", RunId::from("run_1"));
    shown.display("WorkflowId", WorkflowId::from("wf_1"));
    shown.display("Version", Version::pinned("ver_1").unwrap());
    let Version::Pinned(id) = Version::pinned("ver_1").unwrap() else {
        panic!("it is pinned");
    };
    shown.display("VersionId", id as VersionId);
    let options = RequestOptions::new().header("x-secret", SECRET).unwrap();
    let options = options.idempotency_key(SECRET).unwrap();
    let options = options.on_response(|_| ());
    shown.debug("RequestOptions", options);
    let options = retab_api::RequestOptions::new();
    let header = (
        http::HeaderName::from_static("x-secret"),
        http::HeaderValue::from_static(SECRET),
    );
    shown.debug(
        "retab_api::RequestOptions",
        options.with_header(header.0, header.1),
    );
    for document in documents(path) {
        shown.debug("Document", &document);
        shown.debug("Upload", client.files().upload(document.clone()));
        let many = client.files().upload_many([document.clone()]);
        shown.debug("UploadMany", many);
        let run = client.run("wf_1").document(BLOCK, document);
        let run = run
            .json("start-json-block-1", &json!({"a": CONTENT}))
            .unwrap();
        shown.debug("RunRequest", run.metadata("tenant", SECRET));
    }
    shown.debug("Download", client.files().download("file_1"));
    let list = || client.api().list_workflow_runs().search(SECRET.to_owned());
    shown.debug("Pagination", list().pagination());
    shown.debug("Pages", list().pages());
    shown.debug("Items", list().items());
    shown.debug("list_workflow_runs", list());
    shown.debug("retab_api::Spec", retab_api::SPEC);
    shown.debug("FilePart", FilePart::bytes("a.txt", CONTENT));
    shown.debug("Nullable", Nullable::<String>::Null);
    let missing = MimeData::builder().url(SIGNED).build();
    shown.display("BuildError", missing.unwrap_err());
    let secret = CreateSecretRequest::builder().name("n").value(SECRET);
    shown.debug("create_secret", client.api().create_secret().body(secret));
    let pieces = Pieces::new().with_bytes(CONTENT);
    shown.debug(
        "Pieces",
        pieces.with_source("it", Arc::new(bytes::Bytes::from(CONTENT))),
    );
}

/// Carries out nothing, and keeps what it would have shown.
struct Showing(Arc<Mutex<Vec<String>>>);

impl Executor for Showing {
    fn execute(&self, mut request: Request) -> BoxFuture<'_, Result<ApiAnswer, retab_api::Error>> {
        let mut texts = self.0.lock().unwrap();
        texts.push(format!("{request:?} {:?}", request.body()));
        let pieces = Pieces::new().with_bytes(CONTENT);
        let content_type = http::HeaderValue::from_static("text/plain");
        request.set_body(Body::Pieces {
            content_type,
            pieces,
        });
        texts.push(format!("{request:?} {:?}", request.body()));
        let refused = retab_api::Error::invalid_request(request.operation(), "shown");
        Box::pin(async move { Err(refused) })
    }
}

/// Shows the requests that executors get.
async fn what_is_executed(shown: &mut Shown) {
    let texts = Arc::default();
    let client = retab_api::Client::with_executor("http://127.0.0.1", Showing(Arc::clone(&texts)));
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
    shown.debug("CreateWorkflowRunRequest", run.clone().build().unwrap());
    client
        .create_workflow_run()
        .body(run)
        .send()
        .await
        .unwrap_err();
    let extraction = StreamExtractionRequest::builder().document(document());
    let extraction = extraction.json_schema(Map::new()).instructions("shown");
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
    shown.texts.extend(texts.iter().cloned());
}

/// Shows what the service answers, on a way through all that a client does.
async fn what_is_answered(fake: &FakeRetab, client: &Client, path: &Path, shown: &mut Shown) {
    let metadata = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&metadata);
    let options = RequestOptions::new().on_response(move |response| {
        *kept.lock().unwrap() = Some(response.clone());
    });
    let client = &client.with(options);
    let mut run = client.run("wf_abc123xyz").metadata("tenant", "acme");
    for (at, document) in documents(path).into_iter().take(5).enumerate() {
        run = run.document(format!("start_document-block-{at}"), document);
    }
    let run = run.inline_limit(1000).send().await.unwrap();
    shown.debug("ResponseMetadata", metadata.lock().unwrap().take().unwrap());
    shown.debug("Run", &run);
    fake.set_run_lifecycles([json!({"status": "completed"})]);
    let done = client.run("wf_abc123xyz").send().await.unwrap();
    shown.debug("Outcome", done.wait().await.unwrap());
    shown.debug("Cancellation", run.cancel().await.unwrap());
    let export = client.runs().export("wf_abc123xyz", "extract-block-1");
    shown.debug("ExportedTable", export.send().await.unwrap());
    fake.set_steps([json!({
        "block_id": "b", "step_id": "s", "block_type": "function", "block_label": "b",
        "lifecycle": {"status": "completed"},
        "handle_outputs": {"out": {"type": "json", "data": CONTENT}},
    })]);
    let outputs = done.outputs().await.unwrap();
    shown.debug("Outputs", &outputs);
    for output in outputs.iter() {
        assert_eq!(output.value().unwrap(), CONTENT);
        shown.debug("Output", output);
    }

    let upload = client.files().upload(Document::path(path));
    let stored = upload.send().await.unwrap();
    shown.debug("StoredFile", &stored);
    shown.debug("FileReference", FileReference::from(&stored));
    let content = client.files().download(stored.id()).stream().await.unwrap();
    shown.debug("FileStream", &content);
    let chunks: Vec<_> = content.try_collect().await.unwrap();
    assert_eq!(chunks.concat(), CONTENT.as_bytes());

    let csv = ScriptedServer::new([Script::response(
        200,
        &[("content-type", "text/csv")],
        CONTENT,
    )])
    .await;
    let reader = settings(csv.url()).build().unwrap();
    let table = reader.api().download_table_csv().table_id("tbl_1");
    shown.debug("ByteStream", table.send().await.unwrap().into_inner());

    let file = client.api().download_link().file_id(stored.id().as_str());
    shown.debug("ResponseValue", file.send().await.unwrap());
    fake.add_listed_run(json!({"id": "run_odd", "lifecycle": SECRET}));
    let mut pages = client
        .api()
        .list_workflow_runs()
        .keep_invalid_items()
        .pages();
    let page = pages.try_next().await.unwrap().unwrap();
    for item in &page.data {
        shown.debug("ListItem", item);
        if let ListItem::Invalid(invalid) = item {
            shown.display("InvalidItem", invalid.clone());
        }
    }
    shown.debug("Page", page.into_inner());
}

/// An error of every kind.
async fn errors(fake: &FakeRetab, client: &Client, path: &Path, shown: &mut Shown) -> Vec<Error> {
    let mut errors = Vec::new();
    let password = format!("http://user:{SECRET}@127.0.0.1");
    errors.push(settings(&password).build().unwrap_err());
    let missing = Document::data_url(format!("data:{SECRET}"));
    let run = |client: &Client, document| client.run("wf_abc123xyz").document(BLOCK, document);
    errors.push(run(client, missing).send().await.unwrap_err());
    errors.push(RequestOptions::new().header("a b", SECRET).unwrap_err());

    let input = json!({"detail": [{"loc": ["body", "documents"], "msg": "bad", "type": "t", "input": CONTENT}]});
    fake.queue_response(Response::json(422, &input).header("x-secret", SECRET));
    errors.push(run(client, Document::path(path)).send().await.unwrap_err());
    for (media_type, body) in [
        ("text/html", format!("<html>{CONTENT}</html>")),
        ("application/json", format!(r#"{{"id":"{CONTENT}"}}"#)),
        ("application/json", format!(r#"["{CONTENT}"]"#)),
    ] {
        fake.queue_response(Response::new(200, media_type, body));
        errors.push(client.get_run("run_1").await.unwrap_err());
    }

    let files = client.files();
    let upload = || files.upload(Document::path(path));
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    fake.set_next_upload_url(format!(
        "http://{}/?signature={SECRET}",
        gone.local_addr().unwrap()
    ));
    drop(gone);
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
    let download = || files.download(stored.id());
    errors.push(
        download()
            .to_path(folder.path().join("a"))
            .await
            .unwrap_err(),
    );
    errors.push(download().to_path("no/such/folder/a").await.unwrap_err());
    let none = client.with(RequestOptions::new().timeout(Duration::ZERO));
    errors.push(
        none.files()
            .upload(Document::path(path))
            .send()
            .await
            .unwrap_err(),
    );

    for lifecycle in [
        json!({"status": "error", "message": "shown", "stage": "execution", "category": "permanent"}),
        json!({"status": "cancelled", "reason": "shown"}),
        json!({"status": "awaiting_review", "waiting_for_block_ids": ["block-1"]}),
    ] {
        fake.set_run_lifecycles([lifecycle]);
        let ended = client.run("wf_abc123xyz").metadata("tenant", "acme").send();
        let outcome: Outcome = ended.await.unwrap().wait().await.unwrap();
        if let Outcome::Failed { failure, .. } = &outcome {
            shown.debug("Failure", failure);
        }
        errors.push(outcome.into_result().unwrap_err());
    }
    errors
}

/// The names of the variants of an enum of this crate.
fn kinds() -> BTreeSet<String> {
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
async fn rival_25_nothing_that_is_shown_or_told_has_a_key_a_document_or_a_signature() {
    let told = TraceRecorder::default();
    let _guard = tracing::subscriber::set_default(told.clone());
    let fake = FakeRetab::start().await;
    let client = settings(&fake.base_url()).build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    fs::write(&path, CONTENT).unwrap();

    let mut shown = Shown::default();
    what_is_made(&client, &path, &mut shown);
    what_is_executed(&mut shown).await;
    what_is_answered(&fake, &client, &path, &mut shown).await;
    let errors = errors(&fake, &client, &path, &mut shown).await;
    let mut seen = BTreeSet::new();
    for error in &errors {
        shown.error(error);
        seen.insert(format!("{:?}", error.kind()));
    }
    assert_eq!(seen, kinds(), "an error of each kind");

    for text in &shown.texts {
        assert_nothing_in(text);
    }
    let told = told.all();
    assert_nothing_in(&told);
    for span in [
        "upload_to_storage",
        "download_from_storage",
        "create_workflow_run",
    ] {
        assert!(told.contains(span), "{span}");
    }

    let is_seen = |name: &str| shown.types.contains(name);
    let of_api = |name: &str| is_seen(name) || is_seen(&format!("retab_api::{name}"));
    let own = public_types("../retab-ext/src/lib.rs");
    let api = public_types("../retab-api/src/lib.rs");
    assert!(own.contains("Client") && api.contains("Client"));
    let unseen: Vec<_> = own.iter().filter(|name| !is_seen(name)).collect();
    assert!(
        unseen.is_empty(),
        "{unseen:?} of retab-ext are not shown here"
    );
    let unseen: Vec<_> = api.iter().filter(|name| !of_api(name)).collect();
    assert!(
        unseen.is_empty(),
        "{unseen:?} of retab-api are not shown here"
    );
}

#[test]
fn each_form_of_a_secret_would_be_found() {
    let base64 = STANDARD.encode(format!("x{CONTENT}"));
    let bytes = format!("{:?}", CONTENT.as_bytes());
    let encoded = percent_encode(CONTENT.as_bytes(), NON_ALPHANUMERIC).to_string();
    for text in [KEY, CONTENT, SIGNED, &base64, &bytes, &encoded] {
        let is_found = forms().iter().any(|form| text.contains(form));
        assert!(is_found, "{text}");
    }
    assert_nothing_in("nothing");
}
