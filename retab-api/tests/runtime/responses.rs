//! Handling of responses: status, content type, body, limits and decoding.

use crate::scripted_server::{self, Script, ScriptedServer};
use futures_util::StreamExt as _;
use retab_api::runtime::{Method, Operation, RequestBuilder, Success};
use retab_api::{ByteStream, Error, ErrorKind, RequestOptions, ResponseValue};
use serde::Deserialize;
use serde_json::{Value, json};

static JSON: Operation = Operation::new("get_thing", Method::GET, "/v1/thing")
    .with_idempotent(true)
    .with_success(Success::Json);

static EMPTY: Operation = Operation::new("delete_thing", Method::DELETE, "/v1/thing");

static BYTES: Operation =
    Operation::new("download", Method::GET, "/v1/csv").with_success(Success::Bytes {
        media_types: &["text/csv"],
    });

async fn json(response: impl AsRef<[u8]>) -> Result<ResponseValue<Value>, Error> {
    let server = ScriptedServer::with_response(response).await;
    RequestBuilder::new(&server.client(), &JSON)
        .send_json()
        .await
}

async fn bytes(response: impl AsRef<[u8]>) -> Result<ResponseValue<ByteStream>, Error> {
    let server = ScriptedServer::with_response(response).await;
    RequestBuilder::new(&server.client(), &BYTES)
        .send_bytes()
        .await
}

async fn json_within(limit: u64, response: &str) -> Result<ResponseValue<Value>, Error> {
    let server = ScriptedServer::with_response(response).await;
    let options = RequestOptions::new().response_limit(limit);
    RequestBuilder::new(&server.client().with(options), &JSON)
        .send_json()
        .await
}

#[tokio::test]
async fn accepts_any_2xx_status() {
    for status in ["200 OK", "201 Created", "202 Accepted", "299 Custom"] {
        let response = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\nx-request-id: req_1\r\ncontent-length: 7\r\n\r\n{{\"a\":1}}"
        );
        let value = json(response).await.unwrap();
        assert!(status.starts_with(value.status().as_str()));
        assert_eq!(value.request_id(), Some("req_1"));
        assert_eq!(value.headers()["content-length"], "7");
        assert_eq!(value["a"], 1);
        assert_eq!(value.into_inner(), json!({"a": 1}));
    }
}

#[tokio::test]
async fn maps_values() {
    let value = json("HTTP/1.1 201 Created\r\ncontent-length: 1\r\n\r\n7")
        .await
        .unwrap();
    let mapped = value.map(|value| value.as_u64());
    assert_eq!((mapped.status().as_u16(), *mapped), (201, Some(7)));
}

#[tokio::test]
async fn returns_other_statuses_as_errors_with_headers_and_raw_body() {
    for (status, content_type, body) in [
        ("400 Bad Request", "application/json", r#"{"detail":"no"}"#),
        ("404 Not Found", "text/html", "<html>no</html>"),
        ("302 Found", "application/octet-stream", "\u{1}"),
        ("304 Not Modified", "text/plain", ""),
        ("500 Internal Server Error", "application/stream+json", "{"),
        ("502 Bad Gateway", "", "broken"),
    ] {
        let length = body.len();
        let response = format!(
            "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        for error in [
            json(&response).await.unwrap_err(),
            bytes(&response).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Status);
            assert!(status.starts_with(error.status().unwrap().as_str()));
            assert_eq!(error.headers().unwrap()["content-type"], content_type);
            assert_eq!(error.body().unwrap(), body);
        }
    }
}

#[tokio::test]
async fn ignores_bodies_of_untyped_operations() {
    for response in [
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>",
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{",
        "HTTP/1.1 204 No Content\r\n\r\n",
    ] {
        let server = ScriptedServer::with_response(response).await;
        let value = RequestBuilder::new(&server.client(), &EMPTY)
            .send_empty()
            .await
            .unwrap();
        assert!(value.status().is_success());
    }
}

#[tokio::test]
async fn decodes_untyped_operations_into_custom_types() {
    let server = ScriptedServer::json("[1,2]").await;
    let value = RequestBuilder::new(&server.client(), &EMPTY)
        .send_json::<Vec<u8>>()
        .await;
    assert_eq!(value.unwrap().into_inner(), [1, 2]);
}

#[tokio::test]
async fn rejects_empty_bodies_of_typed_operations() {
    for response in [
        "HTTP/1.1 204 No Content\r\nx-request-id: req_9\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req_9\r\ncontent-length: 0\r\n\r\n",
    ] {
        let error = json(response).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::EmptyBody);
        assert_eq!(error.request_id(), Some("req_9"));
        assert!(error.status().unwrap().is_success());
    }
    let error = json("HTTP/1.1 204 No Content\r\nx-request-id: req_9\r\n\r\n").await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "get_thing: the service returned 204 No Content: expected a JSON body, found an empty body (request id req_9)"
    );
}

#[tokio::test]
async fn rejects_content_types_other_than_json() {
    for content_type in [
        "application/stream+json",
        "text/html; charset=utf-8",
        "text/csv",
    ] {
        let response = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: 2\r\n\r\n{{}}"
        );
        let error = json(response).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedContentType);
        let displayed = error.to_string();
        let (found, _) = content_type.split_once(';').unwrap_or((content_type, ""));
        assert!(
            displayed.contains(found) && displayed.contains("application/json"),
            "{displayed}"
        );
    }
}

#[tokio::test]
async fn accepts_json_and_missing_content_types() {
    for header in [
        "content-type: application/json; charset=utf-8\r\n",
        "content-type: application/problem+json\r\n",
        "",
    ] {
        let response = format!("HTTP/1.1 200 OK\r\n{header}content-length: 2\r\n\r\n{{}}");
        assert_eq!(json(response).await.unwrap().into_inner(), json!({}));
    }
}

#[tokio::test]
async fn rejects_endless_streams_by_content_type() {
    let response = "HTTP/1.1 200 OK\r\ncontent-type: application/stream+json\r\n\r\n{\"a\":1}\n";
    let server = ScriptedServer::new([Script::Hold(response.into())]).await;
    let request = RequestBuilder::new(&server.client(), &JSON);
    let error = scripted_server::promptly(request.send_json::<Value>())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedContentType);
    server.only_request().await;
}

#[tokio::test]
async fn streams_bytes_of_any_content_type() {
    for content_type in ["text/csv", "application/json", "text/html"] {
        let response = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ntransfer-encoding: chunked\r\n\r\n3\r\na;b\r\n2\r\n\n1\r\n0\r\n\r\n"
        );
        let value = bytes(response).await.unwrap();
        assert_eq!(value.headers()["content-type"], content_type);
        assert_eq!(value.into_inner().read_to_end(5).await.unwrap(), "a;b\n1");
    }
}

#[tokio::test]
async fn read_to_end_stops_at_the_limit() {
    let value = bytes("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n12345")
        .await
        .unwrap();
    let error = value.into_inner().read_to_end(4).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(error.operation().unwrap().id, "download");
}

#[tokio::test]
async fn returns_received_chunks_before_transport_error() {
    let value = bytes("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n12345")
        .await
        .unwrap();
    let chunks: Vec<_> = value.into_inner().collect::<Vec<_>>().await;
    let (last, before) = chunks.split_last().unwrap();
    assert_eq!(
        before
            .iter()
            .map(|chunk| chunk.as_ref().unwrap().len())
            .sum::<usize>(),
        5
    );
    let error = last.as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.operation().unwrap().id, "download");
}

#[tokio::test]
async fn truncated_json_is_a_transport_error() {
    for response in [
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{\"a\":",
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n3\r\n[1,\r\n",
    ] {
        let error = json(response).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport);
        assert!(
            error
                .to_string()
                .contains("connection lost while transferring a body"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn rejects_json_over_the_limit() {
    let declared = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n[1, 2]";
    let chunked =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\n[1,\r\n3\r\n 2]\r\n0\r\n\r\n";
    for response in [declared, chunked] {
        let error = json_within(5, response).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge);
        assert!(error.to_string().contains("limit of 5 bytes"), "{error}");
        assert_eq!(
            json_within(6, response).await.unwrap().into_inner(),
            json!([1, 2])
        );
    }
}

#[tokio::test]
async fn rejects_excessive_content_length_immediately() {
    let announced = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n";
    let server = ScriptedServer::new([Script::Hold(announced.into())]).await;
    let options = RequestOptions::new().response_limit(5);
    let request = RequestBuilder::new(&server.client().with(options), &JSON);
    let error = scripted_server::promptly(request.send_json::<Value>())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn truncates_error_bodies_at_the_limit() {
    let response = "HTTP/1.1 500 Oops\r\ncontent-length: 10\r\n\r\n0123456789";
    let error = json_within(4, response).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(error.body().unwrap(), "0123");
}

#[tokio::test]
async fn preserves_partial_error_bodies() {
    let error = json(
        "HTTP/1.1 503 Service Unavailable\r\nretry-after: 7\r\ncontent-length: 99\r\n\r\npartial",
    )
    .await
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(error.status().unwrap(), 503);
    assert_eq!(error.headers().unwrap()["retry-after"], "7");
    assert_eq!(error.body().unwrap(), "partial");
}

#[tokio::test]
async fn decode_errors_name_operation_and_path() {
    #[derive(Debug, Deserialize)]
    struct Page {
        #[serde(rename = "data")]
        _data: Vec<u8>,
    }
    let server = ScriptedServer::json(r#"{"data":[1,"SECRET"]}"#).await;
    let error = RequestBuilder::new(&server.client(), &JSON)
        .send_json::<Page>()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.operation().unwrap().id, "get_thing");
    assert_eq!(error.json_path(), Some("data[1]"));
    assert_eq!(error.status().unwrap(), 200);
    assert_eq!(
        error.to_string(),
        "get_thing: the service returned 200 OK: cannot decode JSON at data[1] (line 1, column 19): expected u8, found a string"
    );
    assert!(!format!("{error:?}").contains("SECRET"));
    assert!(std::error::Error::source(&error).is_none());
}

#[tokio::test]
async fn rejects_trailing_bytes() {
    let error = json("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{} {}")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(
        error.to_string().ends_with("trailing characters"),
        "{error}"
    );
}
