//! Encoding of paths, queries, headers and JSON bodies, and rejection of invalid requests.

use crate::scripted_server::ScriptedServer;
use retab_api::runtime::{
    Location, Method, Operation, Parameter, RequestBody, RequestBuilder, Success,
};
use retab_api::{Error, ErrorKind};
use serde_json::{Value, json};

static LIST: Operation = Operation::new("list_things", Method::GET, "/v1/things")
    .with_idempotent(true)
    .with_success(Success::Json);

static GET: Operation = Operation::new("get_thing", Method::GET, "/v1/things/{id}")
    .with_idempotent(true)
    .with_parameters(&[
        Parameter::new("id", Location::Path, true),
        Parameter::new("view", Location::Query, true),
        Parameter::new("X-Scope", Location::Header, true),
    ])
    .with_success(Success::Json);

static CREATE: Operation = Operation::new("create_thing", Method::POST, "/v1/things")
    .with_request_body(RequestBody::new("application/json", true))
    .with_success(Success::Json);

static CANCEL: Operation = Operation::new("cancel_thing", Method::POST, "/v1/things/{id}/cancel")
    .with_parameters(&[Parameter::new("id", Location::Path, true)])
    .with_request_body(RequestBody::new("application/json", false));

/// Sends a request prepared by `set` and returns the request line.
async fn line(operation: &'static Operation, set: impl FnOnce(&mut RequestBuilder)) -> String {
    let server = ScriptedServer::json("{}").await;
    let mut request = RequestBuilder::new(&server.client(), operation);
    set(&mut request);
    request.send_json::<Value>().await.unwrap();
    server.only_request().await.line().to_owned()
}

/// Returns the error of a request prepared by `set`, which must not be sent.
async fn rejection(operation: &'static Operation, set: impl FnOnce(&mut RequestBuilder)) -> Error {
    let server = ScriptedServer::json("{}").await;
    let mut request = RequestBuilder::new(&server.client(), operation);
    set(&mut request);
    let error = request.send_json::<Value>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(server.has_no_connections());
    error
}

/// A value that converts only if it is even.
struct Even(i64);

impl TryFrom<Even> for i64 {
    // Setters do not require the error to implement Display.
    type Error = ();

    fn try_from(even: Even) -> Result<Self, ()> {
        if even.0 % 2 == 0 { Ok(even.0) } else { Err(()) }
    }
}

fn complete(request: &mut RequestBuilder) {
    request.path::<String, _>("id", "t_1");
    request.query::<String, _>("view", "full");
    request.header::<String, _>("X-Scope", "all");
}

#[tokio::test]
async fn escapes_path_segments_once_and_minimally() {
    for (id, segment) in [
        ("extr_01", "extr_01"),
        ("a:b@c~", "a:b@c~"),
        ("a/b?c#d e", "a%2Fb%3Fc%23d%20e"),
        ("%2e%2e", "%252e%252e"),
        ("..\\x", "..%5Cx"),
        ("a\tb\n", "a%09b%0A"),
        ("ü", "%C3%BC"),
    ] {
        let line = line(&GET, |request| {
            complete(request);
            request.path::<String, _>("id", id);
        });
        assert_eq!(line.await, format!("GET /v1/things/{segment}?view=full"));
    }
}

#[tokio::test]
async fn rejects_empty_and_dot_path_segments() {
    for id in ["", ".", ".."] {
        let error = rejection(&GET, |request| {
            complete(request);
            request.path::<String, _>("id", id);
        });
        let displayed = error.await.to_string();
        assert!(
            displayed.starts_with("get_thing: ") && displayed.contains("id"),
            "{displayed}"
        );
    }
}

#[tokio::test]
async fn repeats_query_name_for_lists_in_order() {
    let line = line(&LIST, |request| {
        request.query::<Vec<String>, _>("status", vec!["b".to_owned(), "a".to_owned()]);
        request.query::<i64, _>("limit", 10);
        request.query::<Vec<String>, _>("none", Vec::<String>::new());
        request.query::<Option<bool>, _>("null", None::<bool>);
        request.query::<String, _>("text", "a&b=c d+ü%");
        request.query::<bool, _>("flag", true);
    });
    assert_eq!(
        line.await,
        "GET /v1/things?status=b&status=a&limit=10&text=a%26b%3Dc+d%2B%C3%BC%25&flag=true"
    );
}

#[tokio::test]
async fn sends_query_objects_with_their_field_names() {
    let range = json!({"from": "2026-01-01", "to": null});
    let line = line(&LIST, |request| request.query::<Value, _>("range", range));
    assert_eq!(line.await, "GET /v1/things?from=2026-01-01");
}

#[tokio::test]
async fn rejects_nested_query_values() {
    let error = rejection(&LIST, |request| {
        request.query::<Value, _>("deep", json!({"SECRET": {}}));
    });
    let displayed = error.await.to_string();
    assert_eq!(
        displayed,
        "list_things: query parameter deep: cannot convert the value to text"
    );
}

#[tokio::test]
async fn setting_again_replaces_and_none_removes() {
    let line = line(&LIST, |request| {
        request.query::<i64, _>("limit", 1);
        request.query::<String, _>("after", "x");
        request.query::<i64, _>("limit", 2);
        request.query::<Option<String>, _>("after", None::<String>);
    });
    assert_eq!(line.await, "GET /v1/things?limit=2");
}

#[tokio::test]
async fn reports_first_failed_conversion_without_the_value() {
    let error = rejection(&LIST, |request| {
        request.query::<i64, _>("first", Even(77));
        request.query::<i64, _>("second", Even(99));
    });
    let displayed = error.await.to_string();
    assert_eq!(
        displayed,
        "list_things: query parameter first: cannot convert the value to the expected type"
    );
}

#[tokio::test]
async fn sends_header_parameters() {
    let server = ScriptedServer::json("{}").await;
    let mut request = RequestBuilder::new(&server.client(), &LIST);
    request.header::<String, _>("Idempotency-Key", "key-1");
    request.send_json::<Value>().await.unwrap();
    let received = server.only_request().await;
    assert_eq!(received.header("idempotency-key"), Some("key-1"));
    assert_eq!(received.line(), "GET /v1/things");
}

#[tokio::test]
async fn rejects_invalid_header_values() {
    let error = rejection(&LIST, |request| {
        request.header::<String, _>("Idempotency-Key", "SEC\r\nRET");
    });
    let displayed = error.await.to_string();
    assert!(displayed.contains("header Idempotency-Key"), "{displayed}");
    assert!(!displayed.contains("SEC"), "{displayed}");
}

#[tokio::test]
async fn sends_json_body_with_type_and_length() {
    let server = ScriptedServer::json("{}").await;
    let mut request = RequestBuilder::new(&server.client(), &CREATE);
    request.json::<Value, _>(json!({"z": 9_007_199_254_740_993_i64, "a": null}));
    request.send_json::<Value>().await.unwrap();
    let received = server.only_request().await;
    assert_eq!(received.line(), "POST /v1/things");
    assert_eq!(received.header("content-type"), Some("application/json"));
    assert_eq!(received.header("content-length"), Some("31"));
    assert_eq!(received.text(), r#"{"z":9007199254740993,"a":null}"#);
}

#[tokio::test]
async fn omits_optional_body() {
    let server = ScriptedServer::with_response("HTTP/1.1 204 No Content\r\n\r\n").await;
    let mut request = RequestBuilder::new(&server.client(), &CANCEL);
    request.path::<String, _>("id", "t_1");
    request.send_empty().await.unwrap();
    let received = server.only_request().await;
    assert_eq!(received.line(), "POST /v1/things/t_1/cancel");
    assert_eq!(received.header("content-type"), None);
    assert_eq!(received.header("content-length"), Some("0"));
    assert!(received.body.is_empty());
}

#[tokio::test]
async fn reports_missing_required_parameters() {
    for (omitted, named) in [
        ("id", "path parameter id"),
        ("view", "query parameter view"),
        ("X-Scope", "header X-Scope"),
    ] {
        let error = rejection(&GET, |request| {
            complete(request);
            match omitted {
                "id" => request.path::<Option<String>, _>("id", None::<String>),
                "view" => request.query::<Option<String>, _>("view", None::<String>),
                _ => request.header::<Option<String>, _>("X-Scope", None::<String>),
            }
        });
        let displayed = error.await.to_string();
        assert_eq!(
            displayed,
            format!("get_thing: {named} is required but not set")
        );
    }
    let error = rejection(&CREATE, |_| {}).await;
    assert_eq!(
        error.to_string(),
        "create_thing: request body is required but not set"
    );
}

#[tokio::test]
async fn sends_accept_header_of_response_format() {
    static CSV: Operation =
        Operation::new("export", Method::GET, "/export").with_success(Success::Bytes {
            media_types: &["text/csv", "text/plain"],
        });
    let server = ScriptedServer::json("{}").await;
    RequestBuilder::new(&server.client(), &LIST)
        .send_json::<Value>()
        .await
        .unwrap();
    let received = server.only_request().await;
    assert_eq!(received.header("accept"), Some("application/json"));

    let server = ScriptedServer::json("{}").await;
    RequestBuilder::new(&server.client(), &CSV)
        .send_bytes()
        .await
        .unwrap();
    let received = server.only_request().await;
    assert_eq!(received.header("accept"), Some("text/csv, text/plain"));
}

#[tokio::test]
async fn sends_no_version_header() {
    let server = ScriptedServer::json("{}").await;
    RequestBuilder::new(&server.client(), &LIST)
        .send_json::<Value>()
        .await
        .unwrap();
    assert_eq!(server.only_request().await.header("api-version"), None);
}

#[tokio::test]
async fn request_builders_redact_values() {
    let server = ScriptedServer::json("{}").await;
    let mut request = RequestBuilder::new(&server.client(), &GET);
    request.path::<String, _>("id", "SECRET");
    request.query::<String, _>("view", "SECRET");
    request.header::<String, _>("X-Scope", "SECRET");
    request.json::<Value, _>(json!("SECRET"));
    let displayed = format!("{request:?}");
    for name in ["get_thing", "id", "view", "X-Scope"] {
        assert!(displayed.contains(name), "{displayed}");
    }
    assert!(!displayed.contains("SECRET"), "{displayed}");
}

#[tokio::test]
async fn requests_can_be_sent_from_any_task() {
    let server = ScriptedServer::json("7").await;
    let request = RequestBuilder::new(&server.client(), &LIST);
    let sent = tokio::spawn(request.send_json::<u8>());
    assert_eq!(*sent.await.unwrap().unwrap(), 7);
}

#[tokio::test]
async fn sends_the_method_of_the_operation() {
    static DELETE: Operation = Operation::new("delete", Method::DELETE, "/v1/x");
    let server = ScriptedServer::with_response("HTTP/1.1 204 No Content\r\n\r\n").await;
    RequestBuilder::new(&server.client(), &DELETE)
        .send_empty()
        .await
        .unwrap();
    assert_eq!(server.only_request().await.line(), "DELETE /v1/x");
}
