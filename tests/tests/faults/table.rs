//! The faults and the expected result of each scenario under them.

use std::time::Duration;

use retab_fake::scripted_server::{Gate, Script};

use crate::SECRET;

/// A fault and its expected results.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    /// Returns the script of a connection whose request hits the fault.
    pub(crate) script: fn(&ValidResponse) -> Script,
    /// How many requests hit the fault.
    pub(crate) times: usize,
    pub(crate) effect: Effect,
    pub(crate) stall: Stall,
    /// Whether the run poller sleeps until its deadline.
    pub(crate) polls_at_deadline: bool,
    /// Whether the document exceeds the socket buffers.
    pub(crate) large_document: bool,
    /// How many presigned URLs the client requests.
    pub(crate) presigned_urls: usize,
    /// Whether the completion request of an upload hits the fault.
    pub(crate) on_completion: bool,
    /// The expected results in the order of `Scenario::ALL`; a dash and a reason if the fault does not apply.
    pub(crate) cells: [&'static str; 6],
}

/// Whether a completely received request may have taken effect.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Possible,
    None,
}

/// How long a script stalls.
#[derive(Clone, Copy)]
pub(crate) enum Stall {
    UntilTimeout,
    For(Duration),
}

/// The response of a healthy server, from which scripts derive faulty ones.
pub(crate) struct ValidResponse {
    pub(crate) status: u16,
    pub(crate) media_type: &'static str,
    pub(crate) body: String,
    /// The URL of another host.
    pub(crate) other_host: String,
    pub(crate) gate: Gate,
}

impl ValidResponse {
    fn with_body(&self, body: impl Into<Vec<u8>>) -> Script {
        let body = body.into();
        let head = [("content-type", self.media_type)];
        Script::new()
            .read_request()
            .write_head(self.status, &head, body.len())
            .write(body)
    }

    fn with_headers(&self, headers: &[(&str, &str)]) -> Script {
        let mut all = vec![("content-type", self.media_type)];
        all.extend(headers);
        Script::response(self.status, &all, &self.body)
    }

    /// Returns a script that stops in the middle of the response body.
    fn truncated(&self) -> Script {
        let (half, _) = self.body.split_at(self.body.len() / 2);
        let head = [("content-type", self.media_type)];
        Script::new()
            .read_request()
            .write_head(self.status, &head, self.body.len())
            .write(half)
    }

    /// Returns a script that writes `preamble` before the response.
    fn after(&self, preamble: &str) -> Script {
        let head = [("content-type", self.media_type)];
        Script::new()
            .read_request()
            .write(preamble)
            .write_head(self.status, &head, self.body.len())
            .write(self.body.as_str())
    }

    /// Returns the response as written to the connection.
    fn raw(&self) -> String {
        let Self {
            status,
            media_type,
            body,
            ..
        } = self;
        let length = body.len();
        format!(
            "HTTP/1.1 {status} X\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
    }

    /// Returns the head of a chunked response.
    fn chunked_head(&self) -> String {
        let Self {
            status, media_type, ..
        } = self;
        format!(
            "HTTP/1.1 {status} X\r\ncontent-type: {media_type}\r\ntransfer-encoding: chunked\r\n\r\n"
        )
    }
}

/// Returns a script that reads the request, writes these bytes and closes the connection.
fn raw(bytes: impl Into<Vec<u8>>) -> Script {
    Script::new().read_request().write(bytes)
}

/// Returns a script that responds with an error of the service.
fn error(status: u16, headers: &[(&str, &str)]) -> Script {
    let mut all = vec![("content-type", "application/json")];
    all.extend(headers);
    Script::response(status, &all, r#"{"detail":{"code":"no","message":"no"}}"#)
}

fn redirect(status: u16, location: &str) -> Script {
    Script::response(status, &[("location", location)], "")
}

/// A fault that hits one request, which may have taken effect.
const EFFECT_POSSIBLE: Fault = Fault {
    name: "",
    script: |_| Script::new(),
    times: 1,
    effect: Effect::Possible,
    stall: Stall::UntilTimeout,
    polls_at_deadline: false,
    large_document: false,
    presigned_urls: 1,
    on_completion: false,
    cells: [""; 6],
};

/// A fault that hits one request, which has not taken effect.
const NO_EFFECT: Fault = Fault {
    effect: Effect::None,
    ..EFFECT_POSSIBLE
};

/// More requests than any scenario sends.
const ALWAYS: usize = 100;

/// A date ten seconds after the start of the test clock.
const IN_TEN_SECONDS: &str = "Sun, 06 Nov 1994 08:49:47 GMT";

const TOO_LARGE: &str =
    "HTTP/1.1 413 X\r\ncontent-length: 13\r\nconnection: close\r\n\r\n{\"detail\":\"\"}";

/// Returns one chunk of a chunked body.
fn chunk() -> String {
    format!("4000\r\n{}\r\n", "[".repeat(0x4000))
}

/// `{}`, compressed.
const GZIP: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\xae\x05\0C\xbf\xa6\xa3\x02\0\0\0";

pub(crate) const FAULTS: &[Fault] = &[
    Fault {
        name: "connection refused",
        script: |valid| Script::refused_until(&valid.gate),
        cells: [
            "ok · 1/2 · 0.5 s",
            "ok · 1/2 · 0.5 s · created ≤ 1",
            "ok · 1/2 · 0.5 s",
            "ok · 1/2 · 5 s",
            "ok · 1/2 · 0.5 s",
            "ok · 1/2 · 0.5 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "connection refused, always",
        script: |_| Script::refused_until(&Gate::new()),
        cells: [
            "Connect retryable · 0/4 · 3.5 s",
            "Connect retryable · 0/4 · 3.5 s · created ≤ 0",
            "Connect retryable · 0/4 · 3.5 s",
            "timed out · 0/56 · 600 s",
            "Connect retryable · 0/4 · 3.5 s",
            "Connect retryable · 0/4 · 3.5 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "reset before request headers",
        script: |_| Script::new().reset(),
        cells: [
            "ok · 1/2 · 0.5 s",
            "Transport unknown retryable · 0/1 · 0 s · created ≤ 0",
            "ok · 1/2 · 0.5 s",
            "ok · 1/2 · 5 s",
            "ok · 1/2 · 0.5 s",
            "ok · 1/2 · 0.5 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "reset during request headers",
        script: |_| Script::new().discard(20).reset(),
        cells: [
            "ok · 1/2 · 0.5 s",
            "Transport unknown retryable · 0/1 · 0 s · created ≤ 0",
            "ok · 1/2 · 0.5 s",
            "ok · 1/2 · 5 s",
            "ok · 1/2 · 0.5 s",
            "ok · 1/2 · 0.5 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "reset before request body",
        script: |_| Script::new().read_head().reset(),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · created ≤ 0",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "reset during request body",
        script: |_| Script::new().read_head().read(1000).reset(),
        large_document: true,
        cells: [
            "- no request body",
            "Transport unknown retryable · 1/1 · 0 s · created ≤ 0",
            "ok · 2/2 · 0.5 s",
            "- no request body",
            "- no request body",
            "- no request body",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "closed without response",
        script: |_| Script::new().read_request(),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "reset without response",
        script: |_| Script::new().read_request().reset(),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "reset without response, always",
        script: |_| Script::new().read_request().reset(),
        times: ALWAYS,
        cells: [
            "Transport retryable · 4/4 · 3.5 s",
            "Transport unknown retryable · 1/1 · 0 s · created ≤ 1",
            "Transport retryable · 4/4 · 3.5 s",
            "timed out · 55/56 · 600 s",
            "Transport retryable · 4/4 · 3.5 s",
            "Transport retryable · 4/4 · 3.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "closed during response headers",
        script: |_| raw("HTTP/1.1 200 OK\r\ncontent-le"),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "response that is not HTTP",
        script: |_| raw("HUNTER2 \0\u{ff}\r\n\r\n"),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "reset during response body",
        script: |valid| valid.truncated().reset(),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "response body shorter than `Content-Length`",
        script: |valid| valid.truncated(),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "chunked response body without final chunk",
        script: |valid| {
            let (half, _) = valid.body.split_at(10);
            raw(format!("{}a\r\n{half}\r\n", valid.chunked_head()))
        },
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "response body that stalls",
        script: |valid| valid.truncated().hold(),
        cells: [
            "ok · 2/2 · 300.5 s",
            "Timeout unknown retryable · 1/1 · 300 s · created ≤ 1",
            "ok · 1/1 · 0 s",
            "ok · 2/2 · 305 s",
            "ok · 2/2 · 300.5 s",
            "ok · 2/2 · 300.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "no response within 300 s",
        script: |_| Script::new().read_request().hold(),
        cells: [
            "ok · 2/2 · 300.5 s",
            "Timeout unknown retryable · 1/1 · 300 s · created ≤ 1",
            "ok · 2/2 · 300.5 s",
            "ok · 2/2 · 305 s",
            "ok · 2/2 · 300.5 s",
            "ok · 2/2 · 300.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "no response within 300 s, always",
        script: |_| Script::new().read_request().hold(),
        times: ALWAYS,
        cells: [
            "Timeout retryable · 4/4 · 1203.5 s",
            "Timeout unknown retryable · 1/1 · 300 s · created ≤ 1",
            "Timeout retryable · 4/4 · 1203.5 s",
            "timed out · 2/2 · 600 s",
            "Timeout retryable · 4/4 · 1203.5 s",
            "Timeout retryable · 4/4 · 1203.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "first response byte after 100 s",
        script: |valid| {
            Script::new()
                .read_request()
                .wait(&valid.gate)
                .write(valid.raw())
        },
        stall: Stall::For(Duration::from_secs(100)),
        cells: [
            "ok · 1/1 · 100 s",
            "ok · 1/1 · 100 s · created ≤ 1",
            "ok · 1/1 · 100 s",
            "ok · 1/1 · 102 s",
            "ok · 1/1 · 100 s",
            "ok · 1/1 · 100 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "400",
        script: |_| error(400, &[]),
        cells: [
            "Status 400 · 1/1 · 0 s",
            "Status 400 · 1/1 · 0 s · created ≤ 0",
            "Status 400 · 1/1 · 0 s",
            "Status 400 · 1/1 · 2 s",
            "Status 400 · 1/1 · 0 s",
            "Status 400 · 1/1 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "401",
        script: |_| error(401, &[]),
        cells: [
            "Status 401 · 1/1 · 0 s",
            "Status 401 · 1/1 · 0 s · created ≤ 0",
            "Status 401 · 1/1 · 0 s",
            "Status 401 · 1/1 · 2 s",
            "Status 401 · 1/1 · 0 s",
            "Status 401 · 1/1 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "403",
        script: |_| error(403, &[]),
        cells: [
            "Status 403 · 1/1 · 0 s",
            "Status 403 · 1/1 · 0 s · created ≤ 0",
            "Status 403 · 1/1 · 0 s",
            "Status 403 · 1/1 · 2 s",
            "Status 403 · 1/1 · 0 s",
            "Status 403 · 1/1 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "404",
        script: |_| error(404, &[]),
        cells: [
            "Status 404 · 1/1 · 0 s",
            "Status 404 · 1/1 · 0 s · created ≤ 0",
            "Status 404 · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "Status 404 · 1/1 · 0 s",
            "Status 404 · 1/1 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "409",
        script: |_| error(409, &[]),
        cells: [
            "Status 409 · 1/1 · 0 s",
            "Status 409 · 1/1 · 0 s · created ≤ 0",
            "Status 409 · 1/1 · 0 s",
            "Status 409 · 1/1 · 2 s",
            "Status 409 · 1/1 · 0 s",
            "Status 409 · 1/1 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "404, always",
        script: |_| error(404, &[]),
        times: ALWAYS,
        cells: [
            "Status 404 · 1/1 · 0 s",
            "Status 404 · 1/1 · 0 s · created ≤ 0",
            "Status 404 · 1/1 · 0 s",
            "Status 404 · 3/3 · 9.5 s",
            "Status 404 · 1/1 · 0 s",
            "Status 404 · 1/1 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "408",
        script: |_| error(408, &[]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 408 unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "413 before the request body is complete",
        script: |_| Script::new().read_head().read(1000).write(TOO_LARGE).hold(),
        large_document: true,
        cells: [
            "- no request body",
            "Status 413 · 1/1 · 0 s · created ≤ 0",
            "Status 413 · 1/1 · 0 s",
            "- no request body",
            "- no request body",
            "- no request body",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "success before the request body is complete",
        script: |valid| {
            Script::new()
                .read_head()
                .read(1000)
                .write(valid.raw())
                .hold()
        },
        large_document: true,
        cells: [
            "- no request body",
            "ok · 1/1 · 0 s · created ≤ 1",
            "UnexpectedResponse · 1/1 · 0 s",
            "- no request body",
            "- no request body",
            "- no request body",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "422",
        script: |_| error(422, &[]),
        cells: [
            "Status 422 · 1/1 · 0 s",
            "Status 422 · 1/1 · 0 s · created ≤ 0",
            "Status 422 · 1/1 · 0 s",
            "Status 422 · 1/1 · 2 s",
            "Status 422 · 1/1 · 0 s",
            "Status 422 · 1/1 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "425",
        script: |_| error(425, &[]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "429",
        script: |_| error(429, &[]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "429, always",
        script: |_| error(429, &[]),
        times: ALWAYS,
        cells: [
            "Status 429 retryable · 4/4 · 3.5 s",
            "Status 429 retryable · 4/4 · 3.5 s · created ≤ 0",
            "Status 429 retryable · 4/4 · 3.5 s",
            "timed out · 55/56 · 600 s",
            "Status 429 retryable · 4/4 · 3.5 s",
            "Status 429 retryable · 4/4 · 3.5 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "429, `Retry-After: 7`",
        script: |_| error(429, &[("retry-after", "7")]),
        cells: [
            "ok · 2/2 · 7.5 s",
            "ok · 2/2 · 7.5 s · created ≤ 1",
            "ok · 2/2 · 7.5 s",
            "ok · 2/2 · 9 s",
            "ok · 2/2 · 7.5 s",
            "ok · 2/2 · 7.5 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "429, `Retry-After` date in 10 s",
        script: |_| error(429, &[("retry-after", IN_TEN_SECONDS)]),
        cells: [
            "ok · 2/2 · 10.5 s",
            "ok · 2/2 · 10.5 s · created ≤ 1",
            "ok · 2/2 · 10.5 s",
            "ok · 2/2 · 10 s",
            "ok · 2/2 · 10.5 s",
            "ok · 2/2 · 10.5 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "429, `Retry-After` date in the past",
        script: |_| error(429, &[("retry-after", "Sun, 06 Nov 1994 08:49:36 GMT")]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "429, `Retry-After: 9999999999999999999`",
        script: |_| error(429, &[("retry-after", "9999999999999999999")]),
        polls_at_deadline: true,
        cells: [
            "Status 429 retryable · 1/1 · 0 s",
            "Status 429 retryable · 1/1 · 0 s · created ≤ 0",
            "Status 429 retryable · 1/1 · 0 s",
            "timed out · 1/1 · 600 s",
            "Status 429 retryable · 1/1 · 0 s",
            "Status 429 retryable · 1/1 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "429, `Retry-After: soon`",
        script: |_| error(429, &[("retry-after", "soon")]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "500",
        script: |_| error(500, &[]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 500 unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "501",
        script: |_| error(501, &[]),
        cells: [
            "Status 501 · 1/1 · 0 s",
            "Status 501 · 1/1 · 0 s · created ≤ 0",
            "Status 501 · 1/1 · 0 s",
            "Status 501 · 1/1 · 2 s",
            "Status 501 · 1/1 · 0 s",
            "Status 501 · 1/1 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "502",
        script: |_| error(502, &[]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 502 unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "503",
        script: |_| error(503, &[]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 503 unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "503, always",
        script: |_| error(503, &[]),
        times: ALWAYS,
        cells: [
            "Status 503 retryable · 4/4 · 3.5 s",
            "Status 503 unknown retryable · 1/1 · 0 s · created ≤ 1",
            "Status 503 retryable · 4/4 · 3.5 s",
            "timed out · 55/56 · 600 s",
            "Status 503 retryable · 4/4 · 3.5 s",
            "Status 503 retryable · 4/4 · 3.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "503, `Retry-After: 7`",
        script: |_| error(503, &[("retry-after", "7")]),
        cells: [
            "ok · 2/2 · 7.5 s",
            "ok · 2/2 · 7.5 s · created ≤ 1",
            "ok · 2/2 · 7.5 s",
            "ok · 2/2 · 9 s",
            "ok · 2/2 · 7.5 s",
            "ok · 2/2 · 7.5 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "504",
        script: |_| error(504, &[]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 504 unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "505",
        script: |_| error(505, &[]),
        cells: [
            "Status 505 · 1/1 · 0 s",
            "Status 505 · 1/1 · 0 s · created ≤ 0",
            "Status 505 · 1/1 · 0 s",
            "Status 505 · 1/1 · 2 s",
            "Status 505 · 1/1 · 0 s",
            "Status 505 · 1/1 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "506",
        script: |_| error(506, &[]),
        cells: [
            "Status 506 · 1/1 · 0 s",
            "Status 506 unknown · 1/1 · 0 s · created ≤ 1",
            "Status 506 · 1/1 · 0 s",
            "Status 506 · 1/1 · 2 s",
            "Status 506 · 1/1 · 0 s",
            "Status 506 · 1/1 · 0 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "507",
        script: |_| error(507, &[]),
        cells: [
            "Status 507 · 1/1 · 0 s",
            "Status 507 unknown · 1/1 · 0 s · created ≤ 1",
            "Status 507 · 1/1 · 0 s",
            "Status 507 · 1/1 · 2 s",
            "Status 507 · 1/1 · 0 s",
            "Status 507 · 1/1 · 0 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "508",
        script: |_| error(508, &[]),
        cells: [
            "Status 508 · 1/1 · 0 s",
            "Status 508 unknown · 1/1 · 0 s · created ≤ 1",
            "Status 508 · 1/1 · 0 s",
            "Status 508 · 1/1 · 2 s",
            "Status 508 · 1/1 · 0 s",
            "Status 508 · 1/1 · 0 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "510",
        script: |_| error(510, &[]),
        cells: [
            "Status 510 · 1/1 · 0 s",
            "Status 510 unknown · 1/1 · 0 s · created ≤ 1",
            "Status 510 · 1/1 · 0 s",
            "Status 510 · 1/1 · 2 s",
            "Status 510 · 1/1 · 0 s",
            "Status 510 · 1/1 · 0 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "511",
        script: |_| error(511, &[]),
        cells: [
            "Status 511 · 1/1 · 0 s",
            "Status 511 · 1/1 · 0 s · created ≤ 0",
            "Status 511 · 1/1 · 0 s",
            "Status 511 · 1/1 · 2 s",
            "Status 511 · 1/1 · 0 s",
            "Status 511 · 1/1 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "520",
        script: |_| error(520, &[]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 520 unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "599",
        script: |_| error(599, &[]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 599 unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "600",
        script: |_| error(600, &[]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 600 unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "502 with HTML body",
        script: |_| {
            Script::response(
                502,
                &[("content-type", "text/html")],
                "<html>HUNTER2</html>",
            )
        },
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 502 unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "500 with empty body",
        script: |_| Script::response(500, &[], ""),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 500 unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "500 with invalid UTF-8",
        script: |_| {
            raw(&b"HTTP/1.1 500 X\r\ncontent-type: application/json\r\ncontent-length: 4\r\nconnection: close\r\n\r\n\"\xff\xfe\""[..])
        },
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 500 unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "500 with endless body",
        script: |valid| {
            let head = valid
                .chunked_head()
                .replacen(&valid.status.to_string(), "500", 1);
            raw(head).write_until_closed(chunk())
        },
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 500 unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "500 with truncated body",
        script: |_| raw("HTTP/1.1 500 X\r\ncontent-length: 900\r\n\r\n{\"detail\":").reset(),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 500 unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "500 with JSON nested 10,000 levels deep",
        script: |_| Script::json(500, &format!(r#"{{"detail":{}"#, "[".repeat(10_000))),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 500 unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "401 that echoes the API key",
        script: |_| {
            Script::json(
                401,
                r#"{"detail":{"code":"rt_test_HUNTER2","message":"no rt_test_HUNTER2"}}"#,
            )
        },
        cells: [
            "Status 401 · 1/1 · 0 s",
            "Status 401 · 1/1 · 0 s · created ≤ 0",
            "- object storage never receives the key",
            "Status 401 · 1/1 · 2 s",
            "Status 401 · 1/1 · 0 s",
            "- object storage never receives the key",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "success with content type `text/html`",
        script: |valid| {
            Script::response(
                valid.status,
                &[("content-type", "text/html")],
                "<html>HUNTER2</html>",
            )
        },
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · created ≤ 1",
            "- response body is ignored",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- any bytes are valid content",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "success with invalid JSON",
        script: |valid| valid.with_body("HUNTER2 {"),
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · created ≤ 1",
            "- response body is ignored",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- any bytes are valid content",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "success with mismatched JSON types",
        script: |valid| valid.with_body(r#"{"id":"run_1","data":"HUNTER2","lifecycle":"HUNTER2"}"#),
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · created ≤ 1",
            "- response body is ignored",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- any bytes are valid content",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "success with duplicate JSON keys",
        script: |valid| valid.with_body(valid.body.replacen('{', r#"{"id":"run_0","data":[],"#, 1)),
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · created ≤ 1",
            "- response body is ignored",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- any bytes are valid content",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "success with an unknown field nested 10,000 levels deep",
        script: |valid| {
            let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
            valid.with_body(valid.body.replacen('{', &format!(r#"{{"deep":{deep},"#), 1))
        },
        cells: [
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 0 s · created ≤ 1",
            "- response body is ignored",
            "ok · 1/1 · 2 s",
            "ok · 1/1 · 0 s",
            "- any bytes are valid content",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "success with an unknown variant nested 10,000 levels deep",
        script: |valid| {
            let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
            valid.with_body(valid.body.replacen(
                r#"{"status":"#,
                &format!(r#"{{"deep":{deep},"status":"x","was":"#),
                1,
            ))
        },
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · created ≤ 1",
            "- response body is ignored",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- any bytes are valid content",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "success without `Content-Length`, truncated",
        script: |valid| {
            let (half, _) = valid.body.split_at(valid.body.len() / 2);
            let ValidResponse {
                status, media_type, ..
            } = valid;
            raw(format!(
                "HTTP/1.1 {status} X\r\ncontent-type: {media_type}\r\n\r\n{half}"
            ))
        },
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · created ≤ 1",
            "- response body is ignored",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- truncation is undetectable",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "success with invalid UTF-8",
        script: |valid| valid.with_body([br#"{"id":"HUNTER2"#, &b"\xff\xfe\"}"[..]].concat()),
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · created ≤ 1",
            "- response body is ignored",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- any bytes are valid content",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "success with empty body",
        script: |valid| valid.with_body(""),
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · created ≤ 1",
            "- empty body is the normal response",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- files may be empty",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "success with `Content-Length` above the limit",
        script: |valid| {
            let head = [("content-type", valid.media_type)];
            let request = Script::new().read_request();
            request.write_head(valid.status, &head, 1 << 40).write("[")
        },
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · created ≤ 1",
            "- response body is ignored",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- files may have any size",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "success with endless body",
        script: |valid| raw(valid.chunked_head()).write_until_closed(chunk()),
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · created ≤ 1",
            "- response body is ignored",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- files may have any size",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "`Content-Encoding: gzip` on an uncompressed body",
        script: |valid| valid.with_headers(&[("content-encoding", "gzip")]),
        cells: [
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 0 s · created ≤ 1",
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 2 s",
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 0 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "gzip body that was not requested",
        script: |valid| {
            let head = [
                ("content-type", valid.media_type),
                ("content-encoding", "gzip"),
            ];
            let request = Script::new().read_request();
            request
                .write_head(valid.status, &head, GZIP.len())
                .write(GZIP)
        },
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · created ≤ 1",
            "- response body is ignored",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- any bytes are valid content",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "204 with a body",
        script: |valid| {
            let body = &valid.body;
            raw(format!(
                "HTTP/1.1 204 No Content\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            ))
        },
        cells: [
            "UnexpectedResponse 204 · 1/1 · 0 s",
            "UnexpectedResponse 204 unknown · 1/1 · 0 s · created ≤ 1",
            "ok · 1/1 · 0 s",
            "UnexpectedResponse 204 · 1/1 · 2 s",
            "UnexpectedResponse 204 · 1/1 · 0 s",
            "UnexpectedResponse · 1/1 · 0 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "204 without a body",
        script: |_| raw("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"),
        cells: [
            "UnexpectedResponse 204 · 1/1 · 0 s",
            "UnexpectedResponse 204 unknown · 1/1 · 0 s · created ≤ 1",
            "ok · 1/1 · 0 s",
            "UnexpectedResponse 204 · 1/1 · 2 s",
            "UnexpectedResponse 204 · 1/1 · 0 s",
            "UnexpectedResponse · 1/1 · 0 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "206 with partial body",
        script: |valid| {
            Script::response(
                206,
                &[("content-type", valid.media_type)],
                &valid.body[..10],
            )
        },
        cells: [
            "UnexpectedResponse 206 · 1/1 · 0 s",
            "UnexpectedResponse 206 unknown · 1/1 · 0 s · created ≤ 1",
            "- response body is ignored",
            "UnexpectedResponse 206 · 1/1 · 2 s",
            "UnexpectedResponse 206 · 1/1 · 0 s",
            "UnexpectedResponse · 1/1 · 0 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "200 instead of 202, 202 instead of 200",
        script: |valid| {
            let other = if valid.status == 202 { 200 } else { 202 };
            Script::response(other, &[("content-type", valid.media_type)], &valid.body)
        },
        cells: [
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 0 s · created ≤ 1",
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 2 s",
            "ok · 1/1 · 0 s",
            "UnexpectedResponse · 1/1 · 0 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "301 to another host",
        script: |valid| redirect(301, &valid.other_host),
        cells: [
            "Status 301 · 1/1 · 0 s",
            "Status 301 · 1/1 · 0 s · created ≤ 0",
            "Status 301 · 1/1 · 0 s",
            "Status 301 · 1/1 · 2 s",
            "Status 301 · 1/1 · 0 s",
            "Status 301 · 1/1 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "302 to another host",
        script: |valid| redirect(302, &valid.other_host),
        cells: [
            "Status 302 · 1/1 · 0 s",
            "Status 302 unknown · 1/1 · 0 s · created ≤ 1",
            "Status 302 · 1/1 · 0 s",
            "Status 302 · 1/1 · 2 s",
            "Status 302 · 1/1 · 0 s",
            "Status 302 · 1/1 · 0 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "303 to another host",
        script: |valid| redirect(303, &valid.other_host),
        cells: [
            "Status 303 · 1/1 · 0 s",
            "Status 303 unknown · 1/1 · 0 s · created ≤ 1",
            "Status 303 · 1/1 · 0 s",
            "Status 303 · 1/1 · 2 s",
            "Status 303 · 1/1 · 0 s",
            "Status 303 · 1/1 · 0 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "307 to another host",
        script: |valid| redirect(307, &valid.other_host),
        cells: [
            "Status 307 · 1/1 · 0 s",
            "Status 307 · 1/1 · 0 s · created ≤ 0",
            "Status 307 · 1/1 · 0 s",
            "Status 307 · 1/1 · 2 s",
            "Status 307 · 1/1 · 0 s",
            "Status 307 · 1/1 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "308 to another host",
        script: |valid| redirect(308, &valid.other_host),
        cells: [
            "Status 308 · 1/1 · 0 s",
            "Status 308 · 1/1 · 0 s · created ≤ 0",
            "Status 308 · 1/1 · 0 s",
            "Status 308 · 1/1 · 2 s",
            "Status 308 · 1/1 · 0 s",
            "Status 308 · 1/1 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "307 to the same host",
        script: |_| redirect(307, "/v1/elsewhere?signature=HUNTER2"),
        cells: [
            "Status 307 · 1/1 · 0 s",
            "Status 307 · 1/1 · 0 s · created ≤ 0",
            "Status 307 · 1/1 · 0 s",
            "Status 307 · 1/1 · 2 s",
            "Status 307 · 1/1 · 0 s",
            "Status 307 · 1/1 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "300 without `Location`",
        script: |_| Script::response(300, &[], ""),
        cells: [
            "Status 300 · 1/1 · 0 s",
            "Status 300 · 1/1 · 0 s · created ≤ 0",
            "Status 300 · 1/1 · 0 s",
            "Status 300 · 1/1 · 2 s",
            "Status 300 · 1/1 · 0 s",
            "Status 300 · 1/1 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "100 and 103 before the response",
        script: |valid| {
            valid.after(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: <HUNTER2>\r\n\r\n",
            )
        },
        cells: [
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 0 s · created ≤ 1",
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 2 s",
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 0 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "101 to another protocol",
        script: |_| {
            raw("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n")
        },
        cells: [
            "Status 101 · 1/1 · 0 s",
            "Status 101 unknown · 1/1 · 0 s · created ≤ 1",
            "Status 101 · 1/1 · 0 s",
            "Status 101 · 1/1 · 2 s",
            "Status 101 · 1/1 · 0 s",
            "Status 101 · 1/1 · 0 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "response with 200 headers",
        script: |valid| {
            let names: Vec<_> = (0..200).map(|n| format!("x-flood-{n}")).collect();
            let headers: Vec<_> = names.iter().map(|name| (name.as_str(), SECRET)).collect();
            valid.with_headers(&headers)
        },
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "response with a 1 MiB header",
        script: |valid| valid.with_headers(&[("x-flood", &SECRET.repeat(150_000))]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · created ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "second response after the first",
        script: |valid| {
            let first = valid.raw().replace("connection: close\r\n", "");
            raw(first + "HTTP/1.1 500 X\r\ncontent-length: 0\r\n\r\n")
        },
        cells: [
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 0 s · created ≤ 1",
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 2 s",
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 0 s",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "410, expired presigned URL",
        script: |_| error(410, &[]),
        presigned_urls: 2,
        cells: [
            "- no presigned URL",
            "- no presigned URL",
            "ok · 2/2 · 0 s",
            "- no presigned URL",
            "- no presigned URL",
            "ok · 2/2 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "410, expired presigned URL, always",
        script: |_| error(410, &[]),
        times: ALWAYS,
        presigned_urls: 3,
        cells: [
            "- no presigned URL",
            "- no presigned URL",
            "Status 410 · 3/3 · 0 s",
            "- no presigned URL",
            "- no presigned URL",
            "Status 410 · 3/3 · 0 s",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "422 on upload completion, hash mismatch",
        script: |_| error(422, &[]),
        on_completion: true,
        cells: [
            "- no completion request",
            "- no completion request",
            "Status 422 · 1/1 · 0 s",
            "- no completion request",
            "- no completion request",
            "- no completion request",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "410 on upload completion, expired session",
        script: |_| error(410, &[]),
        on_completion: true,
        presigned_urls: 2,
        cells: [
            "- no completion request",
            "- no completion request",
            "ok · 2/2 · 0 s",
            "- no completion request",
            "- no completion request",
            "- no completion request",
        ],
        ..NO_EFFECT
    },
    Fault {
        name: "503 on upload completion",
        script: |_| error(503, &[]),
        on_completion: true,
        cells: [
            "- no completion request",
            "- no completion request",
            "ok · 1/1 · 0.5 s",
            "- no completion request",
            "- no completion request",
            "- no completion request",
        ],
        ..EFFECT_POSSIBLE
    },
    Fault {
        name: "reset without response on upload completion",
        script: |_| Script::new().read_request().reset(),
        on_completion: true,
        cells: [
            "- no completion request",
            "- no completion request",
            "ok · 1/1 · 0.5 s",
            "- no completion request",
            "- no completion request",
            "- no completion request",
        ],
        ..EFFECT_POSSIBLE
    },
];
