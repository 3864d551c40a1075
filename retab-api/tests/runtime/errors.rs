//! Content of errors, and redaction in their output.

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

async fn error_for(response: &str) -> Error {
    let server = ScriptedServer::with_response(response).await;
    request(&server.client())
        .send_json::<Value>()
        .await
        .unwrap_err()
}

/// A request with a secret in every part.
fn request(client: &Client) -> RequestBuilder {
    let mut request = RequestBuilder::new(client, &CREATE);
    request.path::<String, _>("id", "SECRET-path");
    request.query::<String, _>("signature", "SECRET-query");
    request.header::<String, _>("X-Key", "SECRET-header");
    request.json::<Value, _>(json!({"document": "SECRET-body"}));
    request
}

/// Returns the output of an error and its sources.
fn displayed(error: &Error) -> String {
    let mut displayed = format!("{error}\n{error:?}");
    let mut source = error.source();
    while let Some(cause) = source {
        displayed = format!("{displayed}\n{cause}\n{cause:?}");
        source = cause.source();
    }
    displayed
}

#[tokio::test]
async fn displays_service_errors_on_one_line() {
    let error = error_for(
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
        "create_thing: the service returned 422 Unprocessable Entity, code no_pages: No\\npages (request id req_7)"
    );
    assert_eq!(format!("{error:?}"), format!("Status: {error}"));
}

#[tokio::test]
async fn omits_rejected_input_from_messages() {
    let body =
        r#"{"detail":[{"loc":["body","id"],"msg":"Too long","type":"t","input":"SECRET-input"}]}"#;
    let length = body.len();
    let error = error_for(&format!(
        "HTTP/1.1 422 X\r\ncontent-length: {length}\r\n\r\n{body}"
    ))
    .await;
    assert_eq!(error.message(), Some("body.id: Too long"));
    assert!(
        !displayed(&error).contains("SECRET"),
        "{}",
        displayed(&error)
    );
    assert!(error.body().unwrap().ends_with(b"}]}"));
}

#[tokio::test]
async fn truncates_long_messages() {
    let body = format!("{{\"detail\":\"{}\"}}", "x".repeat(100_000));
    let length = body.len();
    let error = error_for(&format!(
        "HTTP/1.1 400 X\r\ncontent-length: {length}\r\n\r\n{body}"
    ))
    .await;
    assert_eq!(error.message().unwrap().len(), 100_000);
    assert!(error.to_string().len() < 500);
}

#[tokio::test]
async fn redacts_response_body_and_headers() {
    let error = error_for(
        "HTTP/1.1 500 X\r\nset-cookie: SECRET-cookie\r\ncontent-type: text/plain\r\ncontent-length: 11\r\n\r\nSECRET-body",
    )
    .await;
    assert!(
        !displayed(&error).contains("SECRET"),
        "{}",
        displayed(&error)
    );
}

#[tokio::test]
async fn redacts_requests_in_all_errors() {
    let responses = [
        "",
        "HTTP",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{",
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n",
        "HTTP/1.1 302 Found\r\nlocation: /SECRET-location\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 503 X\r\ncontent-length: 0\r\n\r\n",
    ];
    for response in responses {
        let error = error_for(response).await;
        let displayed = displayed(&error);
        assert!(
            !displayed.contains("SECRET") && !displayed.contains("127.0.0.1"),
            "{displayed}"
        );
        assert!(displayed.starts_with("create_thing: "), "{displayed}");
    }
}

#[tokio::test]
async fn refused_connection_reports_that_nothing_was_sent() {
    // Binding and closing a listener yields a port without a listener.
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::new(&url, scripted_server::http()).unwrap();
    let error = request(&client).send_json::<Value>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.is_timeout());
    assert!(
        !displayed(&error).contains("SECRET"),
        "{}",
        displayed(&error)
    );
    assert!(error.source().is_some());
    let message = error.to_string();
    assert!(
        message.starts_with("create_thing: cannot connect to the service (Connection refused"),
        "{message}"
    );
    assert!(
        message.ends_with("); nothing was sent, so retrying is safe"),
        "{message}"
    );
}

#[tokio::test]
async fn transport_error_reports_whether_retrying_is_safe() {
    let server = ScriptedServer::with_response("").await;
    let error = request(&server.client())
        .send_json::<Value>()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(
        error.to_string(),
        "create_thing: connection lost before the response (connection closed before message completed); it may have taken effect: check before retrying"
    );
    let server = ScriptedServer::with_response("").await;
    let error = RequestBuilder::new(&server.client(), &GET)
        .send_json::<Value>()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "get_thing: connection lost before the response (connection closed before message completed); retrying is safe"
    );
}

#[tokio::test]
async fn reports_unknown_outcomes() {
    for (response, unknown) in [
        ("HTTP/1.1 500 X\r\ncontent-length: 0\r\n\r\n", true),
        ("HTTP/1.1 503 X\r\ncontent-length: 0\r\n\r\n", true),
        (
            "HTTP/1.1 503 X\r\nretry-after: 2\r\ncontent-length: 0\r\n\r\n",
            false,
        ),
        ("HTTP/1.1 429 X\r\ncontent-length: 0\r\n\r\n", false),
        ("HTTP/1.1 425 X\r\ncontent-length: 0\r\n\r\n", false),
        ("HTTP/1.1 505 X\r\ncontent-length: 0\r\n\r\n", false),
        ("HTTP/1.1 600 X\r\ncontent-length: 0\r\n\r\n", true),
        ("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n[", true),
        ("", true),
    ] {
        let error = error_for(response).await;
        assert_eq!(error.outcome_unknown(), unknown, "{error}");
        let server = ScriptedServer::with_response(response).await;
        let error = RequestBuilder::new(&server.client(), &GET)
            .send_json::<Value>()
            .await;
        assert!(!error.unwrap_err().outcome_unknown(), "{response}");
    }
}

#[tokio::test]
async fn unknown_outcome_names_the_reading_operation() {
    let server = ScriptedServer::with_response("").await;
    let mut request = RequestBuilder::new(
        &server.client(),
        &retab_api::operations::CREATE_WORKFLOW_RUN,
    );
    request.json::<Value, _>(json!({"workflow_id": "wf_1"}));
    let message = request.send_json::<Value>().await.unwrap_err().to_string();
    assert!(
        message
            .ends_with("; it may have taken effect: check with list_workflow_runs before retrying"),
        "{message}"
    );
}

#[tokio::test]
async fn declared_idempotency_key_makes_outcome_known() {
    for (key, unknown) in [(None, true), (Some("k1".to_owned()), false)] {
        let server = ScriptedServer::with_response("").await;
        let mut request = RequestBuilder::new(
            &server.client(),
            &retab_api::operations::GENERATE_SCHEMA_FROM_EXAMPLES,
        );
        if let Some(key) = key {
            request.header::<String, _>("Idempotency-Key", key);
        }
        request.json::<Value, _>(json!({}));
        let error = request.send_json::<Value>().await.unwrap_err();
        assert_eq!(error.outcome_unknown(), unknown, "{error}");
    }
}
