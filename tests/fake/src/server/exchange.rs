//! One request and its answer.

use std::fmt;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, StatusCode};
use hyper::body::Incoming;

use super::body::{self, Arrived, Outgoing, Sent};
use super::socket::End;
use super::{Handler, Side};
use crate::faults::Fault;
use crate::received_request::ReceivedRequest;
use crate::response::{Content, Response};
use crate::service::{MAX_BODY_SIZE, MAX_STORED_FILE_SIZE, StoredContent, route};
use crate::spec::vendored;

/// The connection ends here.
#[derive(Debug)]
pub(super) struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection ends here")
    }
}

impl std::error::Error for Broken {}

/// Answers a request, unless a fault ends the connection.
pub(super) async fn answer(
    handler: &Handler,
    side: Side,
    request: Request<Incoming>,
    end: &End,
) -> Result<http::Response<Outgoing>, Broken> {
    let started = Instant::now();
    let (head, body) = request.into_parts();
    let mut received = ReceivedRequest::new(head.method, &head.uri, head.headers, Bytes::new());
    let answer = match side {
        Side::Service => {
            let body = body::read(body, &received.headers, MAX_BODY_SIZE).await?;
            of_service(handler, &mut received, body, end).await
        }
        Side::Storage => {
            let hashed = body::read_and_hash(body, MAX_STORED_FILE_SIZE).await?;
            let stored = StoredContent {
                size: hashed.body.size,
                sha256: hashed.sha256,
                bytes: hashed.body.content,
            };
            received.body = stored.bytes.clone().unwrap_or_default();
            of_storage(handler, &received, stored, end).await
        }
    };
    if let Some(log) = &handler.log {
        let outcome = match &answer {
            Ok(response) => response.status().as_u16().to_string(),
            Err(Broken) => "broken".to_owned(),
        };
        log(&line(&received, &outcome, started));
    }
    answer
}

async fn of_service(
    handler: &Handler,
    received: &mut ReceivedRequest,
    body: Arrived,
    end: &End,
) -> Result<http::Response<Outgoing>, Broken> {
    let is_too_large = body.content.is_none();
    received.body = body.content.unwrap_or_default();
    let (id, canned) = {
        let mut service = handler.service();
        (service.log_request(received), service.canned.pop_front())
    };
    wait(handler.latency).await;
    let with_id = |answer: Response| answer.header("x-request-id", &id);
    if let Some(canned) = canned {
        return response(with_id(canned));
    }
    let operation = vendored().find(&received.method, &received.path);
    let fault = handler
        .faults()
        .strike(operation.map_or("", |found| found.id));
    let act = || {
        let answer = if is_too_large {
            Response::detail(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large")
                .header("connection", "close")
        } else {
            act(handler, received)
        };
        with_id(answer)
    };
    spoil(fault, act, with_id, end).await
}

async fn of_storage(
    handler: &Handler,
    received: &ReceivedRequest,
    stored: StoredContent,
    end: &End,
) -> Result<http::Response<Outgoing>, Broken> {
    let canned = {
        let mut service = handler.service();
        service.storage_received.add(received);
        service.storage_canned.pop_front()
    };
    wait(handler.latency).await;
    if let Some(canned) = canned {
        return response(canned);
    }
    let fault = handler.faults().strike("storage");
    let act = || handler.service().handle_storage(received, stored);
    spoil(fault, act, |answer| answer, end).await
}

/// Waits, where there is something to wait for: a timer of nothing takes a millisecond.
async fn wait(latency: Duration) {
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
}

/// What the service does with a request. What needs no state is done without the lock.
fn act(handler: &Handler, received: &ReceivedRequest) -> Response {
    let (clock, pace, undeclared) = {
        let service = handler.service();
        (service.clock.clone(), service.pace, service.undeclared)
    };
    match route::check(received, &clock, pace, undeclared) {
        Ok(request) => handler.service().handle(&request),
        Err(refusal) => refusal,
    }
}

/// Answers, or what a fault makes of it.
async fn spoil(
    fault: Option<Fault>,
    act: impl FnOnce() -> Response,
    with_id: impl FnOnce(Response) -> Response,
    end: &End,
) -> Result<http::Response<Outgoing>, Broken> {
    match fault {
        None => response(act()),
        Some(Fault::Status(status, hint)) => response(with_id(refusal(status, hint))),
        Some(Fault::Html) => {
            let page = "<html><body><h1>502 Bad Gateway</h1></body></html>";
            response(Response::new(502, "text/html", page))
        }
        Some(Fault::Reset) => {
            end.by_reset();
            Err(Broken)
        }
        Some(Fault::Lost) => {
            drop(act());
            end.by_reset();
            Err(Broken)
        }
        // It ends when the client closes the connection.
        Some(Fault::Stall) => std::future::pending().await,
        Some(Fault::Truncate) => {
            let (parts, body) = response(act())?.into_parts();
            let start = match body {
                Outgoing::Whole(bytes) => bytes,
                Outgoing::Pieces(pieces) => pieces.into_iter().next().unwrap_or_default(),
                Outgoing::Cut { start, .. } => start,
            };
            let cut = Outgoing::Cut {
                // More than there is, so that something is missing even of an empty body.
                length: start.len() as u64 + 1,
                start: start.slice(..start.len() / 2),
                sent: Sent::Nothing,
            };
            Ok(http::Response::from_parts(parts, cut))
        }
    }
}

/// The service's own words for a status that a fault gives.
fn refusal(status: StatusCode, hint: Option<u64>) -> Response {
    let reason = status.canonical_reason().unwrap_or("Failed by the fake");
    let answer = Response::detail(status, reason);
    match hint {
        Some(seconds) => answer.header("retry-after", &seconds.to_string()),
        None => answer,
    }
}

fn response(answer: Response) -> Result<http::Response<Outgoing>, Broken> {
    let (status, headers, content) = answer.into_parts();
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    let body = match content {
        Content::Whole(bytes) => Outgoing::Whole(bytes),
        Content::Pieces(pieces) => Outgoing::Pieces(pieces.into()),
    };
    // What a test has queued need not be an answer of HTTP.
    response.body(body).map_err(|_| Broken)
}

/// What is logged of a request: no credentials, no values of the query, no body.
fn line(received: &ReceivedRequest, outcome: &str, started: Instant) -> String {
    let query = url::form_urlencoded::parse(received.query.as_bytes());
    let names: Vec<String> = query
        .map(|(name, _)| url::form_urlencoded::byte_serialize(name.as_bytes()).collect())
        .collect();
    let mark = if names.is_empty() { "" } else { "?" };
    format!(
        "{} {}{mark}{} {outcome} {} ms",
        received.method,
        received.path,
        names.join("&"),
        started.elapsed().as_millis()
    )
}
