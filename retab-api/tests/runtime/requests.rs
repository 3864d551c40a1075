//! What a call sends: path, query, headers and JSON body, and what it refuses to send.

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

/// Sends a call that `set` has prepared, and gives the request line.
async fn line(operation: &'static Operation, set: impl FnOnce(&mut RequestBuilder)) -> String {
    let wire = ScriptedServer::json("{}").await;
    let mut call = RequestBuilder::new(&wire.client(), operation);
    set(&mut call);
    call.send_json::<Value>().await.unwrap();
    wire.received_once().await.line().to_owned()
}

/// The error of a call that must not be sent.
async fn refused(operation: &'static Operation, set: impl FnOnce(&mut RequestBuilder)) -> Error {
    let wire = ScriptedServer::json("{}").await;
    let mut call = RequestBuilder::new(&wire.client(), operation);
    set(&mut call);
    let error = call.send_json::<Value>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(wire.is_untouched());
    error
}

/// A value that converts only when it is even.
struct Even(i64);

impl TryFrom<Even> for i64 {
    // No Display: a setter asks nothing of the error.
    type Error = ();

    fn try_from(even: Even) -> Result<Self, ()> {
        if even.0 % 2 == 0 { Ok(even.0) } else { Err(()) }
    }
}

fn complete(call: &mut RequestBuilder) {
    call.path::<String, _>("id", "t_1");
    call.query::<String, _>("view", "full");
    call.header::<String, _>("X-Scope", "all");
}

#[tokio::test]
async fn a_path_segment_is_escaped_once_and_minimally() {
    for (id, segment) in [
        ("extr_01", "extr_01"),
        ("a:b@c~", "a:b@c~"),
        ("a/b?c#d e", "a%2Fb%3Fc%23d%20e"),
        ("%2e%2e", "%252e%252e"),
        ("..\\x", "..%5Cx"),
        ("a\tb\n", "a%09b%0A"),
        ("ü", "%C3%BC"),
    ] {
        let line = line(&GET, |call| {
            complete(call);
            call.path::<String, _>("id", id);
        });
        assert_eq!(line.await, format!("GET /v1/things/{segment}?view=full"));
    }
}

#[tokio::test]
async fn a_path_segment_that_is_another_path_is_refused() {
    for id in ["", ".", ".."] {
        let error = refused(&GET, |call| {
            complete(call);
            call.path::<String, _>("id", id);
        });
        let shown = error.await.to_string();
        assert!(
            shown.starts_with("get_thing: ") && shown.contains("id"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn a_query_list_repeats_its_name_in_the_given_order() {
    let line = line(&LIST, |call| {
        call.query::<Vec<String>, _>("status", vec!["b".to_owned(), "a".to_owned()]);
        call.query::<i64, _>("limit", 10);
        call.query::<Vec<String>, _>("none", Vec::<String>::new());
        call.query::<Option<bool>, _>("null", None::<bool>);
        call.query::<String, _>("text", "a&b=c d+ü%");
        call.query::<bool, _>("flag", true);
    });
    assert_eq!(
        line.await,
        "GET /v1/things?status=b&status=a&limit=10&text=a%26b%3Dc+d%2B%C3%BC%25&flag=true"
    );
}

#[tokio::test]
async fn a_query_object_gives_its_own_names() {
    let range = json!({"from": "2026-01-01", "to": null});
    let line = line(&LIST, |call| call.query::<Value, _>("range", range));
    assert_eq!(line.await, "GET /v1/things?from=2026-01-01");
}

#[tokio::test]
async fn a_nested_query_value_is_refused_by_name() {
    let error = refused(&LIST, |call| {
        call.query::<Value, _>("deep", json!({"SECRET": {}}));
    });
    let shown = error.await.to_string();
    assert_eq!(
        shown,
        "list_things: query parameter deep: its value has no text form"
    );
}

#[tokio::test]
async fn setting_again_replaces_and_none_takes_back() {
    let line = line(&LIST, |call| {
        call.query::<i64, _>("limit", 1);
        call.query::<String, _>("after", "x");
        call.query::<i64, _>("limit", 2);
        call.query::<Option<String>, _>("after", None::<String>);
    });
    assert_eq!(line.await, "GET /v1/things?limit=2");
}

#[tokio::test]
async fn the_first_value_that_does_not_convert_is_named_and_not_shown() {
    let error = refused(&LIST, |call| {
        call.query::<i64, _>("first", Even(77));
        call.query::<i64, _>("second", Even(99));
    });
    let shown = error.await.to_string();
    assert_eq!(
        shown,
        "list_things: query parameter first: its value cannot be converted to its type"
    );
}

#[tokio::test]
async fn a_header_parameter_is_a_header() {
    let wire = ScriptedServer::json("{}").await;
    let mut call = RequestBuilder::new(&wire.client(), &LIST);
    call.header::<String, _>("Idempotency-Key", "key-1");
    call.send_json::<Value>().await.unwrap();
    let received = wire.received_once().await;
    assert_eq!(received.header("idempotency-key"), Some("key-1"));
    assert_eq!(received.line(), "GET /v1/things");
}

#[tokio::test]
async fn a_header_value_that_is_none_is_refused_by_name() {
    let error = refused(&LIST, |call| {
        call.header::<String, _>("Idempotency-Key", "SEC\r\nRET");
    });
    let shown = error.await.to_string();
    assert!(shown.contains("header Idempotency-Key"), "{shown}");
    assert!(!shown.contains("SEC"), "{shown}");
}

#[tokio::test]
async fn a_json_body_is_sent_with_type_and_length() {
    let wire = ScriptedServer::json("{}").await;
    let mut call = RequestBuilder::new(&wire.client(), &CREATE);
    call.json::<Value, _>(json!({"z": 9_007_199_254_740_993_i64, "a": null}));
    call.send_json::<Value>().await.unwrap();
    let received = wire.received_once().await;
    assert_eq!(received.line(), "POST /v1/things");
    assert_eq!(received.header("content-type"), Some("application/json"));
    assert_eq!(received.header("content-length"), Some("31"));
    assert_eq!(received.text(), r#"{"z":9007199254740993,"a":null}"#);
}

#[tokio::test]
async fn an_optional_body_can_be_left_out() {
    let wire = ScriptedServer::with_handler("HTTP/1.1 204 No Content\r\n\r\n").await;
    let mut call = RequestBuilder::new(&wire.client(), &CANCEL);
    call.path::<String, _>("id", "t_1");
    call.send_empty().await.unwrap();
    let received = wire.received_once().await;
    assert_eq!(received.line(), "POST /v1/things/t_1/cancel");
    assert_eq!(received.header("content-type"), None);
    assert_eq!(received.header("content-length"), Some("0"));
    assert!(received.body.is_empty());
}

#[tokio::test]
async fn what_is_required_and_was_not_set_is_named() {
    for (left_out, named) in [
        ("id", "path parameter id"),
        ("view", "query parameter view"),
        ("X-Scope", "header X-Scope"),
    ] {
        let error = refused(&GET, |call| {
            complete(call);
            match left_out {
                "id" => call.path::<Option<String>, _>("id", None::<String>),
                "view" => call.query::<Option<String>, _>("view", None::<String>),
                _ => call.header::<Option<String>, _>("X-Scope", None::<String>),
            }
        });
        let shown = error.await.to_string();
        assert_eq!(
            shown,
            format!("get_thing: {named} is required and was not set")
        );
    }
    let error = refused(&CREATE, |_| {}).await;
    assert_eq!(
        error.to_string(),
        "create_thing: request body is required and was not set"
    );
}

#[tokio::test]
async fn the_answer_that_is_wanted_decides_the_accept_header() {
    static CSV: Operation =
        Operation::new("export", Method::GET, "/export").with_success(Success::Bytes {
            media_types: &["text/csv", "text/plain"],
        });
    let wire = ScriptedServer::json("{}").await;
    RequestBuilder::new(&wire.client(), &LIST)
        .send_json::<Value>()
        .await
        .unwrap();
    let received = wire.received_once().await;
    assert_eq!(received.header("accept"), Some("application/json"));

    let wire = ScriptedServer::json("{}").await;
    RequestBuilder::new(&wire.client(), &CSV)
        .send_bytes()
        .await
        .unwrap();
    let received = wire.received_once().await;
    assert_eq!(received.header("accept"), Some("text/csv, text/plain"));
}

#[tokio::test]
async fn no_version_header_is_sent() {
    let wire = ScriptedServer::json("{}").await;
    RequestBuilder::new(&wire.client(), &LIST)
        .send_json::<Value>()
        .await
        .unwrap();
    assert_eq!(wire.received_once().await.header("api-version"), None);
}

#[tokio::test]
async fn a_call_shows_names_and_no_values() {
    let wire = ScriptedServer::json("{}").await;
    let mut call = RequestBuilder::new(&wire.client(), &GET);
    call.path::<String, _>("id", "SECRET");
    call.query::<String, _>("view", "SECRET");
    call.header::<String, _>("X-Scope", "SECRET");
    call.json::<Value, _>(json!("SECRET"));
    let shown = format!("{call:?}");
    for name in ["get_thing", "id", "view", "X-Scope"] {
        assert!(shown.contains(name), "{shown}");
    }
    assert!(!shown.contains("SECRET"), "{shown}");
}

#[tokio::test]
async fn a_call_can_be_sent_from_any_task() {
    let wire = ScriptedServer::json("7").await;
    let call = RequestBuilder::new(&wire.client(), &LIST);
    let sent = tokio::spawn(call.send_json::<u8>());
    assert_eq!(*sent.await.unwrap().unwrap(), 7);
}

#[tokio::test]
async fn the_method_is_the_operation_s() {
    static DELETE: Operation = Operation::new("delete", Method::DELETE, "/v1/x");
    let wire = ScriptedServer::with_handler("HTTP/1.1 204 No Content\r\n\r\n").await;
    RequestBuilder::new(&wire.client(), &DELETE)
        .send_empty()
        .await
        .unwrap();
    assert_eq!(wire.received_once().await.line(), "DELETE /v1/x");
}
