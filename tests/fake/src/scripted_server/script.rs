//! The steps that a server plays on one connection.

use std::sync::Arc;

use http::StatusCode;
use tokio::sync::Semaphore;

/// The steps of one connection, which is closed after the last one.
#[derive(Clone, Default)]
pub struct Script {
    pub(super) steps: Vec<Step>,
    /// Refuses connections until this gate opens, instead of serving one.
    pub(super) refuses_until: Option<Gate>,
}

#[derive(Clone)]
pub(super) enum Step {
    ReadHead,
    ReadBody,
    ReadBytes(usize),
    Discard(usize),
    Write(Vec<u8>),
    WriteUntilClosed(Vec<u8>),
    Wait(Gate),
    Hold,
    Reset,
}

/// Blocks a script until the test opens it.
#[derive(Clone)]
pub struct Gate(Arc<Semaphore>);

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }
}

impl Gate {
    /// Creates a closed gate.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets one waiting step continue. If none is waiting, the next one does not block.
    pub fn open(&self) {
        self.0.add_permits(1);
    }

    /// Waits until the gate is opened, and consumes that opening.
    pub(super) async fn pass(&self) {
        if let Ok(permit) = self.0.acquire().await {
            permit.forget();
        }
    }
}

impl Script {
    /// Creates a script that closes the connection immediately.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a script without steps that refuses all connections until the gate is opened.
    #[must_use]
    pub fn refused_until(gate: &Gate) -> Self {
        Self {
            refuses_until: Some(gate.clone()),
            ..Self::new()
        }
    }

    /// Creates a script that reads a request and responds with JSON.
    #[must_use]
    pub fn json(status: u16, body: &str) -> Self {
        Self::response(status, &[("content-type", "application/json")], body)
    }

    /// Creates a script that reads a request and responds with this status, headers and body.
    #[must_use]
    pub fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        Self::new()
            .read_request()
            .write_head(status, headers, body.len())
            .write(body)
    }

    /// Reads one whole request.
    #[must_use]
    pub fn read_request(self) -> Self {
        self.read_head().read_rest()
    }

    /// Reads the head of a request, up to its body.
    #[must_use]
    pub fn read_head(self) -> Self {
        self.then(Step::ReadHead)
    }

    /// Reads this many bytes of the body, including chunk framing.
    #[must_use]
    pub fn read(self, bytes: usize) -> Self {
        self.then(Step::ReadBytes(bytes))
    }

    /// Reads and discards this many bytes, without parsing or recording a request.
    #[must_use]
    pub fn discard(self, bytes: usize) -> Self {
        self.then(Step::Discard(bytes))
    }

    /// Reads the rest of the body.
    #[must_use]
    pub fn read_rest(self) -> Self {
        self.then(Step::ReadBody)
    }

    /// Writes the head of a response with this `Content-Length`.
    #[must_use]
    pub fn write_head(self, status: u16, headers: &[(&str, &str)], length: usize) -> Self {
        let reason = StatusCode::from_u16(status).ok();
        let reason = reason.and_then(|status| status.canonical_reason());
        let mut head = format!("HTTP/1.1 {status} {}\r\n", reason.unwrap_or("X")).into_bytes();
        for (name, value) in headers {
            head.extend([name, ": ", value, "\r\n"].concat().bytes());
        }
        head.extend(format!("connection: close\r\ncontent-length: {length}\r\n\r\n").bytes());
        self.write(head)
    }

    /// Writes these bytes.
    #[must_use]
    pub fn write(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.then(Step::Write(bytes.into()))
    }

    /// Writes these bytes repeatedly until the client closes the connection.
    #[must_use]
    pub fn write_until_closed(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.then(Step::WriteUntilClosed(bytes.into()))
    }

    /// Waits until the gate is opened. Each wait consumes one opening.
    #[must_use]
    pub fn wait(self, gate: &Gate) -> Self {
        self.then(Step::Wait(gate.clone()))
    }

    /// Sends nothing until the client closes the connection.
    #[must_use]
    pub fn hold(self) -> Self {
        self.then(Step::Hold)
    }

    /// Closes the connection with a TCP RST, as a crash or a firewall does.
    #[must_use]
    pub fn reset(self) -> Self {
        self.then(Step::Reset)
    }

    fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}
