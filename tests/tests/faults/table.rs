//! The faults, and how each call ends in them.

use std::time::Duration;

use retab_fake::scripted_server::{Gate, Script};

use crate::SECRET;

/// A fault, and what comes of it.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    /// What happens on a connection whose request meets the fault.
    pub(crate) script: fn(&Target) -> Script,
    /// How many requests meet it.
    pub(crate) times: usize,
    /// Whether the service may have done what it was asked to.
    pub(crate) effect: Effect,
    pub(crate) silence: Silence,
    /// Whether a wait has pauses that are longer than those of the client.
    pub(crate) patient: bool,
    /// Whether the document is larger than what the buffers of a connection hold.
    pub(crate) large: bool,
    /// How many times the address of the storage is asked for.
    pub(crate) sessions: usize,
    /// Whether it is the completion of an upload that meets the fault.
    pub(crate) in_completion: bool,
    /// The ends, in the order of `Kind::ALL`; or a dash and the reason why there is none.
    pub(crate) cells: [&'static str; 6],
}

/// Whether a request that arrived whole may have taken effect.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Possible,
    None,
}

/// What becomes of a script that falls silent.
#[derive(Clone, Copy)]
pub(crate) enum Silence {
    Lasting,
    Ending(Duration),
}

/// What a script is made from: the right answer, and where else there is something.
pub(crate) struct Target {
    pub(crate) elsewhere: String,
    pub(crate) gate: Gate,
    pub(crate) status: u16,
    pub(crate) media_type: &'static str,
    pub(crate) body: String,
}

impl Target {
    /// The right answer with this body.
    fn with_body(&self, body: impl Into<Vec<u8>>) -> Script {
        let body = body.into();
        let head = [("content-type", self.media_type)];
        Script::new()
            .read_request()
            .write_head(self.status, &head, body.len())
            .write(body)
    }

    /// The right answer with these headers besides.
    fn with_headers(&self, headers: &[(&str, &str)]) -> Script {
        let mut all = vec![("content-type", self.media_type)];
        all.extend(headers);
        Script::response(self.status, &all, &self.body)
    }

    /// The right answer up to the middle of its body.
    fn half(&self) -> Script {
        let (half, _) = self.body.split_at(self.body.len() / 2);
        let head = [("content-type", self.media_type)];
        Script::new()
            .read_request()
            .write_head(self.status, &head, self.body.len())
            .write(half)
    }

    /// The right answer, after these lines of the connection.
    fn after(&self, lines: &str) -> Script {
        let head = [("content-type", self.media_type)];
        Script::new()
            .read_request()
            .write(lines)
            .write_head(self.status, &head, self.body.len())
            .write(self.body.as_str())
    }

    /// The right answer, as bytes.
    fn right(&self) -> String {
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

    /// The head of an answer without a length.
    fn chunked_head(&self) -> String {
        let Self {
            status, media_type, ..
        } = self;
        format!(
            "HTTP/1.1 {status} X\r\ncontent-type: {media_type}\r\ntransfer-encoding: chunked\r\n\r\n"
        )
    }
}

/// The request, read; then these bytes, and the end of the connection.
fn raw(bytes: impl Into<Vec<u8>>) -> Script {
    Script::new().read_request().write(bytes)
}

/// A status with an error of the service.
fn refusal(status: u16, headers: &[(&str, &str)]) -> Script {
    let mut all = vec![("content-type", "application/json")];
    all.extend(headers);
    Script::response(status, &all, r#"{"detail":{"code":"no","message":"no"}}"#)
}

fn redirect(status: u16, to: &str) -> Script {
    Script::response(status, &[("location", to)], "")
}

/// The fault meets one request, which may have taken effect.
const ONCE: Fault = Fault {
    name: "",
    script: |_| Script::new(),
    times: 1,
    effect: Effect::Possible,
    silence: Silence::Lasting,
    patient: false,
    large: false,
    sessions: 1,
    in_completion: false,
    cells: [""; 6],
};

/// The fault meets one request, which has not taken effect.
const REFUSED: Fault = Fault {
    effect: Effect::None,
    ..ONCE
};

/// More requests than any call sends.
const ALWAYS: usize = 100;

/// A moment of the clock by which the tests go, ten seconds after its start.
const IN_TEN_SECONDS: &str = "Sun, 06 Nov 1994 08:49:47 GMT";

const TOO_LARGE: &str =
    "HTTP/1.1 413 X\r\ncontent-length: 13\r\nconnection: close\r\n\r\n{\"detail\":\"\"}";

/// A chunk of a chunked body.
fn chunk() -> String {
    format!("4000\r\n{}\r\n", "[".repeat(0x4000))
}

/// Two braces, compressed.
const GZIP: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\xae\x05\0C\xbf\xa6\xa3\x02\0\0\0";

pub(crate) const FAULTS: &[Fault] = &[
    Fault {
        name: "connection refused",
        script: |target| Script::refused_until(&target.gate),
        cells: [
            "ok · 1/2 · 0.5 s",
            "ok · 1/2 · 0.5 s · made ≤ 1",
            "ok · 1/2 · 0.5 s",
            "ok · 1/2 · 5 s",
            "ok · 1/2 · 0.5 s",
            "ok · 1/2 · 0.5 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "connection refused, always",
        script: |_| Script::refused_until(&Gate::new()),
        cells: [
            "Connect retryable · 0/4 · 3.5 s",
            "Connect retryable · 0/4 · 3.5 s · made ≤ 0",
            "Connect retryable · 0/4 · 3.5 s",
            "timed out · 0/56 · 600 s",
            "Connect retryable · 0/4 · 3.5 s",
            "Connect retryable · 0/4 · 3.5 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "reset before the head of the request",
        script: |_| Script::new().reset(),
        cells: [
            "ok · 1/2 · 0.5 s",
            "Transport unknown retryable · 0/1 · 0 s · made ≤ 0",
            "ok · 1/2 · 0.5 s",
            "ok · 1/2 · 5 s",
            "ok · 1/2 · 0.5 s",
            "ok · 1/2 · 0.5 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "reset within the head of the request",
        script: |_| Script::new().discard(20).reset(),
        cells: [
            "ok · 1/2 · 0.5 s",
            "Transport unknown retryable · 0/1 · 0 s · made ≤ 0",
            "ok · 1/2 · 0.5 s",
            "ok · 1/2 · 5 s",
            "ok · 1/2 · 0.5 s",
            "ok · 1/2 · 0.5 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "reset before the body of the request",
        script: |_| Script::new().read_head().reset(),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · made ≤ 0",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "reset within the body of the request",
        script: |_| Script::new().read_head().read(1000).reset(),
        large: true,
        cells: [
            "- it has no body",
            "Transport unknown retryable · 1/1 · 0 s · made ≤ 0",
            "ok · 2/2 · 0.5 s",
            "- it has no body",
            "- it has no body",
            "- it has no body",
        ],
        ..REFUSED
    },
    Fault {
        name: "closed after the request",
        script: |_| Script::new().read_request(),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "reset after the request",
        script: |_| Script::new().read_request().reset(),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "reset after the request, always",
        script: |_| Script::new().read_request().reset(),
        times: ALWAYS,
        cells: [
            "Transport retryable · 4/4 · 3.5 s",
            "Transport unknown retryable · 1/1 · 0 s · made ≤ 1",
            "Transport retryable · 4/4 · 3.5 s",
            "timed out · 55/56 · 600 s",
            "Transport retryable · 4/4 · 3.5 s",
            "Transport retryable · 4/4 · 3.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "closed within the head of the answer",
        script: |_| raw("HTTP/1.1 200 OK\r\ncontent-le"),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "bytes that are no HTTP",
        script: |_| raw("HUNTER2 \0\u{ff}\r\n\r\n"),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "reset within the body of the answer",
        script: |target| target.half().reset(),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "body of the answer shorter than its length",
        script: |target| target.half(),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "chunked body of the answer without its end",
        script: |target| {
            let (half, _) = target.body.split_at(10);
            raw(format!("{}a\r\n{half}\r\n", target.chunked_head()))
        },
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "body of the answer that stands still",
        script: |target| target.half().hold(),
        cells: [
            "ok · 2/2 · 300.5 s",
            "Timeout unknown retryable · 1/1 · 300 s · made ≤ 1",
            "ok · 1/1 · 0 s",
            "ok · 2/2 · 305 s",
            "ok · 2/2 · 300.5 s",
            "ok · 2/2 · 300.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "no answer in 300 s",
        script: |_| Script::new().read_request().hold(),
        cells: [
            "ok · 2/2 · 300.5 s",
            "Timeout unknown retryable · 1/1 · 300 s · made ≤ 1",
            "ok · 2/2 · 300.5 s",
            "ok · 2/2 · 305 s",
            "ok · 2/2 · 300.5 s",
            "ok · 2/2 · 300.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "no answer in 300 s, always",
        script: |_| Script::new().read_request().hold(),
        times: ALWAYS,
        cells: [
            "Timeout retryable · 4/4 · 1203.5 s",
            "Timeout unknown retryable · 1/1 · 300 s · made ≤ 1",
            "Timeout retryable · 4/4 · 1203.5 s",
            "timed out · 2/2 · 600 s",
            "Timeout retryable · 4/4 · 1203.5 s",
            "Timeout retryable · 4/4 · 1203.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "first byte after 100 s",
        script: |target| {
            Script::new()
                .read_request()
                .wait(&target.gate)
                .write(target.right())
        },
        silence: Silence::Ending(Duration::from_secs(100)),
        cells: [
            "ok · 1/1 · 100 s",
            "ok · 1/1 · 100 s · made ≤ 1",
            "ok · 1/1 · 100 s",
            "ok · 1/1 · 102 s",
            "ok · 1/1 · 100 s",
            "ok · 1/1 · 100 s",
        ],
        ..ONCE
    },
    Fault {
        name: "400",
        script: |_| refusal(400, &[]),
        cells: [
            "Status 400 · 1/1 · 0 s",
            "Status 400 · 1/1 · 0 s · made ≤ 0",
            "Status 400 · 1/1 · 0 s",
            "Status 400 · 1/1 · 2 s",
            "Status 400 · 1/1 · 0 s",
            "Status 400 · 1/1 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "401",
        script: |_| refusal(401, &[]),
        cells: [
            "Status 401 · 1/1 · 0 s",
            "Status 401 · 1/1 · 0 s · made ≤ 0",
            "Status 401 · 1/1 · 0 s",
            "Status 401 · 1/1 · 2 s",
            "Status 401 · 1/1 · 0 s",
            "Status 401 · 1/1 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "403",
        script: |_| refusal(403, &[]),
        cells: [
            "Status 403 · 1/1 · 0 s",
            "Status 403 · 1/1 · 0 s · made ≤ 0",
            "Status 403 · 1/1 · 0 s",
            "Status 403 · 1/1 · 2 s",
            "Status 403 · 1/1 · 0 s",
            "Status 403 · 1/1 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "404",
        script: |_| refusal(404, &[]),
        cells: [
            "Status 404 · 1/1 · 0 s",
            "Status 404 · 1/1 · 0 s · made ≤ 0",
            "Status 404 · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "Status 404 · 1/1 · 0 s",
            "Status 404 · 1/1 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "409",
        script: |_| refusal(409, &[]),
        cells: [
            "Status 409 · 1/1 · 0 s",
            "Status 409 · 1/1 · 0 s · made ≤ 0",
            "Status 409 · 1/1 · 0 s",
            "Status 409 · 1/1 · 2 s",
            "Status 409 · 1/1 · 0 s",
            "Status 409 · 1/1 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "404, always",
        script: |_| refusal(404, &[]),
        times: ALWAYS,
        cells: [
            "Status 404 · 1/1 · 0 s",
            "Status 404 · 1/1 · 0 s · made ≤ 0",
            "Status 404 · 1/1 · 0 s",
            "Status 404 · 3/3 · 9.5 s",
            "Status 404 · 1/1 · 0 s",
            "Status 404 · 1/1 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "408",
        script: |_| refusal(408, &[]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 408 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "413 while the body is sent",
        script: |_| Script::new().read_head().read(1000).write(TOO_LARGE).hold(),
        large: true,
        cells: [
            "- it has no body",
            "Status 413 · 1/1 · 0 s · made ≤ 0",
            "Status 413 · 1/1 · 0 s",
            "- it has no body",
            "- it has no body",
            "- it has no body",
        ],
        ..REFUSED
    },
    Fault {
        name: "success while the body is sent",
        script: |target| {
            Script::new()
                .read_head()
                .read(1000)
                .write(target.right())
                .hold()
        },
        large: true,
        cells: [
            "- it has no body",
            "ok · 1/1 · 0 s · made ≤ 1",
            "UnexpectedResponse · 1/1 · 0 s",
            "- it has no body",
            "- it has no body",
            "- it has no body",
        ],
        ..ONCE
    },
    Fault {
        name: "422",
        script: |_| refusal(422, &[]),
        cells: [
            "Status 422 · 1/1 · 0 s",
            "Status 422 · 1/1 · 0 s · made ≤ 0",
            "Status 422 · 1/1 · 0 s",
            "Status 422 · 1/1 · 2 s",
            "Status 422 · 1/1 · 0 s",
            "Status 422 · 1/1 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "425",
        script: |_| refusal(425, &[]),
        cells: [
            "Status 425 · 1/1 · 0 s",
            "Status 425 · 1/1 · 0 s · made ≤ 0",
            "Status 425 · 1/1 · 0 s",
            "Status 425 · 1/1 · 2 s",
            "Status 425 · 1/1 · 0 s",
            "Status 425 · 1/1 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "429",
        script: |_| refusal(429, &[]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "429, always",
        script: |_| refusal(429, &[]),
        times: ALWAYS,
        cells: [
            "Status 429 retryable · 4/4 · 3.5 s",
            "Status 429 retryable · 4/4 · 3.5 s · made ≤ 0",
            "Status 429 retryable · 4/4 · 3.5 s",
            "timed out · 55/56 · 600 s",
            "Status 429 retryable · 4/4 · 3.5 s",
            "Status 429 retryable · 4/4 · 3.5 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "429, after 7 s",
        script: |_| refusal(429, &[("retry-after", "7")]),
        cells: [
            "ok · 2/2 · 7.5 s",
            "ok · 2/2 · 7.5 s · made ≤ 1",
            "ok · 2/2 · 7.5 s",
            "ok · 2/2 · 9 s",
            "ok · 2/2 · 7.5 s",
            "ok · 2/2 · 7.5 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "429, at a date in 10 s",
        script: |_| refusal(429, &[("retry-after", IN_TEN_SECONDS)]),
        cells: [
            "ok · 2/2 · 10.5 s",
            "ok · 2/2 · 10.5 s · made ≤ 1",
            "ok · 2/2 · 10.5 s",
            "ok · 2/2 · 10 s",
            "ok · 2/2 · 10.5 s",
            "ok · 2/2 · 10.5 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "429, at a date in the past",
        script: |_| refusal(429, &[("retry-after", "Sun, 06 Nov 1994 08:49:36 GMT")]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "429, after 10¹⁹ s",
        script: |_| refusal(429, &[("retry-after", "9999999999999999999")]),
        patient: true,
        cells: [
            "Status 429 retryable · 1/1 · 0 s",
            "Status 429 retryable · 1/1 · 0 s · made ≤ 0",
            "Status 429 retryable · 1/1 · 0 s",
            "timed out · 1/1 · 600 s",
            "Status 429 retryable · 1/1 · 0 s",
            "Status 429 retryable · 1/1 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "429, after “soon”",
        script: |_| refusal(429, &[("retry-after", "soon")]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "500",
        script: |_| refusal(500, &[]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 500 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "501",
        script: |_| refusal(501, &[]),
        cells: [
            "Status 501 retryable · 1/1 · 0 s",
            "Status 501 retryable · 1/1 · 0 s · made ≤ 0",
            "Status 501 retryable · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "Status 501 retryable · 1/1 · 0 s",
            "Status 501 retryable · 1/1 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "502",
        script: |_| refusal(502, &[]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 502 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "503",
        script: |_| refusal(503, &[]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 503 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "503, always",
        script: |_| refusal(503, &[]),
        times: ALWAYS,
        cells: [
            "Status 503 retryable · 4/4 · 3.5 s",
            "Status 503 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "Status 503 retryable · 4/4 · 3.5 s",
            "timed out · 55/56 · 600 s",
            "Status 503 retryable · 4/4 · 3.5 s",
            "Status 503 retryable · 4/4 · 3.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "503, after 7 s",
        script: |_| refusal(503, &[("retry-after", "7")]),
        cells: [
            "ok · 2/2 · 7.5 s",
            "ok · 2/2 · 7.5 s · made ≤ 1",
            "ok · 2/2 · 7.5 s",
            "ok · 2/2 · 9 s",
            "ok · 2/2 · 7.5 s",
            "ok · 2/2 · 7.5 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "504",
        script: |_| refusal(504, &[]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 504 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "505",
        script: |_| refusal(505, &[]),
        cells: [
            "Status 505 retryable · 1/1 · 0 s",
            "Status 505 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "Status 505 retryable · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "Status 505 retryable · 1/1 · 0 s",
            "Status 505 retryable · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "506",
        script: |_| refusal(506, &[]),
        cells: [
            "Status 506 retryable · 1/1 · 0 s",
            "Status 506 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "Status 506 retryable · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "Status 506 retryable · 1/1 · 0 s",
            "Status 506 retryable · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "507",
        script: |_| refusal(507, &[]),
        cells: [
            "Status 507 retryable · 1/1 · 0 s",
            "Status 507 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "Status 507 retryable · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "Status 507 retryable · 1/1 · 0 s",
            "Status 507 retryable · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "508",
        script: |_| refusal(508, &[]),
        cells: [
            "Status 508 retryable · 1/1 · 0 s",
            "Status 508 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "Status 508 retryable · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "Status 508 retryable · 1/1 · 0 s",
            "Status 508 retryable · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "510",
        script: |_| refusal(510, &[]),
        cells: [
            "Status 510 retryable · 1/1 · 0 s",
            "Status 510 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "Status 510 retryable · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "Status 510 retryable · 1/1 · 0 s",
            "Status 510 retryable · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "511",
        script: |_| refusal(511, &[]),
        cells: [
            "Status 511 retryable · 1/1 · 0 s",
            "Status 511 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "Status 511 retryable · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "Status 511 retryable · 1/1 · 0 s",
            "Status 511 retryable · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "520",
        script: |_| refusal(520, &[]),
        cells: [
            "Status 520 retryable · 1/1 · 0 s",
            "Status 520 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "Status 520 retryable · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "Status 520 retryable · 1/1 · 0 s",
            "Status 520 retryable · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "599",
        script: |_| refusal(599, &[]),
        cells: [
            "Status 599 retryable · 1/1 · 0 s",
            "Status 599 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "Status 599 retryable · 1/1 · 0 s",
            "ok · 2/2 · 5 s",
            "Status 599 retryable · 1/1 · 0 s",
            "Status 599 retryable · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "502 with an HTML page",
        script: |_| {
            Script::response(
                502,
                &[("content-type", "text/html")],
                "<html>HUNTER2</html>",
            )
        },
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 502 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "500 with an empty body",
        script: |_| Script::response(500, &[], ""),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 500 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "500 with bytes that are no UTF-8",
        script: |_| {
            raw(&b"HTTP/1.1 500 X\r\ncontent-type: application/json\r\ncontent-length: 4\r\nconnection: close\r\n\r\n\"\xff\xfe\""[..])
        },
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 500 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "500 with an endless body",
        script: |target| {
            let head = target
                .chunked_head()
                .replacen(&target.status.to_string(), "500", 1);
            raw(head).write_until_closed(chunk())
        },
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 500 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "500 whose body breaks off",
        script: |_| raw("HTTP/1.1 500 X\r\ncontent-length: 900\r\n\r\n{\"detail\":").reset(),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 500 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "500 nested 10,000 levels deep",
        script: |_| Script::json(500, &format!(r#"{{"detail":{}"#, "[".repeat(10_000))),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Status 500 unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "401 that repeats the key",
        script: |_| {
            Script::json(
                401,
                r#"{"detail":{"code":"rt_test_HUNTER2","message":"no rt_test_HUNTER2"}}"#,
            )
        },
        cells: [
            "Status 401 · 1/1 · 0 s",
            "Status 401 · 1/1 · 0 s · made ≤ 0",
            "- the storage has no key to repeat",
            "Status 401 · 1/1 · 2 s",
            "Status 401 · 1/1 · 0 s",
            "- the storage has no key to repeat",
        ],
        ..REFUSED
    },
    Fault {
        name: "success as text/html",
        script: |target| {
            Script::response(
                target.status,
                &[("content-type", "text/html")],
                "<html>HUNTER2</html>",
            )
        },
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · made ≤ 1",
            "- the storage's answer to the bytes is not read",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- the storage answers with bytes of any kind",
        ],
        ..ONCE
    },
    Fault {
        name: "success that is no JSON",
        script: |target| target.with_body("HUNTER2 {"),
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · made ≤ 1",
            "- the storage's answer to the bytes is not read",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- the storage answers with bytes of any kind",
        ],
        ..ONCE
    },
    Fault {
        name: "success of another shape",
        script: |target| {
            target.with_body(r#"{"id":"run_1","data":"HUNTER2","lifecycle":"HUNTER2"}"#)
        },
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · made ≤ 1",
            "- the storage's answer to the bytes is not read",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- the storage answers with bytes of any kind",
        ],
        ..ONCE
    },
    Fault {
        name: "success with a key twice",
        script: |target| {
            target.with_body(target.body.replacen('{', r#"{"id":"run_0","data":[],"#, 1))
        },
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · made ≤ 1",
            "- the storage's answer to the bytes is not read",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- the storage answers with bytes of any kind",
        ],
        ..ONCE
    },
    Fault {
        name: "success nested 10,000 levels deep",
        script: |target| {
            let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
            target.with_body(
                target
                    .body
                    .replacen('{', &format!(r#"{{"deep":{deep},"#), 1),
            )
        },
        cells: [
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 0 s · made ≤ 1",
            "- the storage's answer to the bytes is not read",
            "ok · 1/1 · 2 s",
            "ok · 1/1 · 0 s",
            "- the storage answers with bytes of any kind",
        ],
        ..ONCE
    },
    Fault {
        name: "success nested 10,000 levels deep in what is kept",
        script: |target| {
            let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
            target.with_body(target.body.replacen(
                r#"{"status":"#,
                &format!(r#"{{"deep":{deep},"status":"x","was":"#),
                1,
            ))
        },
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · made ≤ 1",
            "- the storage's answer to the bytes is not read",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- the storage answers with bytes of any kind",
        ],
        ..ONCE
    },
    Fault {
        name: "success without a length that breaks off",
        script: |target| {
            let (half, _) = target.body.split_at(target.body.len() / 2);
            let Target {
                status, media_type, ..
            } = target;
            raw(format!(
                "HTTP/1.1 {status} X\r\ncontent-type: {media_type}\r\n\r\n{half}"
            ))
        },
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · made ≤ 1",
            "- the storage's answer to the bytes is not read",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- nothing tells that there is more",
        ],
        ..ONCE
    },
    Fault {
        name: "success with bytes that are no UTF-8",
        script: |target| target.with_body([br#"{"id":"HUNTER2"#, &b"\xff\xfe\"}"[..]].concat()),
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · made ≤ 1",
            "- the storage's answer to the bytes is not read",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- the storage answers with bytes of any kind",
        ],
        ..ONCE
    },
    Fault {
        name: "success with an empty body",
        script: |target| target.with_body(""),
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · made ≤ 1",
            "- it has an empty body when all is well",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- a stored file may be empty",
        ],
        ..ONCE
    },
    Fault {
        name: "success larger than the limit by its length",
        script: |target| {
            let head = [("content-type", target.media_type)];
            let request = Script::new().read_request();
            request.write_head(target.status, &head, 1 << 40).write("[")
        },
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · made ≤ 1",
            "- the storage's answer to the bytes is not read",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- a stored file may be of any size",
        ],
        ..ONCE
    },
    Fault {
        name: "success with an endless body",
        script: |target| raw(target.chunked_head()).write_until_closed(chunk()),
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · made ≤ 1",
            "- the storage's answer to the bytes is not read",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- a stored file may be of any size",
        ],
        ..ONCE
    },
    Fault {
        name: "content-encoding: gzip on what is none",
        script: |target| target.with_headers(&[("content-encoding", "gzip")]),
        cells: [
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 0 s · made ≤ 1",
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 2 s",
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "gzip that was not asked for",
        script: |target| {
            let head = [
                ("content-type", target.media_type),
                ("content-encoding", "gzip"),
            ];
            let request = Script::new().read_request();
            request
                .write_head(target.status, &head, GZIP.len())
                .write(GZIP)
        },
        cells: [
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "UnexpectedResponse 202 unknown · 1/1 · 0 s · made ≤ 1",
            "- the storage's answer to the bytes is not read",
            "UnexpectedResponse 200 · 1/1 · 2 s",
            "UnexpectedResponse 200 · 1/1 · 0 s",
            "- the storage answers with bytes of any kind",
        ],
        ..ONCE
    },
    Fault {
        name: "204 with a body",
        script: |target| {
            let body = &target.body;
            raw(format!(
                "HTTP/1.1 204 No Content\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            ))
        },
        cells: [
            "UnexpectedResponse 204 · 1/1 · 0 s",
            "UnexpectedResponse 204 unknown · 1/1 · 0 s · made ≤ 1",
            "ok · 1/1 · 0 s",
            "UnexpectedResponse 204 · 1/1 · 2 s",
            "UnexpectedResponse 204 · 1/1 · 0 s",
            "UnexpectedResponse · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "204 without a body",
        script: |_| raw("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"),
        cells: [
            "UnexpectedResponse 204 · 1/1 · 0 s",
            "UnexpectedResponse 204 unknown · 1/1 · 0 s · made ≤ 1",
            "ok · 1/1 · 0 s",
            "UnexpectedResponse 204 · 1/1 · 2 s",
            "UnexpectedResponse 204 · 1/1 · 0 s",
            "UnexpectedResponse · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "206 with a part",
        script: |target| {
            Script::response(
                206,
                &[("content-type", target.media_type)],
                &target.body[..10],
            )
        },
        cells: [
            "UnexpectedResponse 206 · 1/1 · 0 s",
            "UnexpectedResponse 206 unknown · 1/1 · 0 s · made ≤ 1",
            "- the storage's answer to the bytes is not read",
            "UnexpectedResponse 206 · 1/1 · 2 s",
            "UnexpectedResponse 206 · 1/1 · 0 s",
            "UnexpectedResponse · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "200 for 202, 202 for 200",
        script: |target| {
            let other = if target.status == 202 { 200 } else { 202 };
            Script::response(other, &[("content-type", target.media_type)], &target.body)
        },
        cells: [
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 0 s · made ≤ 1",
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 2 s",
            "ok · 1/1 · 0 s",
            "UnexpectedResponse · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "301 to another host",
        script: |target| redirect(301, &target.elsewhere),
        cells: [
            "Status 301 · 1/1 · 0 s",
            "Status 301 · 1/1 · 0 s · made ≤ 0",
            "Status 301 · 1/1 · 0 s",
            "Status 301 · 1/1 · 2 s",
            "Status 301 · 1/1 · 0 s",
            "Status 301 · 1/1 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "302 to another host",
        script: |target| redirect(302, &target.elsewhere),
        cells: [
            "Status 302 · 1/1 · 0 s",
            "Status 302 unknown · 1/1 · 0 s · made ≤ 1",
            "Status 302 · 1/1 · 0 s",
            "Status 302 · 1/1 · 2 s",
            "Status 302 · 1/1 · 0 s",
            "Status 302 · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "303 to another host",
        script: |target| redirect(303, &target.elsewhere),
        cells: [
            "Status 303 · 1/1 · 0 s",
            "Status 303 unknown · 1/1 · 0 s · made ≤ 1",
            "Status 303 · 1/1 · 0 s",
            "Status 303 · 1/1 · 2 s",
            "Status 303 · 1/1 · 0 s",
            "Status 303 · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "307 to another host",
        script: |target| redirect(307, &target.elsewhere),
        cells: [
            "Status 307 · 1/1 · 0 s",
            "Status 307 · 1/1 · 0 s · made ≤ 0",
            "Status 307 · 1/1 · 0 s",
            "Status 307 · 1/1 · 2 s",
            "Status 307 · 1/1 · 0 s",
            "Status 307 · 1/1 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "308 to another host",
        script: |target| redirect(308, &target.elsewhere),
        cells: [
            "Status 308 · 1/1 · 0 s",
            "Status 308 · 1/1 · 0 s · made ≤ 0",
            "Status 308 · 1/1 · 0 s",
            "Status 308 · 1/1 · 2 s",
            "Status 308 · 1/1 · 0 s",
            "Status 308 · 1/1 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "307 to the same host",
        script: |_| redirect(307, "/v1/elsewhere?signature=HUNTER2"),
        cells: [
            "Status 307 · 1/1 · 0 s",
            "Status 307 · 1/1 · 0 s · made ≤ 0",
            "Status 307 · 1/1 · 0 s",
            "Status 307 · 1/1 · 2 s",
            "Status 307 · 1/1 · 0 s",
            "Status 307 · 1/1 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "300 without a place",
        script: |_| Script::response(300, &[], ""),
        cells: [
            "Status 300 · 1/1 · 0 s",
            "Status 300 · 1/1 · 0 s · made ≤ 0",
            "Status 300 · 1/1 · 0 s",
            "Status 300 · 1/1 · 2 s",
            "Status 300 · 1/1 · 0 s",
            "Status 300 · 1/1 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "100 and 103 before the answer",
        script: |target| {
            target.after(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: <HUNTER2>\r\n\r\n",
            )
        },
        cells: [
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 0 s · made ≤ 1",
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 2 s",
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "101 to another protocol",
        script: |_| {
            raw("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n")
        },
        cells: [
            "Status 101 · 1/1 · 0 s",
            "Status 101 unknown · 1/1 · 0 s · made ≤ 1",
            "Status 101 · 1/1 · 0 s",
            "Status 101 · 1/1 · 2 s",
            "Status 101 · 1/1 · 0 s",
            "Status 101 · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "an answer with 200 headers",
        script: |target| {
            let names: Vec<_> = (0..200).map(|n| format!("x-flood-{n}")).collect();
            let headers: Vec<_> = names.iter().map(|name| (name.as_str(), SECRET)).collect();
            target.with_headers(&headers)
        },
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "an answer with a header of 1 MiB",
        script: |target| target.with_headers(&[("x-flood", &SECRET.repeat(150_000))]),
        cells: [
            "ok · 2/2 · 0.5 s",
            "Transport unknown retryable · 1/1 · 0 s · made ≤ 1",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 5 s",
            "ok · 2/2 · 0.5 s",
            "ok · 2/2 · 0.5 s",
        ],
        ..ONCE
    },
    Fault {
        name: "a second answer after the first",
        script: |target| {
            let first = target.right().replace("connection: close\r\n", "");
            raw(first + "HTTP/1.1 500 X\r\ncontent-length: 0\r\n\r\n")
        },
        cells: [
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 0 s · made ≤ 1",
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 2 s",
            "ok · 1/1 · 0 s",
            "ok · 1/1 · 0 s",
        ],
        ..ONCE
    },
    Fault {
        name: "410, expired address",
        script: |_| refusal(410, &[]),
        sessions: 2,
        cells: [
            "- it has no address",
            "- it has no address",
            "ok · 2/2 · 0 s",
            "- it has no address",
            "- it has no address",
            "ok · 2/2 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "410, expired address, always",
        script: |_| refusal(410, &[]),
        times: ALWAYS,
        sessions: 3,
        cells: [
            "- it has no address",
            "- it has no address",
            "Status 410 · 3/3 · 0 s",
            "- it has no address",
            "- it has no address",
            "Status 410 · 3/3 · 0 s",
        ],
        ..REFUSED
    },
    Fault {
        name: "422 to the completion, hash mismatch",
        script: |_| refusal(422, &[]),
        in_completion: true,
        cells: [
            "- it has no completion",
            "- it has no completion",
            "Status 422 · 1/1 · 0 s",
            "- it has no completion",
            "- it has no completion",
            "- it has no completion",
        ],
        ..REFUSED
    },
    Fault {
        name: "410 to the completion, expired session",
        script: |_| refusal(410, &[]),
        in_completion: true,
        sessions: 2,
        cells: [
            "- it has no completion",
            "- it has no completion",
            "ok · 2/2 · 0 s",
            "- it has no completion",
            "- it has no completion",
            "- it has no completion",
        ],
        ..REFUSED
    },
    Fault {
        name: "503 to the completion",
        script: |_| refusal(503, &[]),
        in_completion: true,
        cells: [
            "- it has no completion",
            "- it has no completion",
            "ok · 1/1 · 0.5 s",
            "- it has no completion",
            "- it has no completion",
            "- it has no completion",
        ],
        ..ONCE
    },
    Fault {
        name: "reset after the request of the completion",
        script: |_| Script::new().read_request().reset(),
        in_completion: true,
        cells: [
            "- it has no completion",
            "- it has no completion",
            "ok · 1/1 · 0.5 s",
            "- it has no completion",
            "- it has no completion",
            "- it has no completion",
        ],
        ..ONCE
    },
];
