//! `multipart/form-data` on the wire: how parts are written, where files come from, and what
//! happens when they are sent again.

use std::io;

use bytes::Bytes;
use futures_util::stream;
use retab_api::runtime::{
    BoxFuture, Executor, Location, Method, Operation, Parameter, Request, RequestBody,
    RequestBuilder, Response, Success,
};
use retab_api::{Client, Error, ErrorKind, FilePart};
use serde_json::{Value, json};

use crate::again::again;
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

fn twice() -> [Script; 2] {
    [Script::Response(OK.into()), Script::Response(OK.into())]
}

fn upload(client: &Client, file: FilePart) -> RequestBuilder {
    let mut call = RequestBuilder::new(client, &UPLOAD);
    call.part::<String, _>("name", "prices");
    call.file("file", file);
    call
}

async fn sent(file: FilePart) -> ReceivedRequest {
    let wire = ScriptedServer::with_handler(OK).await;
    upload(&wire.client(), file)
        .send_json::<Value>()
        .await
        .unwrap();
    wire.received_once().await
}

async fn refused(file: FilePart) -> Error {
    let wire = ScriptedServer::with_handler(OK).await;
    let error = upload(&wire.client(), file)
        .send_json::<Value>()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(wire.is_untouched());
    error
}

fn boundary(received: &ReceivedRequest) -> &str {
    let content_type = received.header("content-type").unwrap();
    content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap()
}

#[tokio::test]
async fn parts_are_written_as_the_standard_says() {
    let wire = ScriptedServer::with_handler(OK).await;
    let mut call = upload(&wire.client(), FilePart::bytes("prices.csv", "a;b\n"));
    call.part::<Value, _>("note", json!({"z": 1, "a": [true]}));
    call.send_json::<Value>().await.unwrap();
    let received = wire.received_once().await;
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
async fn boundaries_are_not_repeated() {
    let first = sent(FilePart::bytes("x", "1")).await;
    let second = sent(FilePart::bytes("x", "1")).await;
    assert_ne!(boundary(&first), boundary(&second));
    assert!(boundary(&first).len() >= 32 && boundary(&first).len() <= 70);
}

#[tokio::test]
async fn setting_a_part_again_replaces_it() {
    let wire = ScriptedServer::with_handler(OK).await;
    let mut call = upload(&wire.client(), FilePart::bytes("old.csv", "old"));
    call.part::<Vec<String>, _>("note", vec!["one".to_owned(), "two".to_owned()]);
    call.part::<String, _>("name", "new");
    call.file("file", FilePart::bytes("new.csv", "new"));
    call.send_json::<Value>().await.unwrap();
    let received = wire.received_once().await;
    let text = received.text();
    assert_eq!(text.matches("name=\"name\"").count(), 1, "{text}");
    assert_eq!(text.matches("name=\"note\"").count(), 2, "{text}");
    assert!(!text.contains("old") && !text.contains("prices"), "{text}");
    assert!(text.find("\"name\"") < text.find("\"file\""), "{text}");
}

#[tokio::test]
async fn a_file_is_sent_with_its_name_type_and_length() {
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
async fn a_file_name_cannot_leave_its_quotes() {
    let received = sent(FilePart::bytes("a\"b\r\nc: d\\e.csv", "x")).await;
    assert!(
        received
            .text()
            .contains("filename=\"a%22b%0D%0Ac: d\\e.csv\"\r\n")
    );
}

#[tokio::test]
async fn name_and_type_can_be_set() {
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
async fn an_unknown_extension_is_octet_stream() {
    let received = sent(FilePart::bytes("x.zzzz", "x")).await;
    assert!(
        received
            .text()
            .contains("Content-Type: application/octet-stream\r\n")
    );
}

#[tokio::test]
async fn a_type_that_is_no_header_value_is_refused() {
    let error = refused(FilePart::bytes("x", "x").content_type("text/csv\r\nX-Evil: 1")).await;
    assert!(
        error.to_string().contains("content type of part file"),
        "{error}"
    );
}

#[tokio::test]
async fn a_file_without_a_name_is_refused() {
    let error = refused(FilePart::bytes("", "x")).await;
    assert!(
        error.to_string().contains("part file has no file name"),
        "{error}"
    );
}

#[tokio::test]
async fn a_path_that_cannot_be_read_is_refused_before_anything_is_sent() {
    let missing = std::env::temp_dir().join("retab-api-missing.csv");
    let error = refused(FilePart::path(&missing)).await;
    let shown = error.to_string();
    assert!(
        shown.starts_with("create_table: part file: cannot read "),
        "{shown}"
    );
    assert!(shown.contains("retab-api-missing.csv"), "{shown}");
    assert!(std::error::Error::source(&error).is_some());

    let error = refused(FilePart::path(std::env::temp_dir())).await;
    assert!(error.to_string().contains("is a directory"), "{error}");
}

#[tokio::test]
async fn a_missing_part_is_named_before_anything_is_sent() {
    for named in ["name", "file"] {
        let wire = ScriptedServer::with_handler(OK).await;
        let mut call = RequestBuilder::new(&wire.client(), &UPLOAD);
        match named {
            "name" => call.file("file", FilePart::bytes("x", "x")),
            _ => call.part::<String, _>("name", "x"),
        }
        let error = call.send_json::<Value>().await.unwrap_err();
        let expected = format!("create_table: part {named} is required and was not set");
        assert_eq!(error.to_string(), expected);
        assert!(wire.is_untouched());
    }
    let wire = ScriptedServer::with_handler(OK).await;
    let error = RequestBuilder::new(&wire.client(), &UPLOAD)
        .send_json::<Value>()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "create_table: part name is required and was not set"
    );
}

#[tokio::test]
async fn a_file_is_read_again_for_each_attempt() {
    let file = TempFile::new("again.csv", b"a;b");
    let wire = ScriptedServer::new(twice()).await;
    let call = upload(&again(&wire, || ()), FilePart::path(&file.0));
    call.send_json::<Value>().await.unwrap();
    let received = wire.requests().await;
    assert_eq!(received[0].body, received[1].body);
    assert_eq!(
        received[0].header("content-type"),
        received[1].header("content-type")
    );
    assert!(received[1].text().contains("a;b"));
}

#[tokio::test]
async fn a_file_that_has_another_size_for_the_next_attempt_is_an_error() {
    let file = TempFile::new("grown.csv", b"a;b");
    let path = file.0.clone();
    let wire = ScriptedServer::new(twice()).await;
    let client = again(&wire, move || std::fs::write(&path, b"a;b;c").unwrap());
    let error = upload(&client, FilePart::path(&file.0))
        .send_json::<Value>()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(
        error
            .to_string()
            .contains("has changed since the call began"),
        "{error}"
    );
}

#[tokio::test]
async fn a_stream_of_known_size_has_a_length() {
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
async fn a_stream_of_unknown_size_is_chunked() {
    let chunks = [Ok(Bytes::from("a;")), Ok(Bytes::from("b"))];
    let received = sent(FilePart::stream("x.csv", stream::iter(chunks), None)).await;
    assert_eq!(received.header("transfer-encoding"), Some("chunked"));
    assert_eq!(received.header("content-length"), None);
    assert!(received.text().contains("\r\n\r\na;b\r\n--"));
}

#[tokio::test]
async fn a_stream_that_is_not_as_long_as_it_says_fails_the_call() {
    for (size, what) in [(2, "is longer than it was"), (4, "is shorter than it was")] {
        let wire = ScriptedServer::with_handler(OK).await;
        let chunks = stream::iter([Ok(Bytes::from("a;b"))]);
        let call = upload(
            &wire.client(),
            FilePart::stream("x.csv", chunks, Some(size)),
        );
        let error = call.send_json::<Value>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(what), "{error}");
        assert!(
            wire.requests().await.is_empty(),
            "no complete request arrives"
        );
    }
}

#[tokio::test]
async fn a_stream_that_fails_fails_the_call() {
    let wire = ScriptedServer::with_handler(OK).await;
    let chunks = stream::iter([Ok(Bytes::from("a")), Err(io::Error::other("tape torn"))]);
    let call = upload(&wire.client(), FilePart::stream("x.csv", chunks, Some(9)));
    let error = call.send_json::<Value>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(
        error
            .to_string()
            .contains("part file cannot be read to its end: tape torn"),
        "{error}"
    );
}

#[tokio::test]
async fn a_stream_is_sent_once() {
    let wire = ScriptedServer::new(twice()).await;
    let chunks = stream::iter([Ok(Bytes::from("a"))]);
    let call = upload(
        &again(&wire, || ()),
        FilePart::stream("x.csv", chunks, None),
    );
    let error = call.send_json::<Value>().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("was used up by an earlier attempt"),
        "{error}"
    );
}

#[tokio::test]
async fn a_request_tells_whether_it_can_be_sent_again() {
    struct Tell;
    impl Executor for Tell {
        fn execute(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
            let told = format!("replayable: {}", request.is_replayable());
            let error = Error::from_executor(request.operation(), told);
            Box::pin(async move { Err(error) })
        }
    }
    let file = TempFile::new("tell.csv", b"x");
    for (part, replayable) in [
        (FilePart::bytes("x", "x"), "true"),
        (FilePart::path(&file.0), "true"),
        (FilePart::stream("x", stream::empty(), Some(0)), "false"),
    ] {
        let client = Client::with_executor("http://127.0.0.1:1", Tell).unwrap();
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
fn a_file_part_shows_neither_name_nor_content() {
    let shown = format!("{:?}", FilePart::bytes("SECRET.csv", "SECRET"));
    assert!(!shown.contains("SECRET"), "{shown}");
    assert!(shown.contains("text/csv"), "{shown}");
}
