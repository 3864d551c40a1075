//! `multipart/form-data` bodies: encoding, file sources and retries.

use std::io;

use bytes::Bytes;
use futures_util::stream;
use retab_api::runtime::{
    BoxFuture, Executor, Location, Method, Operation, Parameter, Request, RequestBody,
    RequestBuilder, Response, Success,
};
use retab_api::{Client, Error, ErrorKind, FilePart};
use serde_json::{Value, json};

use crate::repeating_client::repeating_client;
use crate::scripted_server::{ReceivedRequest, Script, ScriptedServer};
use crate::temp_file::TempFile;

static UPLOAD: Operation = Operation::new("create_table", Method::POST, "/v1/tables")
    .with_request_body(RequestBody::new("multipart/form-data", true).with_parts(&[
        Parameter::new("name", Location::Part, true),
        Parameter::new("file", Location::Part, true),
        Parameter::new("note", Location::Part, false),
    ]))
    .with_success(Success::Json);

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

fn two_responses() -> [Script; 2] {
    [Script::Response(OK.into()), Script::Response(OK.into())]
}

fn upload(client: &Client, file: FilePart) -> RequestBuilder {
    let mut request = RequestBuilder::new(client, &UPLOAD);
    request.part::<String, _>("name", "prices");
    request.file("file", file);
    request
}

async fn sent(file: FilePart) -> ReceivedRequest {
    let server = ScriptedServer::with_response(OK).await;
    upload(&server.client(), file)
        .send_json::<Value>()
        .await
        .unwrap();
    server.only_request().await
}

async fn rejection(file: FilePart) -> Error {
    let server = ScriptedServer::with_response(OK).await;
    let error = upload(&server.client(), file)
        .send_json::<Value>()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(server.has_no_connections());
    error
}

fn boundary(received: &ReceivedRequest) -> &str {
    let content_type = received.header("content-type").unwrap();
    content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap()
}

#[tokio::test]
async fn encodes_parts_per_rfc_7578() {
    let server = ScriptedServer::with_response(OK).await;
    let mut request = upload(&server.client(), FilePart::bytes("prices.csv", "a;b\n"));
    request.part::<Value, _>("note", json!({"z": 1, "a": [true]}));
    request.send_json::<Value>().await.unwrap();
    let received = server.only_request().await;
    let boundary = boundary(&received);
    let body = format!(
        "--{boundary}\r\n\
         Content-Disposition: form-data; name=\"name\"\r\n\r\n\
         prices\r\n\
         --{boundary}\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"prices.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n\
         a;b\n\r\n\
         --{boundary}\r\n\
         Content-Disposition: form-data; name=\"note\"\r\n\
         Content-Type: application/json\r\n\r\n\
         {{\"z\":1,\"a\":[true]}}\r\n\
         --{boundary}--\r\n"
    );
    assert_eq!(received.text(), body);
    let length = body.len().to_string();
    assert_eq!(received.header("content-length"), Some(length.as_str()));
    assert_eq!(received.header("transfer-encoding"), None);
}

#[tokio::test]
async fn boundaries_are_unique() {
    let first = sent(FilePart::bytes("x", "1")).await;
    let second = sent(FilePart::bytes("x", "1")).await;
    assert_ne!(boundary(&first), boundary(&second));
    assert!(boundary(&first).len() >= 32 && boundary(&first).len() <= 70);
}

#[tokio::test]
async fn setting_a_part_again_replaces_it() {
    let server = ScriptedServer::with_response(OK).await;
    let mut request = upload(&server.client(), FilePart::bytes("old.csv", "old"));
    request.part::<Vec<String>, _>("note", vec!["one".to_owned(), "two".to_owned()]);
    request.part::<String, _>("name", "new");
    request.file("file", FilePart::bytes("new.csv", "new"));
    request.send_json::<Value>().await.unwrap();
    let received = server.only_request().await;
    let text = received.text();
    assert_eq!(text.matches("name=\"name\"").count(), 1, "{text}");
    assert_eq!(text.matches("name=\"note\"").count(), 2, "{text}");
    assert!(!text.contains("old") && !text.contains("prices"), "{text}");
    assert!(text.find("\"name\"") < text.find("\"file\""), "{text}");
}

#[tokio::test]
async fn sends_files_with_name_type_and_length() {
    let content = vec![7; 200_000];
    let file = TempFile::new("grüße.pdf", &content);
    let received = sent(FilePart::path(&file.0)).await;
    let head = b"name=\"file\"; filename=\"gr\xc3\xbc\xc3\x9fe.pdf\"\r\nContent-Type: application/pdf\r\n\r\n";
    let start = received
        .body
        .windows(head.len())
        .position(|window| window == head)
        .unwrap()
        + head.len();
    assert_eq!(received.body[start..start + content.len()], content);
    assert!(received.body[start + content.len()..].starts_with(b"\r\n--"));
    let length = received.body.len().to_string();
    assert_eq!(received.header("content-length"), Some(length.as_str()));
}

#[tokio::test]
async fn escapes_file_names() {
    let received = sent(FilePart::bytes("a\"b\r\nc: d\\e.csv", "x")).await;
    assert!(
        received
            .text()
            .contains("filename=\"a%22b%0D%0Ac: d\\e.csv\"\r\n")
    );
}

#[tokio::test]
async fn overrides_file_name_and_content_type() {
    let part = FilePart::bytes("x.bin", "x")
        .file_name("y.csv")
        .content_type("text/plain");
    let received = sent(part).await;
    assert!(
        received
            .text()
            .contains("filename=\"y.csv\"\r\nContent-Type: text/plain\r\n")
    );
}

#[tokio::test]
async fn defaults_to_octet_stream_for_unknown_extensions() {
    let received = sent(FilePart::bytes("x.zzzz", "x")).await;
    assert!(
        received
            .text()
            .contains("Content-Type: application/octet-stream\r\n")
    );
}

#[tokio::test]
async fn rejects_invalid_content_types() {
    let error = rejection(FilePart::bytes("x", "x").content_type("text/csv\r\nX-Evil: 1")).await;
    assert!(
        error.to_string().contains("content type of part file"),
        "{error}"
    );
}

#[tokio::test]
async fn rejects_files_without_name() {
    let error = rejection(FilePart::bytes("", "x")).await;
    assert!(
        error.to_string().contains("part file has no file name"),
        "{error}"
    );
}

#[tokio::test]
async fn rejects_unreadable_paths_before_sending() {
    let missing = std::env::temp_dir().join("retab-api-missing.csv");
    let error = rejection(FilePart::path(&missing)).await;
    let displayed = error.to_string();
    assert!(
        displayed.starts_with("create_table: part file: cannot read "),
        "{displayed}"
    );
    assert!(displayed.contains("retab-api-missing.csv"), "{displayed}");
    assert!(std::error::Error::source(&error).is_some());

    let error = rejection(FilePart::path(std::env::temp_dir())).await;
    assert!(error.to_string().contains("is a directory"), "{error}");
}

#[tokio::test]
async fn reports_missing_parts_before_sending() {
    for named in ["name", "file"] {
        let server = ScriptedServer::with_response(OK).await;
        let mut request = RequestBuilder::new(&server.client(), &UPLOAD);
        match named {
            "name" => request.file("file", FilePart::bytes("x", "x")),
            _ => request.part::<String, _>("name", "x"),
        }
        let error = request.send_json::<Value>().await.unwrap_err();
        let expected = format!("create_table: part {named} is required but not set");
        assert_eq!(error.to_string(), expected);
        assert!(server.has_no_connections());
    }
    let server = ScriptedServer::with_response(OK).await;
    let error = RequestBuilder::new(&server.client(), &UPLOAD)
        .send_json::<Value>()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "create_table: part name is required but not set"
    );
}

#[tokio::test]
async fn reads_files_again_for_each_attempt() {
    let file = TempFile::new("repeated.csv", b"a;b");
    let server = ScriptedServer::new(two_responses()).await;
    let request = upload(&repeating_client(&server, || ()), FilePart::path(&file.0));
    request.send_json::<Value>().await.unwrap();
    let received = server.requests().await;
    assert_eq!(received[0].body, received[1].body);
    assert_eq!(
        received[0].header("content-type"),
        received[1].header("content-type")
    );
    assert!(received[1].text().contains("a;b"));
}

#[tokio::test]
async fn rejects_files_changed_between_attempts() {
    let file = TempFile::new("grown.csv", b"a;b");
    let path = file.0.clone();
    let server = ScriptedServer::new(two_responses()).await;
    let client = repeating_client(&server, move || std::fs::write(&path, b"a;b;c").unwrap());
    let error = upload(&client, FilePart::path(&file.0))
        .send_json::<Value>()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(
        error
            .to_string()
            .contains("the file changed after the request started"),
        "{error}"
    );
}

#[tokio::test]
async fn sends_content_length_for_streams_of_known_size() {
    let chunks = [
        Ok(Bytes::from("a;")),
        Ok(Bytes::new()),
        Ok(Bytes::from("b")),
    ];
    let received = sent(FilePart::stream("x.csv", stream::iter(chunks), Some(3))).await;
    let length = received.body.len().to_string();
    assert_eq!(received.header("content-length"), Some(length.as_str()));
    assert!(received.text().contains("\r\n\r\na;b\r\n--"));
}

#[tokio::test]
async fn sends_streams_of_unknown_size_chunked() {
    let chunks = [Ok(Bytes::from("a;")), Ok(Bytes::from("b"))];
    let received = sent(FilePart::stream("x.csv", stream::iter(chunks), None)).await;
    assert_eq!(received.header("transfer-encoding"), Some("chunked"));
    assert_eq!(received.header("content-length"), None);
    assert!(received.text().contains("\r\n\r\na;b\r\n--"));
}

#[tokio::test]
async fn fails_on_streams_with_wrong_size() {
    for (size, what) in [
        (2, "is longer than its declared size"),
        (4, "is shorter than its declared size"),
    ] {
        let server = ScriptedServer::with_response(OK).await;
        let chunks = stream::iter([Ok(Bytes::from("a;b"))]);
        let request = upload(
            &server.client(),
            FilePart::stream("x.csv", chunks, Some(size)),
        );
        let error = request.send_json::<Value>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(what), "{error}");
        assert!(
            server.requests().await.is_empty(),
            "no complete request arrives"
        );
    }
}

#[tokio::test]
async fn reports_stream_errors() {
    let server = ScriptedServer::with_response(OK).await;
    let chunks = stream::iter([Ok(Bytes::from("a")), Err(io::Error::other("tape torn"))]);
    let request = upload(&server.client(), FilePart::stream("x.csv", chunks, Some(9)));
    let error = request.send_json::<Value>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(
        error
            .to_string()
            .contains("cannot read the content of part file to the end: tape torn"),
        "{error}"
    );
}

#[tokio::test]
async fn rejects_second_attempt_with_stream() {
    let server = ScriptedServer::new(two_responses()).await;
    let chunks = stream::iter([Ok(Bytes::from("a"))]);
    let request = upload(
        &repeating_client(&server, || ()),
        FilePart::stream("x.csv", chunks, None),
    );
    let error = request.send_json::<Value>().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("is a stream that an earlier attempt consumed"),
        "{error}"
    );
}

#[tokio::test]
async fn reports_whether_requests_are_replayable() {
    struct ReportReplayable;
    impl Executor for ReportReplayable {
        fn execute(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
            let message = format!("replayable: {}", request.is_replayable());
            let error = Error::from_executor(request.operation(), message);
            Box::pin(async move { Err(error) })
        }
    }
    let file = TempFile::new("replayable.csv", b"x");
    for (part, replayable) in [
        (FilePart::bytes("x", "x"), "true"),
        (FilePart::path(&file.0), "true"),
        (FilePart::stream("x", stream::empty(), Some(0)), "false"),
    ] {
        let client = Client::with_executor("http://127.0.0.1:1", ReportReplayable).unwrap();
        let error = upload(&client, part)
            .send_json::<Value>()
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("create_table: replayable: {replayable}")
        );
    }
}

#[test]
fn file_parts_redact_name_and_content() {
    let displayed = format!("{:?}", FilePart::bytes("SECRET.csv", "SECRET"));
    assert!(!displayed.contains("SECRET"), "{displayed}");
    assert!(displayed.contains("text/csv"), "{displayed}");
}
