//! A mock service that returns the given response to any request.

use std::sync::{Arc, Mutex};

use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use retab_fake::{FakeRetab, ReceivedRequest, Response};
use retab_tests::dispatch::{DispatchError, Outcome};
use retab_tests::dispatcher::dispatch;
use serde_json::{Map, Value};

/// The mock and its client.
pub(crate) struct MockService {
    state: Arc<Mutex<State>>,
    client: retab_api::Client,
    /// Stops listening when dropped.
    _server: MockServer,
}

/// The response to return, and the received requests.
struct State {
    response: Response,
    received: Vec<ReceivedRequest>,
}

impl MockService {
    pub(crate) async fn start() -> Self {
        let server = MockServer::start_async().await;
        let state = Arc::new(Mutex::new(State {
            response: Response::empty(500),
            received: Vec::new(),
        }));
        let shared = Arc::clone(&state);
        let respond = move |request: &HttpMockRequest| {
            let mut state = shared.lock().unwrap();
            state.received.push(to_received_request(request));
            to_mock_response(&state.response)
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

    /// Dispatches an operation. Returns the result and the received requests.
    pub(crate) async fn send(
        &self,
        operation: &str,
        arguments: &Map<String, Value>,
        response: Response,
    ) -> (Result<Outcome, DispatchError>, Vec<ReceivedRequest>) {
        self.state.lock().unwrap().response = response;
        let outcome = dispatch(&self.client, operation, arguments.clone()).await;
        let received = std::mem::take(&mut self.state.lock().unwrap().received);
        (outcome, received)
    }
}

fn to_received_request(request: &HttpMockRequest) -> ReceivedRequest {
    ReceivedRequest::new(
        request.method(),
        &request.uri(),
        request.headers(),
        request.body_bytes(),
    )
}

fn to_mock_response(response: &Response) -> HttpMockResponse {
    let headers = response.headers();
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    HttpMockResponse::builder()
        .status(response.status())
        .headers(headers.collect::<Vec<_>>())
        .body(response.body())
        .build()
}

/// Returns binary data that takes more than one read from a socket.
pub(crate) fn bytes() -> Vec<u8> {
    (0..100_000_u32)
        .map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()[3])
        .collect()
}
