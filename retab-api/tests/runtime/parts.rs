//! Bodies that an executor concatenates from bytes and sources.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use http::HeaderValue;
use retab_api::runtime::{
    Body, BoxFuture, Chunks, Executor, FileSource, Location, Method, Operation, Parameter, Parts,
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

/// Replaces the body, sends the request twice, and calls `between` after the first attempt.
struct ReplaceBody<F> {
    http: reqwest::Client,
    parts: Parts,
    between: F,
}

impl<F: Fn() + Send + Sync> Executor for ReplaceBody<F> {
    fn execute(&self, mut request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        request.set_body(Body::Parts {
            content_type: HeaderValue::from_static("text/plain"),
            parts: self.parts.clone(),
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
    parts: Parts,
    between: impl Fn() + Send + Sync + 'static,
) -> (Result<(), Error>, Vec<ReceivedRequest>) {
    let server =
        ScriptedServer::new([Script::Response(OK.into()), Script::Response(OK.into())]).await;
    let executor = ReplaceBody {
        http: scripted_server::http(),
        parts,
        between,
    };
    let client = Client::with_executor(&server.url(), executor).unwrap();
    let mut request = RequestBuilder::new(&client, &CREATE);
    request.json::<Value, _>(json!({"replaced": true}));
    let result = request.send_json::<Value>().await.map(drop);
    let received = match &result {
        Ok(()) => server.requests().await,
        Err(_) => Vec::new(),
    };
    (result, received)
}

/// A source that declares a size of ten bytes.
struct TenBytes(fn() -> io::Result<Vec<io::Result<Bytes>>>);

impl Source for TenBytes {
    fn size(&self) -> u64 {
        10
    }

    fn open(&self) -> BoxFuture<'_, io::Result<Chunks>> {
        Box::pin(async { Ok(Box::pin(stream::iter((self.0)()?)) as Chunks) })
    }
}

#[tokio::test]
async fn sends_parts_with_exact_length_on_every_attempt() {
    let content: Vec<u8> = (0..=255).cycle().take(200_001).collect();
    let file = TempFile::new("parts.bin", &content);
    let parts = Parts::new()
        .with_bytes("before|")
        .with_source(
            "the file",
            Arc::new(FileSource::from_path(&file.0).await.unwrap()),
        )
        .with_bytes("|between|")
        .with_source("the bytes", Arc::new(Bytes::from_static(b"in memory")))
        .with_bytes("|after");
    let expected = [b"before|", &content[..], b"|between|in memory|after"].concat();
    assert_eq!(parts.size(), expected.len() as u64);

    let (result, received) = sent_twice(parts, || ()).await;
    result.unwrap();
    for request in received {
        assert!(request.body == expected);
        assert_eq!(request.header("transfer-encoding"), None);
        let length = expected.len().to_string();
        assert_eq!(request.header("content-length"), Some(length.as_str()));
        assert_eq!(request.header("content-type"), Some("text/plain"));
    }
}

#[tokio::test]
async fn rejects_rewritten_files_of_the_same_size() {
    let file = TempFile::new("rewritten.txt", b"first");
    let source = FileSource::from_path(&file.0).await.unwrap();
    let path = file.0.clone();
    let rewrite = move || {
        std::fs::write(&path, "other").unwrap();
        set_modified(&path, SystemTime::now() + Duration::from_secs(1));
    };
    let parts = Parts::new().with_source("the file rewritten.txt", Arc::new(source));
    let (result, _) = sent_twice(parts, rewrite).await;
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(
        error.to_string(),
        "create_table: cannot open the file rewritten.txt: the file changed after the request started"
    );
}

#[tokio::test]
async fn fails_when_file_changes_while_reading() {
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
        let error = loop {
            match chunks.next().await.unwrap() {
                Ok(chunk) => assert!(chunk.len() < 27, "the last chunk is held back"),
                Err(error) => break error,
            }
        };
        assert!(error.to_string().contains("the file changed"), "{error}");
    }
}

#[tokio::test]
async fn streams_bytes_in_slices() {
    let bytes = Bytes::from(vec![7; 200_000]);
    let chunks: Vec<Bytes> = bytes.open().await.unwrap().try_collect().await.unwrap();
    assert!(chunks.len() > 2 && chunks.concat() == bytes);
}

#[tokio::test]
async fn reports_source_errors() {
    type Content = fn() -> io::Result<Vec<io::Result<Bytes>>>;
    let contents: [(Content, &str); 4] = [
        (
            || Err(io::Error::other("drawer locked")),
            "cannot open the tape: drawer locked",
        ),
        (
            || {
                Ok(vec![
                    Ok(Bytes::from("0123456")),
                    Err(io::Error::other("tape torn")),
                ])
            },
            "cannot read the tape to the end: tape torn",
        ),
        (
            || Ok(vec![Ok(Bytes::from("0123456789abcdef"))]),
            "the tape is longer than its declared size",
        ),
        (
            || Ok(vec![Ok(Bytes::from("01234"))]),
            "the tape is shorter than its declared size",
        ),
    ];
    for (content, reason) in contents {
        let parts = Parts::new().with_source("the tape", Arc::new(TenBytes(content)));
        let (result, _) = sent_twice(parts, || ()).await;
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert_eq!(error.to_string(), format!("create_table: {reason}"));
    }
}

#[test]
fn parts_redact_content() {
    let parts = Parts::new()
        .with_bytes("SECRET")
        .with_source("the file", Arc::new(Bytes::from_static(b"SECRET")));
    let displayed = format!("{parts:?}");
    assert_eq!(displayed, r#"["6 bytes", "the file: 6 bytes"]"#);
}

fn set_modified(path: &std::path::Path, time: SystemTime) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(time).unwrap();
}
