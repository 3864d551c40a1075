//! The one trait through which every call passes.

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

/// Answers without a network, by a function of the request.
struct Fake<F>(F);

impl<F: Fn(&Request) -> Result<Response, Error> + Send + Sync> Executor for Fake<F> {
    fn execute(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(async move { (self.0)(&request) })
    }
}

fn call(
    fake: impl Fn(&Request) -> Result<Response, Error> + Send + Sync + 'static,
) -> RequestBuilder {
    let client = Client::with_executor("http://127.0.0.1:1", Fake(fake)).unwrap();
    RequestBuilder::new(&client, &GET)
}

fn answer(status: StatusCode, body: &'static str) -> Response {
    Response::new(
        status,
        HeaderMap::new(),
        ResponseBody::Buffered(Bytes::from_static(body.as_bytes())),
    )
}

/// Sends three times at most, until the answer is whole.
struct Retry {
    http: reqwest::Client,
    tried: Arc<AtomicU32>,
}

impl Executor for Retry {
    fn execute(&self, request: Request) -> BoxFuture<'_, Result<Response, Error>> {
        Box::pin(async move {
            loop {
                let tried = self.tried.fetch_add(1, Ordering::SeqCst) + 1;
                match attempt(&self.http, &request).await {
                    Err(error) if tried < 3 && error.kind() == ErrorKind::Transport => {}
                    Ok(mut answer) => {
                        answer.attempts = tried;
                        return Ok(answer);
                    }
                    Err(error) => return Err(error.with_attempts(tried)),
                }
            }
        })
    }
}

async fn retried(answers: [&str; 3]) -> (u32, Result<Value, Error>) {
    let wire = ScriptedServer::new(answers.map(|answer| Script::Response(answer.into()))).await;
    let tried = Arc::new(AtomicU32::new(0));
    let executor = Retry {
        http: scripted_server::http(),
        tried: Arc::clone(&tried),
    };
    let client = Client::with_executor(&wire.url(), executor).unwrap();
    let result = RequestBuilder::new(&client, &GET)
        .send_json::<Value>()
        .await;
    (
        tried.load(Ordering::SeqCst),
        result.map(retab_api::ResponseValue::into_inner),
    )
}

const TRUNCATED: &str = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n[1,";

#[tokio::test]
async fn an_executor_can_retry_an_answer_that_breaks_off() {
    let whole = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n[1,2]";
    let (tried, result) = retried([TRUNCATED, TRUNCATED, whole]).await;
    assert_eq!(tried, 3);
    assert_eq!(result.unwrap(), json!([1, 2]));
}

#[tokio::test]
async fn an_error_tells_the_attempts() {
    let (_, result) = retried([TRUNCATED; 3]).await;
    let error = result.unwrap_err();
    assert_eq!(error.attempts(), 3);
    assert!(
        error.to_string().contains(", after 3 attempts; it can"),
        "{error}"
    );
    let failing = "HTTP/1.1 500 X\r\ncontent-length: 0\r\n\r\n";
    let (_, result) = retried([TRUNCATED, failing, failing]).await;
    assert_eq!(result.unwrap_err().attempts(), 2);
    let odd = "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n[";
    let (_, result) = retried([TRUNCATED, odd, odd]).await;
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 2));
}

#[tokio::test]
async fn every_status_is_judged_after_the_executor() {
    let error = call(|_| Ok(answer(StatusCode::IM_A_TEAPOT, r#"{"detail":"tea"}"#)));
    let error = error.send_json::<Value>().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Status, Some("tea"))
    );
    let value = call(|_| Ok(answer(StatusCode::ACCEPTED, "7")))
        .send_json::<u8>()
        .await;
    assert_eq!(value.unwrap().into_inner(), 7);
}

#[tokio::test]
async fn an_error_of_the_executor_reaches_the_caller_as_it_is() {
    let error = call(|request| {
        Err(Error::from_executor(
            request.operation(),
            std::io::Error::other("no budget left"),
        ))
    });
    let error = error.send_json::<Value>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Executor);
    assert_eq!(error.to_string(), "get_thing: no budget left");
    assert!(error.source().unwrap().is::<std::io::Error>());

    let error = call(|request| Err(Error::timeout(request.operation(), "no answer within 2 s")));
    let error = error.send_empty().await.unwrap_err();
    assert!(error.is_timeout());

    let error = call(|request| Err(Error::invalid_request(request.operation(), "no key")));
    let error = error.send_bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn a_request_tells_what_the_call_makes_of_a_success() {
    let tell = |request: &Request| {
        let told = format!("{:?}", request.response_format());
        Err(Error::from_executor(request.operation(), told))
    };
    let json = call(tell).send_json::<Value>().await.unwrap_err();
    let empty = call(tell).send_empty().await.unwrap_err();
    let bytes = call(tell).send_bytes().await.unwrap_err();
    for (error, expected) in [
        (json, ResponseFormat::Json),
        (empty, ResponseFormat::Empty),
        (bytes, ResponseFormat::Bytes),
    ] {
        assert_eq!(error.to_string(), format!("get_thing: {expected:?}"));
    }
}

#[tokio::test]
async fn an_executor_may_answer_in_either_form() {
    let read = call(|_| Ok(answer(StatusCode::OK, "a;b")))
        .send_bytes()
        .await
        .unwrap();
    assert_eq!(read.into_inner().read_to_end(9).await.unwrap(), "a;b");
    let streamed = call(|request| {
        let chunks = stream::iter([Ok(Bytes::from("[1,")), Ok(Bytes::from("2]"))]);
        let body = ResponseBody::Stream(ByteStream::new(request.operation(), chunks));
        Ok(Response::new(StatusCode::OK, HeaderMap::new(), body))
    });
    let value = streamed.send_json::<Value>().await.unwrap();
    assert_eq!(value.into_inner(), json!([1, 2]));
}

#[tokio::test]
async fn an_executor_can_change_the_headers() {
    struct WithKey(reqwest::Client);
    impl Executor for WithKey {
        fn execute(&self, mut request: Request) -> BoxFuture<'_, Result<Response, Error>> {
            let key = http::HeaderValue::from_static("Bearer x");
            request.headers_mut().insert("authorization", key);
            Executor::execute(&self.0, request)
        }
    }
    let wire = ScriptedServer::json("{}").await;
    let executor: Arc<dyn Executor> = Arc::new(WithKey(scripted_server::http()));
    let client = Client::with_executor(&wire.url(), executor).unwrap();
    RequestBuilder::new(&client, &GET)
        .send_json::<Value>()
        .await
        .unwrap();
    let received = wire.received_once().await;
    assert_eq!(received.header("authorization"), Some("Bearer x"));
}

#[tokio::test]
async fn a_request_shows_no_values() {
    let tell = |request: &Request| {
        let told = format!("{request:?}");
        Err(Error::from_executor(request.operation(), told))
    };
    let mut call = call(tell);
    call.query::<String, _>("q", "SECRET");
    call.header::<String, _>("X-Key", "SECRET");
    call.json::<String, _>("SECRET");
    let error = call.send_json::<Value>().await.unwrap_err();
    let shown = error.source().unwrap().to_string();
    assert!(
        shown.contains("get_thing") && shown.contains("x-key"),
        "{shown}"
    );
    assert!(
        !shown.contains("SECRET") && !shown.contains("127.0.0.1"),
        "{shown}"
    );
}
