//! What `tracing` is told of a call: one span for it and one for each attempt, with OpenTelemetry's names for HTTP.
//!
//! Never a query, a header or a body: the URL is shown by its template, the answer by status and request id.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use retab_api::runtime::{Request, Response};
use retab_api::{Error, ErrorKind};
use tracing::field::Empty;
use tracing::{Instrument as _, Span, debug, debug_span, info_span};

use crate::response::request_id;

/// The span of a call.
pub(super) fn call(request: &Request) -> Span {
    info_span!(
        "retab.call",
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

/// The span of an attempt that comes after so many others.
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

/// A call within its span, which records how it ends.
pub(super) async fn within(
    span: Span,
    call: impl Future<Output = Result<Response, Error>>,
) -> Result<Response, Error> {
    let end = call.instrument(span.clone()).await;
    end_of_call(&span, &end);
    end
}

fn end_of_call(span: &Span, end: &Result<Response, Error>) {
    let attempts = match end {
        Ok(answer) => answer.attempts,
        Err(error) => error.attempts(),
    };
    span.record("retab.attempts", attempts);
    end_of_attempt(span, end);
}

/// Records how the attempt of this span has ended.
pub(super) fn end_of_attempt(span: &Span, end: &Result<Response, Error>) {
    match end {
        Ok(answer) => record_answer(span, answer.status, &answer.headers),
        Err(error) => {
            span.record("error.type", type_of(error.kind()));
        }
    }
}

/// Tells that another attempt follows.
pub(super) fn pause(attempts: u32, pause: Duration) {
    debug!(
        attempts,
        ?pause,
        "the attempt failed, and is repeated after the pause"
    );
}

fn record_answer(span: &Span, status: StatusCode, headers: &HeaderMap) {
    span.record("http.response.status_code", status.as_u16());
    if let Some(request_id) = request_id(headers) {
        span.record("retab.request_id", request_id);
    }
    if !status.is_success() {
        span.record("error.type", status.as_str());
    }
}

fn type_of(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidRequest => "invalid_request",
        ErrorKind::Connect => "connect",
        ErrorKind::Timeout => "timeout",
        ErrorKind::Transport => "transport",
        ErrorKind::TooLarge => "too_large",
        _ => "_OTHER",
    }
}
