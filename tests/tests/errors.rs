//! What an error tells, and what it keeps to itself, against the bytes of each answer.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by them, in its helpers as well"
)]

use std::error::Error as _;
use std::path::Path;
use std::time::Duration;

use retab_ext::{Client, Document, Error, ErrorKind};
use retab_fake::{FakeRetab, Response};
use serde_json::{Value, json};

const KEY: &str = "rt_test_SECRET";

fn client_of(fake: &FakeRetab) -> Client {
    Client::builder()
        .api_key(KEY)
        .base_url(fake.base_url())
        .build()
        .unwrap()
}

/// What becomes of a call that creates something and is answered like this.
async fn answered(answer: Response) -> Error {
    let fake = FakeRetab::start().await;
    fake.queue_response(answer);
    let document = Document::path(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"));
    let run = client_of(&fake)
        .run("wf_SECRET")
        .document("block-SECRET", document)
        .metadata("tenant", "SECRET")
        .send();
    let error = run.await.unwrap_err();
    assert_eq!(fake.requests().len(), 1, "{error}");
    error
}

async fn refused(body: &str) -> Error {
    answered(Response::new(422, "application/json", body)).await
}

/// What becomes of reading a run that is answered like this.
async fn read(answer: Response) -> Error {
    let fake = FakeRetab::start().await;
    fake.queue_response(answer);
    client_of(&fake).get_run("run_SECRET").await.unwrap_err()
}

/// Everything that an error shows by itself, with its causes.
fn shown(error: &Error) -> String {
    let mut shown = format!("{error}\n{error:?}\n{:?}", error.field_errors());
    let mut source = error.source();
    while let Some(cause) = source {
        shown = format!("{shown}\n{cause}\n{cause:?}");
        source = cause.source();
    }
    shown
}

#[tokio::test]
async fn one_error_answers_every_question() {
    let body =
        r#"{"detail":{"code":"rate_limited","message":"Slow down","details":{"limit":300}}}"#;
    let answer = Response::new(429, "application/json", body).header("retry-after", "86400");
    let error = answered(answer).await;
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(error.status().unwrap(), 429);
    assert_eq!(error.code(), Some("rate_limited"));
    assert_eq!(error.message(), Some("Slow down"));
    assert_eq!(error.details(), Some(&json!({"limit": 300})));
    assert!(error.field_errors().is_empty());
    assert_eq!(error.request_id(), Some("req_000001"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(86400)));
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.body(), Some(body.as_bytes()));
    assert_eq!(error.headers().unwrap()["retry-after"], "86400");
    assert!(error.is_rate_limited() && error.is_retryable());
    assert!(!error.is_timeout() && !error.is_not_found() && !error.is_auth());
    assert!(error.source().is_none());
}

#[tokio::test]
async fn rival_16_an_error_is_more_than_a_status_and_a_string() {
    let body = r#"{"detail":{"code":"no_pages","message":"No pages left"}}"#;
    let error =
        answered(Response::new(402, "application/json", body).header("x-plan", "free")).await;
    assert_eq!(
        (error.code(), error.message(), error.request_id()),
        (Some("no_pages"), Some("No pages left"), Some("req_000001"))
    );
    assert_eq!(error.headers().unwrap()["x-plan"], "free");

    let fake = FakeRetab::start().await;
    let run = client_of(&fake).run("wf_1");
    let run = run.document("block-1", Document::path("/no/such/file.pdf"));
    let error = run.send().await.unwrap_err();
    let source = error.source().unwrap().downcast_ref::<std::io::Error>();
    assert_eq!(source.unwrap().kind(), std::io::ErrorKind::NotFound);
    assert_eq!(error.attempts(), 0);
}

#[tokio::test]
async fn rival_19_an_empty_success_is_no_error_of_json() {
    for answer in [
        Response::empty(200),
        Response::new(200, "application/json", ""),
        Response::empty(204),
    ] {
        let error = read(answer).await;
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
        let told = error.to_string();
        assert!(
            told.starts_with("get_workflow_run: the service returned 20")
                && told.contains("found an empty body")
                && told.ends_with("(request id req_000001)"),
            "{told}"
        );
    }
}

/// Code, message, details, and the mistakes as location, message, code and severity.
type TraceRecorder<'a> = (
    Option<&'a str>,
    Option<&'a str>,
    Option<Value>,
    Vec<(Option<&'a str>, &'a str, Option<&'a str>, Option<&'a str>)>,
);

#[track_caller]
fn tells(error: &Error, told: &TraceRecorder<'_>) {
    let violations = error.field_errors().iter();
    let violations = violations.map(|violation| {
        (
            violation.location.as_deref(),
            violation.message.as_str(),
            violation.code.as_deref(),
            violation.severity.as_deref(),
        )
    });
    let found = (
        error.code(),
        error.message(),
        error.details().cloned(),
        violations.collect(),
    );
    assert_eq!(&found, told);
}

#[tokio::test]
async fn a_detail_that_is_text_is_read() {
    let error = refused(r#"{"detail":"Not now"}"#).await;
    tells(&error, &(None, Some("Not now"), None, vec![]));
}

#[tokio::test]
async fn a_detail_with_code_message_and_details_is_read() {
    let error = refused(r#"{"detail":{"code":"c","message":"m","details":{"a":[1]}}}"#).await;
    tells(
        &error,
        &(Some("c"), Some("m"), Some(json!({"a": [1]})), vec![]),
    );
}

#[tokio::test]
async fn a_detail_with_a_list_of_errors_is_read() {
    let error = refused(
        r#"{"detail":{"code":"bad_plan","message":"Bad plan","details":null,"errors":[
            {"yaml_path":"blocks[0].id","code":"dup","message":"used twice","severity":"error","details":{"other":"blocks[1]"}},
            {"yaml_path":"","code":"unused","message":"never read","severity":"warning","details":null}]}}"#,
    )
    .await;
    tells(
        &error,
        &(
            Some("bad_plan"),
            Some("Bad plan: blocks[0].id: used twice; never read"),
            None,
            vec![
                (
                    Some("blocks[0].id"),
                    "used twice",
                    Some("dup"),
                    Some("error"),
                ),
                (None, "never read", Some("unused"), Some("warning")),
            ],
        ),
    );
    let details = error.field_errors()[0].details.as_ref();
    assert_eq!(details, Some(&json!({"other": "blocks[1]"})));
    assert_eq!(error.field_errors()[1].details, None);
}

#[tokio::test]
async fn a_detail_that_is_a_list_is_read() {
    let error = refused(
        r#"{"detail":[{"loc":["body","documents",0,"url"],"msg":"Field required","type":"missing"},{"loc":[],"msg":"Too short","type":"t"}]}"#,
    )
    .await;
    tells(
        &error,
        &(
            None,
            Some("body.documents.0.url: Field required; Too short"),
            None,
            vec![
                (
                    Some("body.documents.0.url"),
                    "Field required",
                    Some("missing"),
                    None,
                ),
                (None, "Too short", Some("t"), None),
            ],
        ),
    );
}

#[tokio::test]
async fn a_status_code_with_message_and_data_is_read() {
    let error = refused(r#"{"status_code":409,"message":"Already running","data":{"x":1}}"#).await;
    tells(
        &error,
        &(None, Some("Already running"), Some(json!({"x": 1})), vec![]),
    );
}

#[tokio::test]
async fn code_message_and_details_at_the_top_are_read() {
    let error = refused(r#"{"code":"c","message":"m","details":[1]}"#).await;
    tells(&error, &(Some("c"), Some("m"), Some(json!([1])), vec![]));
}

#[tokio::test]
async fn an_html_page_is_read() {
    let html = "<html><head><title>502 Bad\n Gateway</title></head><body>SECRET</body></html>";
    let error = answered(Response::new(502, "text/html", html)).await;
    assert_eq!(error.status().unwrap(), 502);
    tells(&error, &(None, Some("502 Bad Gateway"), None, vec![]));
    assert_eq!(error.body(), Some(html.as_bytes()));
    assert!(!shown(&error).contains("SECRET"));
}

#[tokio::test]
async fn an_empty_body_is_read() {
    let error = answered(Response::empty(500)).await;
    assert_eq!(error.status().unwrap(), 500);
    tells(&error, &(None, None, None, vec![]));
    assert_eq!(error.body(), Some(&b""[..]));
    assert_eq!(error.request_id(), Some("req_000001"));
}

#[tokio::test]
async fn a_hint_when_to_come_back_is_read_in_both_forms() {
    let after = |hint, date| {
        let answer = Response::empty(422).header("retry-after", hint);
        async move { answered(answer.header("date", date)).await.retry_after() }
    };
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    assert_eq!(after("7", date).await, Some(Duration::from_secs(7)));
    let later = "Sun, 06 Nov 1994 08:51:07 GMT";
    assert_eq!(after(later, date).await, Some(Duration::from_secs(90)));
    assert_eq!(after(date, later).await, Some(Duration::ZERO));
    assert_eq!(after("soon", date).await, None);
    assert_eq!(answered(Response::empty(422)).await.retry_after(), None);
}

#[tokio::test]
async fn a_decode_error_names_the_json_path_and_the_operation() {
    let body = r#"{"id":"run_1","workflow_id":"wf_1","workflow_version_id":"ver_1","trigger":{"type":"api"},"lifecycle":{"status":"error","message":{"SECRET":1}},"timing":{}}"#;
    let error = read(Response::new(200, "application/json", body)).await;
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    let told = error.to_string();
    assert!(told.starts_with("get_workflow_run: "), "{told}");
    assert!(told.contains(" lifecycle.message "), "{told}");
    assert_eq!(error.api().unwrap().json_path(), Some("lifecycle.message"));
    assert!(!shown(&error).contains("SECRET"), "{}", shown(&error));
}

#[tokio::test]
async fn display_is_one_line_with_everything_that_support_asks_for() {
    let fake = FakeRetab::start().await;
    let body = r#"{"detail":{"code":"no_pages","message":"No\npages"}}"#;
    fake.queue_response(Response::new(422, "application/json", body));
    let call = client_of(&fake).api().get_workflow_run().run_id("run_1");
    let error = call.send().await.unwrap_err().with_attempts(3);
    assert_eq!(
        Error::from(error).to_string(),
        "get_workflow_run: the service returned 422 Unprocessable Entity, code no_pages: No\\npages (request id req_000001), after 3 attempts"
    );
}

#[tokio::test]
async fn neither_request_nor_document_nor_key_is_shown() {
    let json = |body| Response::new(422, "application/json", body);
    for answer in [
        json(r#"{"detail":[{"loc":["body"],"msg":"Too long","type":"t","input":"SECRET"}]}"#),
        json(r#"{"detail":{"code":"c","message":"m","details":{"sent":"SECRET"}}}"#),
        json(r#"{"detail":{"errors":[{"message":"m","details":{"sent":"SECRET"}}]}}"#),
        json(r#"{"message":"m","data":{"sent":"SECRET"}}"#),
        json(r#"["SECRET"]"#),
        Response::new(500, "text/plain", "SECRET").header("set-cookie", "SECRET"),
        Response::new(200, "text/html", "SECRET"),
        Response::new(200, "application/json", r#"{"id":{"SECRET":1}}"#),
        Response::new(200, "application/json", "SECRET"),
        Response::empty(302).header("location", "/SECRET"),
    ] {
        let error = answered(answer).await;
        let shown = shown(&error);
        assert!(shown.starts_with("create_workflow_run: "), "{shown}");
        assert!(!shown.contains("SECRET"), "{shown}");
        assert!(!shown.contains("127.0.0.1"), "{shown}");
        // The document that was sent.
        assert!(!shown.contains("retab-tests"), "{shown}");
    }
}

#[tokio::test]
async fn the_predicates_sort_every_status() {
    for (status, is) in [
        (400, ""),
        (401, "auth"),
        (403, "auth"),
        (404, "not found"),
        (408, "retryable"),
        (409, ""),
        (413, ""),
        (422, ""),
        (429, "rate limited, retryable"),
        (500, "retryable"),
        (503, "retryable"),
        (504, "retryable"),
    ] {
        // Longer than any client waits.
        let error = answered(Response::empty(status).header("retry-after", "864000")).await;
        let found: Vec<&str> = [
            (error.is_auth(), "auth"),
            (error.is_not_found(), "not found"),
            (error.is_rate_limited(), "rate limited"),
            (error.is_retryable(), "retryable"),
            (error.is_timeout(), "timeout"),
        ]
        .into_iter()
        .filter_map(|(holds, name)| holds.then_some(name))
        .collect();
        assert_eq!(found.join(", "), is, "{status}");
    }
}

/// The text of every file below a folder.
fn sources(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                sources(&path)
            } else {
                vec![std::fs::read_to_string(path).unwrap()]
            }
        })
        .collect()
}

/// What a crate's source offers to all, each to the end of its signature, that names one of `names`.
fn public_signatures(source: &str, names: &[String]) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap();
    let lines: Vec<&str> = code.lines().map(str::trim).collect();
    let starts = lines.iter().enumerate().filter(|(_, line)| {
        line.starts_with("pub ")
            || (line.starts_with("impl") && line.contains("From<") && line.contains(" for "))
    });
    let signatures = starts.map(|(at, _)| {
        let rest = lines[at..].join(" ");
        let end = rest.find(['{', ';']).unwrap_or(rest.len());
        rest[..end].to_owned()
    });
    signatures
        .filter(|signature| names.iter().any(|name| mentions(signature, name)))
        .collect()
}

/// Whether a type is named, or a path begins with a module.
fn mentions(signature: &str, name: &str) -> bool {
    let in_a_word = |c: char| c.is_alphanumeric() || c == '_';
    let is_type = name.starts_with(char::is_uppercase);
    signature.match_indices(name).any(|(at, _)| {
        let before = signature[..at].ends_with(in_a_word);
        let rest = &signature[at + name.len()..];
        !before && (rest.starts_with("::") || is_type && !rest.starts_with(in_a_word))
    })
}

/// What a file takes from the HTTP library and the generator, with their own names.
fn names_of_others(source: &str) -> Vec<String> {
    let mut names = vec!["reqwest".to_owned(), "progenitor".to_owned()];
    for line in source.lines() {
        let Some(imported) = line
            .strip_prefix("use reqwest::")
            .or_else(|| line.strip_prefix("use progenitor"))
        else {
            continue;
        };
        let words = imported.split(|c: char| !c.is_alphanumeric() && c != '_');
        names.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
    }
    names
}

#[test]
fn no_type_of_the_http_library_or_the_generator_is_public_but_in_one_place() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../retab-ext/src");
    let mut found = Vec::new();
    for source in sources(&folder) {
        found.extend(public_signatures(&source, &names_of_others(&source)));
    }
    // The hook on the builder of the HTTP client.
    assert!(found.len() <= 1, "{found:#?}");
    assert!(found.iter().all(|place| place.contains("ClientBuilder")));

    // The search finds what it looks for.
    let sample =
        "use reqwest::{redirect, retry};\npub fn policy(&self)\n    -> redirect::Policy {\n";
    assert_eq!(
        public_signatures(sample, &names_of_others(sample)),
        ["pub fn policy(&self) -> redirect::Policy "]
    );
}
