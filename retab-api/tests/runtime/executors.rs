//! Custom executors.

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, StatusCode};
use retab_api::runtime::{
    BoxFuture, Executor, Method, Operation, Request, RequestBuilder, Response, ResponseBody,
    ResponseFormat, Success, attempt,
};
use retab_api::{ByteStream, Client, Error, ErrorKind};
use serde_json::{Value, json};

use crate::scripted_server::{self, Script, ScriptedServer};

static GET: Operation = Operation::new("get_thing", Method::GET, "/v1/thing")
    .with_idempotent(true)
    .with_success(Success::Json);

/// Calls a function instead of sending the request.
struct StubExecutor<F>(F);

impl<F: Fn(&Request) -> Result<Response, Error> + Send + Sync> Executor for StubExecutor<F> {
    fn execute(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(async move { (self.0)(&request) })
    }
}

fn request(
    respond: impl Fn(&Request) -> Result<Response, Error> + Send + Sync + 'static,
) -> RequestBuilder {
    let client = Client::with_executor("http://127.0.0.1:1", StubExecutor(respond)).unwrap();
    RequestBuilder::new(&client, &GET)
}

fn response(status: StatusCode, body: &'static str) -> Response {
    Response::new(
        status,
        HeaderMap::new(),
        ResponseBody::Buffered(Bytes::from_static(body.as_bytes())),
    )
}

/// Retries transport errors, up to three attempts in total.
struct Retry {
    http: reqwest::Client,
    attempts: Arc<AtomicU32>,
}

impl Executor for Retry {
    fn execute(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(async move {
            loop {
                let attempts = self.attempts.fetch_add(1, Ordering::SeqCst) + 1;
                match attempt(&self.http, &request).await {
                    Err(error) if attempts < 3 && error.kind() == ErrorKind::Transport => {}
                    Ok(mut response) => {
                        response.attempts = attempts;
                        return Ok(response);
                    }
                    Err(error) => return Err(error.with_attempts(attempts)),
                }
            }
        })
    }
}

async fn retried(responses: [&str; 3]) -> (u32, Result<Value, Error>) {
    let server =
        ScriptedServer::new(responses.map(|response| Script::Response(response.into()))).await;
    let attempts = Arc::new(AtomicU32::new(0));
    let executor = Retry {
        http: scripted_server::http(),
        attempts: Arc::clone(&attempts),
    };
    let client = Client::with_executor(&server.url(), executor).unwrap();
    let result = RequestBuilder::new(&client, &GET)
        .send_json::<Value>()
        .await;
    (
        attempts.load(Ordering::SeqCst),
        result.map(retab_api::ResponseValue::into_inner),
    )
}

const TRUNCATED: &str = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n[1,";

#[tokio::test]
async fn executor_retries_truncated_response() {
    let complete = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n[1,2]";
    let (attempts, result) = retried([TRUNCATED, TRUNCATED, complete]).await;
    assert_eq!(attempts, 3);
    assert_eq!(result.unwrap(), json!([1, 2]));
}

#[tokio::test]
async fn errors_contain_the_number_of_attempts() {
    let (_, result) = retried([TRUNCATED; 3]).await;
    let error = result.unwrap_err();
    assert_eq!(error.attempts(), 3);
    assert!(
        error
            .to_string()
            .contains(", after 3 attempts; retrying is safe"),
        "{error}"
    );
    let failing = "HTTP/1.1 500 X\r\ncontent-length: 0\r\n\r\n";
    let (_, result) = retried([TRUNCATED, failing, failing]).await;
    assert_eq!(result.unwrap_err().attempts(), 2);
    let malformed = "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n[";
    let (_, result) = retried([TRUNCATED, malformed, malformed]).await;
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 2));
}

#[tokio::test]
async fn checks_status_after_the_executor() {
    let error = request(|_| Ok(response(StatusCode::IM_A_TEAPOT, r#"{"detail":"tea"}"#)));
    let error = error.send_json::<Value>().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Status, Some("tea"))
    );
    let value = request(|_| Ok(response(StatusCode::ACCEPTED, "7")))
        .send_json::<u8>()
        .await;
    assert_eq!(value.unwrap().into_inner(), 7);
}

#[tokio::test]
async fn returns_executor_errors_unchanged() {
    let error = request(|request| {
        Err(Error::from_executor(
            request.operation(),
            std::io::Error::other("no budget left"),
        ))
    });
    let error = error.send_json::<Value>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Executor);
    assert_eq!(error.to_string(), "get_thing: no budget left");
    assert!(error.source().unwrap().is::<std::io::Error>());

    let error = request(|request| {
        Err(Error::timeout(
            request.operation(),
            "no response within 2 s",
        ))
    });
    let error = error.send_empty().await.unwrap_err();
    assert!(error.is_timeout());

    let error = request(|request| Err(Error::invalid_request(request.operation(), "no key")));
    let error = error.send_bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn requests_contain_the_response_format() {
    let respond = |request: &Request| {
        let message = format!("{:?}", request.response_format());
        Err(Error::from_executor(request.operation(), message))
    };
    let json = request(respond).send_json::<Value>().await.unwrap_err();
    let empty = request(respond).send_empty().await.unwrap_err();
    let bytes = request(respond).send_bytes().await.unwrap_err();
    for (error, expected) in [
        (json, ResponseFormat::Json),
        (empty, ResponseFormat::Empty),
        (bytes, ResponseFormat::Bytes),
    ] {
        assert_eq!(error.to_string(), format!("get_thing: {expected:?}"));
    }
}

#[tokio::test]
async fn accepts_buffered_and_streamed_bodies() {
    let read = request(|_| Ok(response(StatusCode::OK, "a;b")))
        .send_bytes()
        .await
        .unwrap();
    assert_eq!(read.into_inner().read_to_end(9).await.unwrap(), "a;b");
    let streamed = request(|request| {
        let chunks = stream::iter([Ok(Bytes::from("[1,")), Ok(Bytes::from("2]"))]);
        let body = ResponseBody::Stream(ByteStream::new(request.operation(), chunks));
        Ok(Response::new(StatusCode::OK, HeaderMap::new(), body))
    });
    let value = streamed.send_json::<Value>().await.unwrap();
    assert_eq!(value.into_inner(), json!([1, 2]));
}

#[tokio::test]
async fn executor_modifies_headers() {
    struct WithKey(reqwest::Client);
    impl Executor for WithKey {
        fn execute(&self, mut request: Request) -> BoxFuture<'_, Result<Response, Error>> {
            let key = http::HeaderValue::from_static("Bearer x");
            request.headers_mut().insert("authorization", key);
            Executor::execute(&self.0, request)
        }
    }
    let server = ScriptedServer::json("{}").await;
    let executor: Arc<dyn Executor> = Arc::new(WithKey(scripted_server::http()));
    let client = Client::with_executor(&server.url(), executor).unwrap();
    RequestBuilder::new(&client, &GET)
        .send_json::<Value>()
        .await
        .unwrap();
    let received = server.only_request().await;
    assert_eq!(received.header("authorization"), Some("Bearer x"));
}

#[tokio::test]
async fn requests_redact_values() {
    let respond = |request: &Request| {
        let message = format!("{request:?}");
        Err(Error::from_executor(request.operation(), message))
    };
    let mut request = request(respond);
    request.query::<String, _>("q", "SECRET");
    request.header::<String, _>("X-Key", "SECRET");
    request.json::<String, _>("SECRET");
    let error = request.send_json::<Value>().await.unwrap_err();
    let displayed = error.source().unwrap().to_string();
    assert!(
        displayed.contains("get_thing") && displayed.contains("x-key"),
        "{displayed}"
    );
    assert!(
        !displayed.contains("SECRET") && !displayed.contains("127.0.0.1"),
        "{displayed}"
    );
}
