//! Tracing spans for requests and attempts, with the attribute names of OpenTelemetry's HTTP conventions.
//!
//! Spans contain the URL template, the status and the request id, but no query strings, headers or bodies.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use retab_api::runtime::{Request, Response};
use retab_api::{Error, ErrorKind};
use tracing::field::Empty;
use tracing::{Instrument as _, Span, debug, debug_span, info_span};

/// Creates the span of a request.
pub(super) fn request(request: &Request) -> Span {
    info_span!(
        "retab.request",
        "retab.operation" = request.operation().id,
        "http.request.method" = request.method().as_str(),
        "url.template" = request.operation().path,
        "server.address" = request.url().host_str(),
        "server.port" = request.url().port_or_known_default(),
        "http.response.status_code" = Empty,
        "error.type" = Empty,
        "retab.request_id" = Empty,
        "retab.attempts" = Empty,
    )
}

/// Creates the span of an attempt.
pub(super) fn attempt(request: &Request, resend_count: u32) -> Span {
    debug_span!(
        "retab.attempt",
        "otel.kind" = "client",
        "retab.operation" = request.operation().id,
        "http.request.method" = request.method().as_str(),
        "http.request.resend_count" = resend_count,
        "url.template" = request.operation().path,
        "server.address" = request.url().host_str(),
        "server.port" = request.url().port_or_known_default(),
        "http.response.status_code" = Empty,
        "error.type" = Empty,
        "retab.request_id" = Empty,
    )
}

/// Runs a request within its span and records the result.
pub(super) async fn within(
    span: Span,
    send: impl Future<Output = Result<Response, Error>>,
) -> Result<Response, Error> {
    let result = send.instrument(span.clone()).await;
    record_request(&span, &result);
    result
}

fn record_request(span: &Span, result: &Result<Response, Error>) {
    let attempts = match result {
        Ok(response) => response.attempts,
        Err(error) => error.attempts(),
    };
    span.record("retab.attempts", attempts);
    record_attempt(span, result);
}

/// Records the result of an attempt.
pub(super) fn record_attempt(span: &Span, result: &Result<Response, Error>) {
    match result {
        Ok(response) => record_response(span, response.status, &response.headers),
        Err(error) => {
            span.record("error.type", error_type(error.kind()));
        }
    }
}

/// Logs that a retry follows after a delay.
pub(super) fn retry_scheduled(attempts: u32, delay: Duration) {
    debug!(attempts, ?delay, "retry scheduled");
}

fn record_response(span: &Span, status: StatusCode, headers: &HeaderMap) {
    span.record("http.response.status_code", status.as_u16());
    let request_id = headers.get("x-request-id").and_then(|id| id.to_str().ok());
    if let Some(request_id) = request_id {
        span.record("retab.request_id", request_id);
    }
    if !status.is_success() {
        span.record("error.type", status.as_str());
    }
}

fn error_type(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidRequest => "invalid_request",
        ErrorKind::Connect => "connect",
        ErrorKind::Timeout => "timeout",
        ErrorKind::Transport => "transport",
        ErrorKind::TooLarge => "too_large",
        _ => "_OTHER",
    }
}
