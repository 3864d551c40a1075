use std::sync::Arc;

use http::StatusCode;
use tokio::sync::Semaphore;

/// What happens on one connection, step by step; after the last step it is closed.
#[derive(Clone, Default)]
pub struct Script {
    pub(super) steps: Vec<Step>,
    /// Instead of a connection: none is accepted until this is opened.
    pub(super) refuses_until: Option<Gate>,
}

#[derive(Clone)]
pub(super) enum Step {
    ReadHead,
    ReadBody,
    ReadBytes(usize),
    ReadUnseen(usize),
    Write(Vec<u8>),
    Flood(Vec<u8>),
    Wait(Gate),
    Hold,
    Reset,
}

/// Where a script waits until the test lets it go on.
#[derive(Clone)]
pub struct Gate(Arc<Semaphore>);

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }
}

impl Gate {
    /// A gate that is closed.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets one step pass.
    pub fn open(&self) {
        self.0.add_permits(1);
    }

    /// Waits until this is opened once more.
    pub(super) async fn passed(&self) {
        if let Ok(permit) = self.0.acquire().await {
            permit.forget();
        }
    }
}

impl Script {
    /// A connection that is closed at once.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Connections that are refused, as many as come until the gate is opened. It has no steps.
    #[must_use]
    pub fn refused_until(gate: &Gate) -> Self {
        Self {
            refuses_until: Some(gate.clone()),
            ..Self::new()
        }
    }

    /// A request, answered with this status and JSON text.
    #[must_use]
    pub fn json(status: u16, body: &str) -> Self {
        Self::response(status, &[("content-type", "application/json")], body)
    }

    /// A request, answered with this status, these headers and this body.
    #[must_use]
    pub fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        Self::new()
            .read_request()
            .write_head(status, headers, body.len())
            .write(body)
    }

    /// Reads one request to its end.
    #[must_use]
    pub fn read_request(self) -> Self {
        self.read_head().read_rest()
    }

    /// Reads one request up to its body.
    #[must_use]
    pub fn read_head(self) -> Self {
        self.then(Step::ReadHead)
    }

    /// Reads so many bytes of the body, framing included.
    #[must_use]
    pub fn read(self, bytes: usize) -> Self {
        self.then(Step::ReadBytes(bytes))
    }

    /// Reads so many bytes, of a head that will never be whole.
    #[must_use]
    pub fn discard(self, bytes: usize) -> Self {
        self.then(Step::ReadUnseen(bytes))
    }

    /// Reads what is left of the body.
    #[must_use]
    pub fn read_rest(self) -> Self {
        self.then(Step::ReadBody)
    }

    /// Writes the head of an answer whose body has this length.
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

    /// Writes these bytes again and again, until the client closes the connection.
    #[must_use]
    pub fn flood(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.then(Step::Flood(bytes.into()))
    }

    /// Waits until the gate is opened, once for each time that it is waited at.
    #[must_use]
    pub fn wait(self, gate: &Gate) -> Self {
        self.then(Step::Wait(gate.clone()))
    }

    /// Keeps silent until the client closes the connection.
    #[must_use]
    pub fn hold(self) -> Self {
        self.then(Step::Hold)
    }

    /// Resets the connection (RST), as a crash or a firewall does.
    #[must_use]
    pub fn reset(self) -> Self {
        self.then(Step::Reset)
    }

    fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}
