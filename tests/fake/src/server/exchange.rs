//! One HTTP exchange: a request and its response.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, StatusCode};
use hyper::body::Incoming;

use super::body::{self, Aborted, ReceivedBody, ResponseBody, TruncatedProgress};
use super::handler::{Handler, Side};
use super::socket::ResetSwitch;
use crate::faults::Fault;
use crate::received_request::ReceivedRequest;
use crate::response::{Content, Response};
use crate::service::{MAX_BODY_SIZE, MAX_STORED_FILE_SIZE, StoredContent, route};
use crate::spec::vendored;

/// Responds to a request, unless a fault ends the connection.
pub(super) async fn respond(
    handler: &Handler,
    side: Side,
    request: Request<Incoming>,
    reset: &ResetSwitch,
) -> Result<http::Response<ResponseBody>, Aborted> {
    let started = Instant::now();
    let (head, body) = request.into_parts();
    let mut received = ReceivedRequest::new(head.method, &head.uri, head.headers, Bytes::new());
    let response = match side {
        Side::Api => {
            let body = body::read(body, &received.headers, MAX_BODY_SIZE).await?;
            respond_as_api(handler, &mut received, body, reset).await
        }
        Side::Storage => {
            let hashed = body::read_and_hash(body, MAX_STORED_FILE_SIZE).await?;
            let stored = StoredContent {
                size: hashed.body.size,
                sha256: hashed.sha256,
                bytes: hashed.body.content,
            };
            received.body = stored.bytes.clone().unwrap_or_default();
            respond_as_storage(handler, &received, stored, reset).await
        }
    };
    if let Some(log) = &handler.log {
        let outcome = match &response {
            Ok(response) => response.status().as_u16().to_string(),
            Err(Aborted) => "aborted".to_owned(),
        };
        log(&log_line(&received, &outcome, started));
    }
    response
}

async fn respond_as_api(
    handler: &Handler,
    received: &mut ReceivedRequest,
    body: ReceivedBody,
    reset: &ResetSwitch,
) -> Result<http::Response<ResponseBody>, Aborted> {
    let is_too_large = body.content.is_none();
    received.body = body.content.unwrap_or_default();
    let (id, canned) = {
        let mut service = handler.service();
        (service.log_request(received), service.canned.pop_front())
    };
    wait(handler.latency).await;
    let with_id = |response: Response| response.header("x-request-id", &id);
    if let Some(canned) = canned {
        return into_http(with_id(canned));
    }
    let operation = vendored().find(&received.method, &received.path);
    let fault = handler
        .faults()
        .apply(operation.map_or("", |found| found.id));
    let process = || {
        let response = if is_too_large {
            Response::detail(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large")
                .header("connection", "close")
        } else {
            process_request(handler, received)
        };
        with_id(response)
    };
    apply_fault(fault, process, with_id, reset).await
}

async fn respond_as_storage(
    handler: &Handler,
    received: &ReceivedRequest,
    stored: StoredContent,
    reset: &ResetSwitch,
) -> Result<http::Response<ResponseBody>, Aborted> {
    let canned = {
        let mut service = handler.service();
        service.storage_received.add(received);
        service.storage_canned.pop_front()
    };
    wait(handler.latency).await;
    if let Some(canned) = canned {
        return into_http(canned);
    }
    let fault = handler.faults().apply("storage");
    let process = || handler.service().handle_storage(received, stored);
    apply_fault(fault, process, |response| response, reset).await
}

/// Skips the timer for a zero latency, because even a zero sleep takes about a millisecond.
async fn wait(latency: Duration) {
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
}

/// Processes a request. Validation needs no state and runs without the lock.
fn process_request(handler: &Handler, received: &ReceivedRequest) -> Response {
    let (clock, pace, undeclared) = {
        let service = handler.service();
        (service.clock.clone(), service.pace, service.undeclared)
    };
    match route::check(received, &clock, pace, undeclared) {
        Ok(request) => handler.service().handle(&request),
        Err(rejection) => rejection,
    }
}

/// Processes the request and applies the fault, if there is one.
async fn apply_fault(
    fault: Option<Fault>,
    process: impl FnOnce() -> Response,
    with_id: impl FnOnce(Response) -> Response,
    reset: &ResetSwitch,
) -> Result<http::Response<ResponseBody>, Aborted> {
    match fault {
        None => into_http(process()),
        Some(Fault::Status(status, retry_after)) => {
            into_http(with_id(error_response(status, retry_after)))
        }
        Some(Fault::Html) => {
            let page = "<html><body><h1>502 Bad Gateway</h1></body></html>";
            into_http(Response::new(502, "text/html", page))
        }
        Some(Fault::Reset) => {
            reset.set();
            Err(Aborted)
        }
        Some(Fault::Lost) => {
            drop(process());
            reset.set();
            Err(Aborted)
        }
        // hyper drops this future when the client closes the connection.
        Some(Fault::Stall) => std::future::pending().await,
        Some(Fault::Truncate) => {
            let (parts, body) = into_http(process())?.into_parts();
            let start = match body {
                ResponseBody::Whole(bytes) => bytes,
                ResponseBody::Chunks(chunks) => chunks.into_iter().next().unwrap_or_default(),
                ResponseBody::Truncated { start, .. } => start,
            };
            let truncated = ResponseBody::Truncated {
                // One byte more than exists, so that even an empty body is incomplete.
                length: start.len() as u64 + 1,
                start: start.slice(..start.len() / 2),
                progress: TruncatedProgress::Nothing,
            };
            Ok(http::Response::from_parts(parts, truncated))
        }
    }
}

/// Creates an error response in the service's format.
fn error_response(status: StatusCode, retry_after: Option<u64>) -> Response {
    let reason = status.canonical_reason().unwrap_or("Failed by the fake");
    let response = Response::detail(status, reason);
    match retry_after {
        Some(seconds) => response.header("retry-after", &seconds.to_string()),
        None => response,
    }
}

fn into_http(response: Response) -> Result<http::Response<ResponseBody>, Aborted> {
    let (status, headers, content) = response.into_parts();
    let mut builder = http::Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    let body = match content {
        Content::Whole(bytes) => ResponseBody::Whole(bytes),
        Content::Chunks(chunks) => ResponseBody::Chunks(chunks.into()),
    };
    // A response queued by a test can have an invalid status or header.
    builder.body(body).map_err(|_| Aborted)
}

/// Formats a log line without credentials, query values and bodies.
fn log_line(received: &ReceivedRequest, outcome: &str, started: Instant) -> String {
    let query = url::form_urlencoded::parse(received.query.as_bytes());
    let names: Vec<String> = query
        .map(|(name, _)| url::form_urlencoded::byte_serialize(name.as_bytes()).collect())
        .collect();
    let separator = if names.is_empty() { "" } else { "?" };
    format!(
        "{} {}{separator}{} {outcome} {} ms",
        received.method,
        received.path,
        names.join("&"),
        started.elapsed().as_millis()
    )
}
