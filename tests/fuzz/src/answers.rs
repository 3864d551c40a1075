//! An answer of the service, whatever it is: its operation, its status and its body are taken from the input.

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

/// Operations whose answers have the types that are hardest to read, each with what a call of it needs.
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

/// Answers every request the same.
struct Always {
    status: StatusCode,
    media_type: &'static str,
    body: Bytes,
}

impl Always {
    fn json(value: &Value) -> Self {
        Self {
            status: StatusCode::OK,
            media_type: MEDIA_TYPES[0],
            body: value.to_string().into(),
        }
    }
}

impl Executor for Always {
    fn execute(&self, _: Request) -> BoxFuture<'_, Result<Response, Error>> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        let answer = Response::new(
            self.status,
            headers,
            ResponseBody::Buffered(self.body.clone()),
        );
        Box::pin(std::future::ready(Ok(answer)))
    }
}

static ARGUMENTS: LazyLock<Vec<Map<String, Value>>> = LazyLock::new(|| {
    let read = |(_, text): &(&str, &str)| match serde_json::from_str(text) {
        Ok(Value::Object(arguments)) => arguments,
        _ => Map::new(),
    };
    OPERATIONS.iter().map(read).collect()
});

/// Reads an answer that is made of these bytes. What was read is written, and then read to the same.
///
/// # Panics
///
/// It is not, or an error is not told in a line.
pub fn read(input: &[u8]) {
    let [choice, body @ ..] = input else {
        return;
    };
    let choice = usize::from(*choice);
    let operation = choice % OPERATIONS.len();
    let always = Always {
        status: StatusCode::from_u16(STATUSES[choice / 8 % STATUSES.len()]).unwrap_or_default(),
        media_type: MEDIA_TYPES[choice / 64 % MEDIA_TYPES.len()],
        body: Bytes::copy_from_slice(body),
    };
    match call(operation, always) {
        Ok(Outcome::Json { value, .. }) => {
            let again = call(operation, Always::json(&value));
            let is_same = matches!(&again, Ok(Outcome::Json { value: read, .. }) if *read == value);
            assert!(is_same, "{value} is read as {again:?}");
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

fn call(operation: usize, always: Always) -> Result<Outcome, DispatchError> {
    let client = Client::with_executor("http://127.0.0.1", always)?;
    let arguments = ARGUMENTS[operation].clone();
    let call = pin!(dispatch(&client, OPERATIONS[operation].0, arguments));
    match call.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(end) => end,
        Poll::Pending => panic!("an answer that is there was waited for"),
    }
}
