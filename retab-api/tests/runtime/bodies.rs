//! Bodies that are not one JSON value, and queries in other forms than repeated names.

use crate::scripted_server::{ReceivedRequest, ScriptedServer};
use retab_api::runtime::{Method, Operation, RequestBody, RequestBuilder, Success};
use retab_api::{ErrorKind, FilePart};
use serde_json::{Value, json};

static SEARCH: Operation =
    Operation::new("search", Method::GET, "/v1/search").with_success(Success::Json);

static PUT: Operation = Operation::new("put_thing", Method::PUT, "/v1/thing")
    .with_request_body(RequestBody::new("text/html", true))
    .with_success(Success::Json);

/// Sends a call that `set` has prepared, and gives the request.
async fn sent(
    operation: &'static Operation,
    set: impl FnOnce(&mut RequestBuilder),
) -> ReceivedRequest {
    let wire = ScriptedServer::json("{}").await;
    let mut call = RequestBuilder::new(&wire.client(), operation);
    set(&mut call);
    call.send_json::<Value>().await.unwrap();
    wire.received_once().await
}

fn has_line(request: &ReceivedRequest, line: &str) -> bool {
    request
        .head
        .lines()
        .any(|other| other.eq_ignore_ascii_case(line))
}

#[tokio::test]
async fn a_form_is_the_pairs_of_an_object() {
    let value = json!({"name": "a b&c", "tags": ["x", "y"], "more": {"z": 1}, "none": null});
    let request = sent(&PUT, |call| call.form::<Value, _>(value)).await;
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
async fn a_text_is_sent_as_it_is() {
    let request = sent(&PUT, |call| {
        call.text::<String, _>("text/html", "<p>\u{fc}");
    })
    .await;
    assert!(has_line(&request, "content-type: text/html"));
    assert_eq!(request.body, "<p>\u{fc}".as_bytes());
}

#[tokio::test]
async fn a_file_is_the_whole_body_with_its_length() {
    let file = || FilePart::bytes("a.png", "\u{0}bytes");
    for (declared, sent_as) in [
        ("application/octet-stream", "application/octet-stream"),
        ("image/*", "image/png"),
    ] {
        let request = sent(&PUT, |call| call.file_body(declared, file())).await;
        assert!(has_line(&request, &format!("content-type: {sent_as}")));
        assert!(has_line(&request, "content-length: 6"));
        assert_eq!(request.body, b"\0bytes");
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_sent_is_refused() {
    let missing = FilePart::path("no such file");
    let refused: [&dyn Fn(&mut RequestBuilder); 4] = [
        &|call| call.form::<Value, _>(json!([1])),
        &|call| call.text::<String, _>("text/\u{0}", "a"),
        &|call| call.file_body("a\n", FilePart::bytes("a", "a")),
        &|call| call.file_body("image/png", missing.clone()),
    ];
    for set in refused {
        let wire = ScriptedServer::json("{}").await;
        let mut call = RequestBuilder::new(&wire.client(), &PUT);
        set(&mut call);
        let error = call.send_json::<Value>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(wire.is_untouched());
    }
}

#[tokio::test]
async fn a_query_has_the_form_that_its_operation_asks_for() {
    let request = sent(&SEARCH, |call| {
        call.query_joined::<Value, _>("ids", "|", json!(["a", "b"]));
        call.query_joined::<Value, _>("none", ",", json!([]));
        call.query_deep::<Value, _>("filter", json!({"at": {"gt": 1}, "tag": ["x", "y"]}));
        call.query_json::<Value, _>("where", json!({"a": [1]}));
    });
    assert_eq!(
        request.await.line(),
        "GET /v1/search?ids=a%7Cb&filter%5Bat%5D%5Bgt%5D=1&filter%5Btag%5D=x&filter%5Btag%5D=y\
         &where=%7B%22a%22%3A%5B1%5D%7D"
    );
}
