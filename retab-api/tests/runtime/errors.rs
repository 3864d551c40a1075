//! What an error says, and what it must not say.

use std::error::Error as _;

use retab_api::runtime::{Location, Method, Operation, Parameter, RequestBuilder, Success};
use retab_api::{Client, Error, ErrorKind};
use serde_json::{Value, json};

use crate::scripted_server::{self, ScriptedServer};

static CREATE: Operation = Operation::new("create_thing", Method::POST, "/v1/things/{id}")
    .with_parameters(&[Parameter::new("id", Location::Path, true)])
    .with_success(Success::Json);

static GET: Operation = Operation::new("get_thing", Method::GET, "/v1/things")
    .with_idempotent(true)
    .with_success(Success::Json);

async fn answered(answer: &str) -> Error {
    let wire = ScriptedServer::with_handler(answer).await;
    call(&wire.client()).send_json::<Value>().await.unwrap_err()
}

/// A call that has a secret wherever a call can have one.
fn call(client: &Client) -> RequestBuilder {
    let mut call = RequestBuilder::new(client, &CREATE);
    call.path::<String, _>("id", "SECRET-path");
    call.query::<String, _>("signature", "SECRET-query");
    call.header::<String, _>("X-Key", "SECRET-header");
    call.json::<Value, _>(json!({"document": "SECRET-body"}));
    call
}

/// Everything that an error shows on its own, with its causes.
fn shown(error: &Error) -> String {
    let mut shown = format!("{error}\n{error:?}");
    let mut source = error.source();
    while let Some(cause) = source {
        shown = format!("{shown}\n{cause}\n{cause:?}");
        source = cause.source();
    }
    shown
}

#[tokio::test]
async fn an_answer_of_the_service_is_one_line() {
    let error = answered(
        "HTTP/1.1 422 Unprocessable Entity\r\nx-request-id: req_7\r\ncontent-length: 70\r\n\r\n{\"detail\":{\"code\":\"no_pages\",\"message\":\"No\\npages\",\"details\":{\"a\":1}}}",
    )
    .await;
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(error.operation().unwrap().id, "create_thing");
    assert_eq!(error.code(), Some("no_pages"));
    assert_eq!(error.message(), Some("No\npages"));
    assert_eq!(error.request_id(), Some("req_7"));
    assert_eq!(error.attempts(), 1);
    assert_eq!(
        error.to_string(),
        "create_thing: the service answered 422 Unprocessable Entity, code no_pages: No\\npages (request id req_7)"
    );
    assert_eq!(format!("{error:?}"), format!("Status: {error}"));
}

#[tokio::test]
async fn what_the_service_rejects_is_not_repeated() {
    let body =
        r#"{"detail":[{"loc":["body","id"],"msg":"Too long","type":"t","input":"SECRET-input"}]}"#;
    let length = body.len();
    let error = answered(&format!(
        "HTTP/1.1 422 X\r\ncontent-length: {length}\r\n\r\n{body}"
    ))
    .await;
    assert_eq!(error.message(), Some("body.id: Too long"));
    assert!(!shown(&error).contains("SECRET"), "{}", shown(&error));
    assert!(error.body().unwrap().ends_with(b"}]}"));
}

#[tokio::test]
async fn a_long_message_is_cut_off() {
    let body = format!("{{\"detail\":\"{}\"}}", "x".repeat(100_000));
    let length = body.len();
    let error = answered(&format!(
        "HTTP/1.1 400 X\r\ncontent-length: {length}\r\n\r\n{body}"
    ))
    .await;
    assert_eq!(error.message().unwrap().len(), 100_000);
    assert!(error.to_string().len() < 500);
}

#[tokio::test]
async fn neither_body_nor_headers_of_an_answer_are_shown() {
    let error = answered(
        "HTTP/1.1 500 X\r\nset-cookie: SECRET-cookie\r\ncontent-type: text/plain\r\ncontent-length: 11\r\n\r\nSECRET-body",
    )
    .await;
    assert!(!shown(&error).contains("SECRET"), "{}", shown(&error));
}

#[tokio::test]
async fn nothing_of_a_request_is_shown_whatever_goes_wrong() {
    let answers = [
        "",
        "HTTP",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{",
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n",
        "HTTP/1.1 302 Found\r\nlocation: /SECRET-location\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 503 X\r\ncontent-length: 0\r\n\r\n",
    ];
    for answer in answers {
        let error = answered(answer).await;
        let shown = shown(&error);
        assert!(
            !shown.contains("SECRET") && !shown.contains("127.0.0.1"),
            "{shown}"
        );
        assert!(shown.starts_with("create_thing: "), "{shown}");
    }
}

#[tokio::test]
async fn a_connection_that_is_refused_says_that_nothing_was_sent() {
    // A port that was free a moment ago, and has no listener now.
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::new(&url, scripted_server::http()).unwrap();
    let error = call(&client).send_json::<Value>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.is_timeout());
    assert!(!shown(&error).contains("SECRET"), "{}", shown(&error));
    assert!(error.source().is_some());
    let told = error.to_string();
    assert!(
        told.starts_with("create_thing: no connection to the service (Connection refused"),
        "{told}"
    );
    assert!(
        told.ends_with("); nothing was sent, so it can be tried again"),
        "{told}"
    );
}

#[tokio::test]
async fn a_connection_that_fails_says_whether_trying_again_is_safe() {
    let wire = ScriptedServer::with_handler("").await;
    let error = call(&wire.client()).send_json::<Value>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(
        error.to_string(),
        "create_thing: the connection failed before an answer (connection closed before message completed); it may have taken effect, so look before trying again"
    );
    let wire = ScriptedServer::with_handler("").await;
    let error = RequestBuilder::new(&wire.client(), &GET)
        .send_json::<Value>()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "get_thing: the connection failed before an answer (connection closed before message completed); it can be tried again"
    );
}

#[tokio::test]
async fn an_error_tells_whether_the_call_may_have_taken_effect() {
    for (answer, unknown) in [
        ("HTTP/1.1 500 X\r\ncontent-length: 0\r\n\r\n", true),
        ("HTTP/1.1 503 X\r\ncontent-length: 0\r\n\r\n", true),
        (
            "HTTP/1.1 503 X\r\nretry-after: 2\r\ncontent-length: 0\r\n\r\n",
            false,
        ),
        ("HTTP/1.1 429 X\r\ncontent-length: 0\r\n\r\n", false),
        ("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n[", true),
        ("", true),
    ] {
        let error = answered(answer).await;
        assert_eq!(error.outcome_unknown(), unknown, "{error}");
        let wire = ScriptedServer::with_handler(answer).await;
        let error = RequestBuilder::new(&wire.client(), &GET)
            .send_json::<Value>()
            .await;
        assert!(!error.unwrap_err().outcome_unknown(), "{answer}");
    }
}

#[tokio::test]
async fn an_outcome_that_is_unknown_names_the_operation_that_shows_it() {
    let wire = ScriptedServer::with_handler("").await;
    let request = json!({"workflow_id": "wf_1"});
    let mut call = RequestBuilder::new(&wire.client(), &retab_api::operations::CREATE_WORKFLOW_RUN);
    call.json::<Value, _>(request);
    let told = call.send_json::<Value>().await.unwrap_err().to_string();
    assert!(
        told.ends_with(
            "; it may have taken effect: look with list_workflow_runs before trying again"
        ),
        "{told}"
    );
}

#[tokio::test]
async fn an_idempotency_key_that_the_document_declares_makes_a_call_repeatable() {
    for (key, unknown) in [(None, true), (Some("k1".to_owned()), false)] {
        let wire = ScriptedServer::with_handler("").await;
        let mut call = RequestBuilder::new(
            &wire.client(),
            &retab_api::operations::GENERATE_SCHEMA_FROM_EXAMPLES,
        );
        if let Some(key) = key {
            call.header::<String, _>("Idempotency-Key", key);
        }
        call.json::<Value, _>(json!({}));
        let error = call.send_json::<Value>().await.unwrap_err();
        assert_eq!(error.outcome_unknown(), unknown, "{error}");
    }
}
