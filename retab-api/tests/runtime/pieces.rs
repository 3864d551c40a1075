//! Bodies that an executor puts together from bytes and sources, on the wire.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use http::HeaderValue;
use retab_api::runtime::{
    Body, BoxFuture, Chunks, Executor, FileSource, Location, Method, Operation, Parameter, Pieces,
    Request, RequestBody, RequestBuilder, Response, Source, Success, attempt,
};
use retab_api::{Client, Error, ErrorKind};
use serde_json::{Value, json};

use crate::scripted_server::{self, ReceivedRequest, Script, ScriptedServer};
use crate::temp_file::TempFile;

static CREATE: Operation = Operation::new("create_table", Method::POST, "/v1/tables")
    .with_parameters(&[Parameter::new("dry", Location::Query, false)])
    .with_request_body(RequestBody::new("application/json", true))
    .with_success(Success::Json);

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

/// Sends these pieces instead of the body that the call has, twice, and does something in between.
struct Instead<F> {
    http: reqwest::Client,
    pieces: Pieces,
    between: F,
}

impl<F: Fn() + Send + Sync> Executor for Instead<F> {
    fn execute(&self, mut request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        request.set_body(Body::Pieces {
            content_type: HeaderValue::from_static("text/plain"),
            pieces: self.pieces.clone(),
        });
        Box::pin(async move {
            assert!(request.is_replayable());
            attempt(&self.http, &request).await?;
            (self.between)();
            attempt(&self.http, &request).await
        })
    }
}

async fn sent_twice(
    pieces: Pieces,
    between: impl Fn() + Send + Sync + 'static,
) -> (Result<(), Error>, Vec<ReceivedRequest>) {
    let wire =
        ScriptedServer::new([Script::Response(OK.into()), Script::Response(OK.into())]).await;
    let executor = Instead {
        http: scripted_server::http(),
        pieces,
        between,
    };
    let client = Client::with_executor(&wire.url(), executor).unwrap();
    let mut call = RequestBuilder::new(&client, &CREATE);
    call.json::<Value, _>(json!({"what the call": "has itself"}));
    let result = call.send_json::<Value>().await.map(drop);
    let received = match &result {
        Ok(()) => wire.requests().await,
        Err(_) => Vec::new(),
    };
    (result, received)
}

/// A source that says to have ten bytes.
struct Ten(fn() -> io::Result<Vec<io::Result<Bytes>>>);

impl Source for Ten {
    fn size(&self) -> u64 {
        10
    }

    fn open(&self) -> BoxFuture<'_, io::Result<Chunks>> {
        Box::pin(async { Ok(Box::pin(stream::iter((self.0)()?)) as Chunks) })
    }
}

#[tokio::test]
async fn pieces_are_sent_in_order_with_their_exact_length_and_once_more_for_each_attempt() {
    let content: Vec<u8> = (0..=255).cycle().take(200_001).collect();
    let file = TempFile::new("pieces.bin", &content);
    let pieces = Pieces::new()
        .with_bytes("before|")
        .with_source(
            "the file",
            Arc::new(FileSource::from_path(&file.0).await.unwrap()),
        )
        .with_bytes("|between|")
        .with_source("the bytes", Arc::new(Bytes::from_static(b"in memory")))
        .with_bytes("|after");
    let whole = [b"before|", &content[..], b"|between|in memory|after"].concat();
    assert_eq!(pieces.size(), whole.len() as u64);

    let (result, received) = sent_twice(pieces, || ()).await;
    result.unwrap();
    for request in received {
        assert!(request.body == whole);
        assert_eq!(request.header("transfer-encoding"), None);
        let length = whole.len().to_string();
        assert_eq!(request.header("content-length"), Some(length.as_str()));
        assert_eq!(request.header("content-type"), Some("text/plain"));
    }
}

#[tokio::test]
async fn a_file_of_the_same_size_that_was_written_again_is_an_error() {
    let file = TempFile::new("rewritten.txt", b"first");
    let source = FileSource::from_path(&file.0).await.unwrap();
    let path = file.0.clone();
    let rewrite = move || {
        std::fs::write(&path, "other").unwrap();
        set_modified(&path, SystemTime::now() + Duration::from_secs(1));
    };
    let pieces = Pieces::new().with_source("the file rewritten.txt", Arc::new(source));
    let (result, _) = sent_twice(pieces, rewrite).await;
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(
        error.to_string(),
        "create_table: the file rewritten.txt cannot be read: it has changed since the call began"
    );
}

#[tokio::test]
async fn a_file_that_is_written_while_it_is_read_never_ends() {
    for content in [
        &b"the same size, another time"[..],
        b"longer than it was before it",
        b"short",
    ] {
        let file = TempFile::new("read.txt", b"THE SAME SIZE, ANOTHER TIME");
        let source = FileSource::from_path(&file.0).await.unwrap();
        let mut chunks = source.open().await.unwrap();
        std::fs::write(&file.0, content).unwrap();
        set_modified(&file.0, SystemTime::now() + Duration::from_secs(1));
        let failed = loop {
            match chunks.next().await.unwrap() {
                Ok(chunk) => assert!(chunk.len() < 27, "the last chunk is held back"),
                Err(failed) => break failed,
            }
        };
        assert!(failed.to_string().contains("has changed"), "{failed}");
    }
}

#[tokio::test]
async fn bytes_in_memory_are_given_in_slices() {
    let bytes = Bytes::from(vec![7; 200_000]);
    let chunks: Vec<Bytes> = bytes.open().await.unwrap().try_collect().await.unwrap();
    assert!(chunks.len() > 2 && chunks.concat() == bytes);
}

#[tokio::test]
async fn a_source_that_fails_is_named_and_fails_the_call() {
    type Content = fn() -> io::Result<Vec<io::Result<Bytes>>>;
    let contents: [(Content, &str); 4] = [
        (
            || Err(io::Error::other("drawer locked")),
            "cannot be read: drawer locked",
        ),
        (
            || {
                Ok(vec![
                    Ok(Bytes::from("0123456")),
                    Err(io::Error::other("tape torn")),
                ])
            },
            "cannot be read to its end: tape torn",
        ),
        (
            || Ok(vec![Ok(Bytes::from("0123456789abcdef"))]),
            "is longer than it was when the call began",
        ),
        (
            || Ok(vec![Ok(Bytes::from("01234"))]),
            "is shorter than it was when the call began",
        ),
    ];
    for (content, what) in contents {
        let pieces = Pieces::new().with_source("the tape", Arc::new(Ten(content)));
        let (result, _) = sent_twice(pieces, || ()).await;
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.to_string(), format!("create_table: the tape {what}"));
    }
}

#[test]
fn pieces_show_no_content() {
    let pieces = Pieces::new()
        .with_bytes("SECRET")
        .with_source("the file", Arc::new(Bytes::from_static(b"SECRET")));
    let shown = format!("{pieces:?}");
    assert_eq!(shown, r#"["6 bytes", "the file: 6 bytes"]"#);
}

fn set_modified(path: &std::path::Path, time: SystemTime) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(time).unwrap();
}
