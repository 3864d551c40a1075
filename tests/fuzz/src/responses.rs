//! Arbitrary responses: the input selects the operation, the status, the media type and the body.

use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use retab_api::runtime::{BoxFuture, Executor, Request, Response, ResponseBody};
use retab_api::{Client, Error};
use retab_tests::dispatch::{DispatchError, Outcome};
use retab_tests::dispatcher::dispatch;
use serde_json::{Map, Value};

/// Operations with the response types that are hardest to decode, and their required arguments.
const OPERATIONS: [(&str, &str); 8] = [
    ("get_workflow_run", r#"{"path":{"run_id":"run_1"}}"#),
    ("list_workflow_runs", "{}"),
    ("list_workflow_run_steps", "{}"),
    (
        "get_workflow_artifact_by_id",
        r#"{"path":{"artifact_id":"extr_1"}}"#,
    ),
    (
        "get_experiment_metrics_for_run",
        r#"{"query":{"run_id":"run_1","view":"summary"}}"#,
    ),
    ("get_extraction", r#"{"path":{"extraction_id":"extr_1"}}"#),
    ("get_workflow_eval", r#"{"path":{"eval_id":"eval_1"}}"#),
    ("get_review", r#"{"path":{"review_id":"rev_1"}}"#),
];

const STATUSES: [u16; 8] = [200, 200, 200, 400, 404, 422, 429, 503];

const MEDIA_TYPES: [&str; 4] = [
    "application/json",
    "application/json",
    "text/html",
    "text/plain; charset=utf-8",
];

/// Returns the same response to every request.
struct FixedResponse {
    status: StatusCode,
    media_type: &'static str,
    body: Bytes,
}

impl FixedResponse {
    fn json(value: &Value) -> Self {
        Self {
            status: StatusCode::OK,
            media_type: MEDIA_TYPES[0],
            body: value.to_string().into(),
        }
    }
}

impl Executor for FixedResponse {
    fn execute(&self, _: Request) -> BoxFuture<'_, Result<Response, Error>> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        let response = Response::new(
            self.status,
            headers,
            ResponseBody::Buffered(self.body.clone()),
        );
        Box::pin(std::future::ready(Ok(response)))
    }
}

static ARGUMENTS: LazyLock<Vec<Map<String, Value>>> = LazyLock::new(|| {
    let parse = |(_, json): &(&str, &str)| match serde_json::from_str(json) {
        Ok(Value::Object(arguments)) => arguments,
        _ => Map::new(),
    };
    OPERATIONS.iter().map(parse).collect()
});

/// Decodes a response built from the input, serializes it, and decodes it again.
///
/// # Panics
///
/// Panics if the two decoded values differ, or if an error message is longer than 64 KiB or contains a line break.
pub fn run(input: &[u8]) {
    let [choice, body @ ..] = input else {
        return;
    };
    let choice = usize::from(*choice);
    let operation = choice % OPERATIONS.len();
    let response = FixedResponse {
        status: StatusCode::from_u16(STATUSES[choice / 8 % STATUSES.len()]).unwrap_or_default(),
        media_type: MEDIA_TYPES[choice / 64 % MEDIA_TYPES.len()],
        body: Bytes::copy_from_slice(body),
    };
    match dispatch_once(operation, response) {
        Ok(Outcome::Json { value, .. }) => {
            let second = dispatch_once(operation, FixedResponse::json(&value));
            let is_same =
                matches!(&second, Ok(Outcome::Json { value: decoded, .. }) if *decoded == value);
            assert!(is_same, "{value} decodes as {second:?}");
        }
        Ok(_) => {}
        Err(DispatchError::Call(error)) => {
            let line = error.to_string();
            assert!(!line.contains(['\n', '\r']), "{line:?}");
            assert!(line.len() < 64 * 1024, "{} bytes", line.len());
        }
        Err(other) => panic!("{other}"),
    }
}

fn dispatch_once(operation: usize, response: FixedResponse) -> Result<Outcome, DispatchError> {
    let client = Client::with_executor("http://127.0.0.1", response)?;
    let arguments = ARGUMENTS[operation].clone();
    let future = pin!(dispatch(&client, OPERATIONS[operation].0, arguments));
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("the executor is always ready"),
    }
}
