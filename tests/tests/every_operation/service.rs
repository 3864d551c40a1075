//! One call at a time to a mock that answers what it is told, whatever arrives.

use std::sync::{Arc, Mutex};

use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use retab_fake::{FakeRetab, ReceivedRequest, Response};
use retab_tests::dispatch::{DispatchError, Outcome};
use retab_tests::dispatcher::dispatch;
use serde_json::{Map, Value};

/// The mock, and the client that calls it.
pub(crate) struct Service {
    state: Arc<Mutex<State>>,
    client: retab_api::Client,
    /// It listens as long as it is there.
    _server: MockServer,
}

/// What is answered, and what has arrived.
struct State {
    answer: Response,
    received: Vec<ReceivedRequest>,
}

impl Service {
    pub(crate) async fn start() -> Self {
        let server = MockServer::start_async().await;
        let state = Arc::new(Mutex::new(State {
            answer: Response::empty(500),
            received: Vec::new(),
        }));
        let shared = Arc::clone(&state);
        let respond = move |request: &HttpMockRequest| {
            let mut state = shared.lock().unwrap();
            state.received.push(received(request));
            response(&state.answer)
        };
        server
            .mock_async(|when, then| {
                when.any_request();
                then.respond_with(respond);
            })
            .await;
        let client = retab_ext::Client::builder()
            .api_key(FakeRetab::API_KEY)
            .base_url(server.base_url())
            .build()
            .unwrap();
        Self {
            state,
            client: client.api().clone(),
            _server: server,
        }
    }

    /// Calls an operation; gives what the client made of the answer, and what had arrived.
    pub(crate) async fn call(
        &self,
        operation: &str,
        arguments: &Map<String, Value>,
        answer: Response,
    ) -> (Result<Outcome, DispatchError>, Vec<ReceivedRequest>) {
        self.state.lock().unwrap().answer = answer;
        let outcome = dispatch(&self.client, operation, arguments.clone()).await;
        let received = std::mem::take(&mut self.state.lock().unwrap().received);
        (outcome, received)
    }
}

fn received(request: &HttpMockRequest) -> ReceivedRequest {
    ReceivedRequest::new(
        request.method(),
        &request.uri(),
        request.headers(),
        request.body_bytes(),
    )
}

fn response(answer: &Response) -> HttpMockResponse {
    let headers = answer.headers();
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    HttpMockResponse::builder()
        .status(answer.status())
        .headers(headers.collect::<Vec<_>>())
        .body(answer.body())
        .build()
}

/// Bytes that are no text, and more than one read of a socket gets.
pub(crate) fn bytes() -> Vec<u8> {
    (0..100_000_u32)
        .map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()[3])
        .collect()
}
