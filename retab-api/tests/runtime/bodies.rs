//! Bodies other than JSON, and query styles other than repeated names.

use crate::scripted_server::{ReceivedRequest, ScriptedServer};
use retab_api::runtime::{Method, Operation, RequestBody, RequestBuilder, Success};
use retab_api::{ErrorKind, FilePart};
use serde_json::{Value, json};

static SEARCH: Operation =
    Operation::new("search", Method::GET, "/v1/search").with_success(Success::Json);

static PUT: Operation = Operation::new("put_thing", Method::PUT, "/v1/thing")
    .with_request_body(RequestBody::new("text/html", true))
    .with_success(Success::Json);

/// Sends a request prepared by `set` and returns the received request.
async fn sent(
    operation: &'static Operation,
    set: impl FnOnce(&mut RequestBuilder),
) -> ReceivedRequest {
    let server = ScriptedServer::json("{}").await;
    let mut request = RequestBuilder::new(&server.client(), operation);
    set(&mut request);
    request.send_json::<Value>().await.unwrap();
    server.only_request().await
}

fn has_line(request: &ReceivedRequest, line: &str) -> bool {
    request
        .head
        .lines()
        .any(|other| other.eq_ignore_ascii_case(line))
}

#[tokio::test]
async fn sends_objects_as_form_pairs() {
    let value = json!({"name": "a b&c", "tags": ["x", "y"], "more": {"z": 1}, "none": null});
    let request = sent(&PUT, |request| request.form::<Value, _>(value)).await;
    assert!(has_line(
        &request,
        "content-type: application/x-www-form-urlencoded"
    ));
    assert_eq!(
        request.body,
        b"name=a+b%26c&tags=x&tags=y&more=%7B%22z%22%3A1%7D"
    );
}

#[tokio::test]
async fn sends_text_unchanged() {
    let request = sent(&PUT, |request| {
        request.text::<String, _>("text/html", "<p>\u{fc}");
    })
    .await;
    assert!(has_line(&request, "content-type: text/html"));
    assert_eq!(request.body, "<p>\u{fc}".as_bytes());
}

#[tokio::test]
async fn sends_file_as_whole_body_with_length() {
    let file = || FilePart::bytes("a.png", "\u{0}bytes");
    for (declared, sent_as) in [
        ("application/octet-stream", "application/octet-stream"),
        ("image/*", "image/png"),
    ] {
        let request = sent(&PUT, |request| request.file_body(declared, file())).await;
        assert!(has_line(&request, &format!("content-type: {sent_as}")));
        assert!(has_line(&request, "content-length: 6"));
        assert_eq!(request.body, b"\0bytes");
    }
}

#[tokio::test]
async fn rejects_invalid_bodies() {
    let missing = FilePart::path("no such file");
    let rejected: [&dyn Fn(&mut RequestBuilder); 4] = [
        &|request| request.form::<Value, _>(json!([1])),
        &|request| request.text::<String, _>("text/\u{0}", "a"),
        &|request| request.file_body("a\n", FilePart::bytes("a", "a")),
        &|request| request.file_body("image/png", missing.clone()),
    ];
    for set in rejected {
        let server = ScriptedServer::json("{}").await;
        let mut request = RequestBuilder::new(&server.client(), &PUT);
        set(&mut request);
        let error = request.send_json::<Value>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(server.has_no_connections());
    }
}

#[tokio::test]
async fn encodes_queries_in_declared_style() {
    let request = sent(&SEARCH, |request| {
        request.query_joined::<Value, _>("ids", "|", json!(["a", "b"]));
        request.query_joined::<Value, _>("none", ",", json!([]));
        request.query_deep::<Value, _>("filter", json!({"at": {"gt": 1}, "tag": ["x", "y"]}));
        request.query_json::<Value, _>("where", json!({"a": [1]}));
    });
    assert_eq!(
        request.await.line(),
        "GET /v1/search?ids=a%7Cb&filter%5Bat%5D%5Bgt%5D=1&filter%5Btag%5D=x&filter%5Btag%5D=y\
         &where=%7B%22a%22%3A%5B1%5D%7D"
    );
}
