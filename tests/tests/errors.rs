//! Error accessors, messages and redaction for raw responses.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests and their helpers panic on failure"
)]

use std::error::Error as _;
use std::path::Path;
use std::time::Duration;

use retab_ext::{Client, Document, Error, ErrorKind};
use retab_fake::{FakeRetab, Response};
use serde_json::{Value, json};

const KEY: &str = "rt_test_SECRET";

fn client_for(fake: &FakeRetab) -> Client {
    Client::builder()
        .api_key(KEY)
        .base_url(fake.base_url())
        .build()
        .unwrap()
}

/// Returns the error of a create request that receives this response.
async fn create_error(response: Response) -> Error {
    let fake = FakeRetab::start().await;
    fake.queue_response(response);
    let document = Document::path(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"));
    let run = client_for(&fake)
        .workflow("wf_SECRET")
        .run()
        .document("block-SECRET", document)
        .metadata("tenant", "SECRET")
        .send();
    let error = run.await.unwrap_err();
    assert_eq!(fake.requests().len(), 1, "{error}");
    error
}

/// Returns the error for a 422 response with this JSON body.
async fn error_for_body(body: &str) -> Error {
    create_error(Response::new(422, "application/json", body)).await
}

/// Returns the error of a read request that receives this response.
async fn get_error(response: Response) -> Error {
    let fake = FakeRetab::start().await;
    fake.queue_response(response);
    client_for(&fake).run("run_SECRET").get().await.unwrap_err()
}

/// Formats an error and its sources with `Display` and `Debug`.
fn formatted(error: &Error) -> String {
    let mut formatted = format!("{error}\n{error:?}\n{:?}", error.field_errors());
    let mut source = error.source();
    while let Some(cause) = source {
        formatted = format!("{formatted}\n{cause}\n{cause:?}");
        source = cause.source();
    }
    formatted
}

#[tokio::test]
async fn error_exposes_all_details_of_the_response() {
    let body =
        r#"{"detail":{"code":"rate_limited","message":"Slow down","details":{"limit":300}}}"#;
    let response = Response::new(429, "application/json", body).header("retry-after", "86400");
    let error = create_error(response).await;
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
async fn regression_16_errors_have_structured_details() {
    let body = r#"{"detail":{"code":"no_pages","message":"No pages left"}}"#;
    let error =
        create_error(Response::new(402, "application/json", body).header("x-plan", "free")).await;
    assert_eq!(
        (error.code(), error.message(), error.request_id()),
        (Some("no_pages"), Some("No pages left"), Some("req_000001"))
    );
    assert_eq!(error.headers().unwrap()["x-plan"], "free");

    let fake = FakeRetab::start().await;
    let run = client_for(&fake).workflow("wf_1").run();
    let run = run.document("block-1", Document::path("/no/such/file.pdf"));
    let error = run.send().await.unwrap_err();
    let source = error.source().unwrap().downcast_ref::<std::io::Error>();
    assert_eq!(source.unwrap().kind(), std::io::ErrorKind::NotFound);
    assert_eq!(error.attempts(), 0);
}

#[tokio::test]
async fn regression_19_reports_empty_success_response_as_empty() {
    for response in [
        Response::empty(200),
        Response::new(200, "application/json", ""),
        Response::empty(204),
    ] {
        let error = get_error(response).await;
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
        let message = error.to_string();
        assert!(
            message.starts_with("get_workflow_run: the service returned 20")
                && message.contains("found an empty body")
                && message.ends_with("(request id req_000001)"),
            "{message}"
        );
    }
}

/// Code, message, details, and the field errors as location, message, code and severity.
type Details<'a> = (
    Option<&'a str>,
    Option<&'a str>,
    Option<Value>,
    Vec<(Option<&'a str>, &'a str, Option<&'a str>, Option<&'a str>)>,
);

#[track_caller]
fn assert_details(error: &Error, expected: &Details<'_>) {
    let field_errors = error.field_errors().iter();
    let field_errors = field_errors.map(|field_error| {
        (
            field_error.location.as_deref(),
            field_error.message.as_str(),
            field_error.code.as_deref(),
            field_error.severity.as_deref(),
        )
    });
    let details = (
        error.code(),
        error.message(),
        error.details().cloned(),
        field_errors.collect(),
    );
    assert_eq!(&details, expected);
}

#[tokio::test]
async fn parses_string_detail() {
    let error = error_for_body(r#"{"detail":"Not now"}"#).await;
    assert_details(&error, &(None, Some("Not now"), None, vec![]));
}

#[tokio::test]
async fn parses_detail_with_code_message_and_details() {
    let error =
        error_for_body(r#"{"detail":{"code":"c","message":"m","details":{"a":[1]}}}"#).await;
    assert_details(
        &error,
        &(Some("c"), Some("m"), Some(json!({"a": [1]})), vec![]),
    );
}

#[tokio::test]
async fn shows_the_innermost_text_of_an_envelope() {
    let error = error_for_body(
        r#"{"detail":{"code":"HTTP_EXCEPTION","message":"HTTP exception","details":{"error":{"message":"No start block"}}}}"#,
    )
    .await;
    assert_details(
        &error,
        &(
            Some("HTTP_EXCEPTION"),
            Some("No start block"),
            Some(json!({"error": {"message": "No start block"}})),
            vec![],
        ),
    );
    let text = error.to_string();
    assert!(
        text.contains("No start block") && !text.contains("HTTP exception"),
        "{text}"
    );
    let error = error_for_body(r#"{"error":"Too many pages"}"#).await;
    assert_details(&error, &(None, Some("Too many pages"), None, vec![]));
}

#[tokio::test]
async fn parses_detail_with_error_list() {
    let error = error_for_body(
        r#"{"detail":{"code":"bad_plan","message":"Bad plan","details":null,"errors":[
            {"yaml_path":"blocks[0].id","code":"dup","message":"used twice","severity":"error","details":{"other":"blocks[1]"}},
            {"yaml_path":"","code":"unused","message":"never read","severity":"warning","details":null}]}}"#,
    )
    .await;
    assert_details(
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
async fn parses_list_detail() {
    let error = error_for_body(
        r#"{"detail":[{"loc":["body","documents",0,"url"],"msg":"Field required","type":"missing"},{"loc":[],"msg":"Too short","type":"t"}]}"#,
    )
    .await;
    assert_details(
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
async fn parses_status_code_message_and_data() {
    let error =
        error_for_body(r#"{"status_code":409,"message":"Already running","data":{"x":1}}"#).await;
    assert_details(
        &error,
        &(None, Some("Already running"), Some(json!({"x": 1})), vec![]),
    );
}

#[tokio::test]
async fn parses_top_level_code_message_and_details() {
    let error = error_for_body(r#"{"code":"c","message":"m","details":[1]}"#).await;
    assert_details(&error, &(Some("c"), Some("m"), Some(json!([1])), vec![]));
}

#[tokio::test]
async fn parses_html_title() {
    let html = "<html><head><title>502 Bad\n Gateway</title></head><body>SECRET</body></html>";
    let error = create_error(Response::new(502, "text/html", html)).await;
    assert_eq!(error.status().unwrap(), 502);
    assert_details(&error, &(None, Some("502 Bad Gateway"), None, vec![]));
    assert_eq!(error.body(), Some(html.as_bytes()));
    assert!(!formatted(&error).contains("SECRET"));
}

#[tokio::test]
async fn accepts_empty_error_body() {
    let error = create_error(Response::empty(500)).await;
    assert_eq!(error.status().unwrap(), 500);
    assert_details(&error, &(None, None, None, vec![]));
    assert_eq!(error.body(), Some(&b""[..]));
    assert_eq!(error.request_id(), Some("req_000001"));
}

#[tokio::test]
async fn parses_retry_after_seconds_and_dates() {
    let after = |retry_after, date| {
        let response = Response::empty(422).header("retry-after", retry_after);
        async move {
            create_error(response.header("date", date))
                .await
                .retry_after()
        }
    };
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    assert_eq!(after("7", date).await, Some(Duration::from_secs(7)));
    let later = "Sun, 06 Nov 1994 08:51:07 GMT";
    assert_eq!(after(later, date).await, Some(Duration::from_secs(90)));
    assert_eq!(after(date, later).await, Some(Duration::ZERO));
    assert_eq!(after("soon", date).await, None);
    assert_eq!(create_error(Response::empty(422)).await.retry_after(), None);
}

#[tokio::test]
async fn decode_error_names_json_path_and_operation() {
    let body = r#"{"id":"run_1","workflow_id":"wf_1","workflow_version_id":"ver_1","trigger":{"type":"api"},"lifecycle":{"status":"error","message":{"SECRET":1}},"timing":{}}"#;
    let error = get_error(Response::new(200, "application/json", body)).await;
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    let message = error.to_string();
    assert!(message.starts_with("get_workflow_run: "), "{message}");
    assert!(message.contains(" lifecycle.message "), "{message}");
    assert_eq!(error.api().unwrap().json_path(), Some("lifecycle.message"));
    assert!(
        !formatted(&error).contains("SECRET"),
        "{}",
        formatted(&error)
    );
}

#[tokio::test]
async fn display_is_one_line_with_request_id_and_attempts() {
    let fake = FakeRetab::start().await;
    let body = r#"{"detail":{"code":"no_pages","message":"No\npages"}}"#;
    fake.queue_response(Response::new(422, "application/json", body));
    let request = client_for(&fake).api().get_workflow_run().run_id("run_1");
    let error = request.send().await.unwrap_err().with_attempts(3);
    assert_eq!(
        Error::from(error).to_string(),
        "get_workflow_run: the service returned 422 Unprocessable Entity, code no_pages: No\\npages (request id req_000001), after 3 attempts"
    );
}

#[tokio::test]
async fn redacts_request_document_and_key() {
    let json = |body| Response::new(422, "application/json", body);
    for response in [
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
        let error = create_error(response).await;
        let text = formatted(&error);
        assert!(text.starts_with("create_workflow_run: "), "{text}");
        assert!(!text.contains("SECRET"), "{text}");
        assert!(!text.contains("127.0.0.1"), "{text}");
        // Part of the document.
        assert!(!text.contains("retab-tests"), "{text}");
    }
}

#[tokio::test]
async fn predicates_classify_every_status() {
    for (status, expected) in [
        (400, ""),
        (401, "auth"),
        (403, "auth"),
        (404, "not found"),
        (408, "retryable"),
        (409, ""),
        (413, ""),
        (422, ""),
        (425, "retryable"),
        (429, "rate limited, retryable"),
        (500, "retryable"),
        (501, ""),
        (503, "retryable"),
        (504, "retryable"),
        (505, ""),
        (507, ""),
        (511, ""),
        (520, "retryable"),
    ] {
        // Longer than the client waits, so that it does not retry.
        let error = create_error(Response::empty(status).header("retry-after", "864000")).await;
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
        assert_eq!(found.join(", "), expected, "{status}");
    }
}

/// Returns the contents of every file in a folder and its subfolders.
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

/// Returns the public signatures in a source file that mention one of `names`.
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

/// Returns whether a signature mentions a type, or a path that starts with a module.
fn mentions(signature: &str, name: &str) -> bool {
    let in_a_word = |c: char| c.is_alphanumeric() || c == '_';
    let is_type = name.starts_with(char::is_uppercase);
    signature.match_indices(name).any(|(at, _)| {
        let before = signature[..at].ends_with(in_a_word);
        let rest = &signature[at + name.len()..];
        !before && (rest.starts_with("::") || is_type && !rest.starts_with(in_a_word))
    })
}

/// Returns the crate names of the HTTP library and the generator, and the names that a file imports from them.
fn foreign_names(source: &str) -> Vec<String> {
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
fn public_api_exposes_no_foreign_types_except_one() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../retab-ext/src");
    let mut found = Vec::new();
    for source in sources(&folder) {
        found.extend(public_signatures(&source, &foreign_names(&source)));
    }
    // `configure_http` exposes the builder of the HTTP client.
    assert!(found.len() <= 1, "{found:#?}");
    assert!(
        found
            .iter()
            .all(|signature| signature.contains("ClientBuilder"))
    );

    // The search itself works.
    let sample =
        "use reqwest::{redirect, retry};\npub fn policy(&self)\n    -> redirect::Policy {\n";
    assert_eq!(
        public_signatures(sample, &foreign_names(sample)),
        ["pub fn policy(&self) -> redirect::Policy "]
    );
}
