//! One connection, served by its script.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::Seen;
use super::request::{self, Framing};
use super::script::{Script, Step};
use crate::received_request::ReceivedRequest;

/// A connection with what was read beyond the present step.
struct Connection<'a> {
    stream: TcpStream,
    ahead: Vec<u8>,
    framing: Framing,
    seen: &'a Seen,
}

/// Goes through the script, as far as the client goes along.
pub(super) async fn serve(stream: TcpStream, script: Script, seen: &Seen) {
    let mut connection = Connection::new(stream, seen);
    connection.go_through(script.steps).await;
}

/// Reads a request, and goes through what is left of its script.
pub(super) async fn serve_by(
    stream: TcpStream,
    answer: impl Fn(&ReceivedRequest) -> Script,
    seen: &Seen,
) {
    let mut connection = Connection::new(stream, seen);
    let request = connection.go_through([Step::ReadHead, Step::ReadBody]);
    if request.await.is_none() {
        return;
    }
    let read = |step: &Step| matches!(step, Step::ReadHead | Step::ReadBody);
    if let Some(request) = seen.last() {
        let steps = answer(&request).steps.into_iter();
        connection.go_through(steps.skip_while(read)).await;
    }
}

impl<'a> Connection<'a> {
    fn new(stream: TcpStream, seen: &'a Seen) -> Self {
        Self {
            stream,
            ahead: Vec::new(),
            framing: Framing::Length(0),
            seen,
        }
    }

    /// `None` where the client is gone, which it may be on purpose.
    async fn go_through(&mut self, steps: impl IntoIterator<Item = Step>) -> Option<()> {
        for step in steps {
            self.take(step).await?;
        }
        Some(())
    }

    async fn take(&mut self, step: Step) -> Option<()> {
        match step {
            Step::ReadHead => self.read_head().await,
            Step::ReadBody => self.read_body().await,
            Step::ReadBytes(bytes) => self.read_bytes(bytes).await,
            Step::ReadUnseen(bytes) => {
                while self.ahead.len() < bytes {
                    self.read_more().await?;
                }
                self.ahead.drain(..bytes);
                Some(())
            }
            Step::Write(bytes) => self.stream.write_all(&bytes).await.ok(),
            Step::Flood(bytes) => {
                while self.stream.write_all(&bytes).await.is_ok() {}
                None
            }
            Step::Wait(gate) => {
                self.seen.fall_silent();
                gate.passed().await;
                Some(())
            }
            Step::Hold => {
                self.seen.fall_silent();
                while self.read_more().await.is_some() {}
                None
            }
            Step::Reset => {
                // Closing it is a reset from now on.
                self.stream.set_zero_linger().ok()?;
                None
            }
        }
    }

    async fn read_head(&mut self) -> Option<()> {
        let end = loop {
            if let Some(end) = request::end_of_head(&self.ahead) {
                break end;
            }
            self.read_more().await?;
        };
        let rest = self.ahead.split_off(end);
        let head = std::mem::replace(&mut self.ahead, rest);
        let (request, framing) = request::parse_head(&head)?;
        self.framing = framing;
        self.seen.begin(request);
        Some(())
    }

    async fn read_body(&mut self) -> Option<()> {
        match self.framing {
            Framing::Length(length) => self.read_bytes(length).await,
            Framing::Chunked => loop {
                if let Some((body, length)) = request::unchunked(&self.ahead) {
                    self.ahead.drain(..length);
                    self.seen.extend_body(&body);
                    return Some(());
                }
                self.read_more().await?;
            },
        }
    }

    async fn read_bytes(&mut self, bytes: usize) -> Option<()> {
        let mut left = bytes;
        loop {
            let taken = left.min(self.ahead.len());
            let taken: Vec<u8> = self.ahead.drain(..taken).collect();
            left -= taken.len();
            self.seen.extend_body(&taken);
            if left == 0 {
                break;
            }
            self.read_more().await?;
        }
        if let Framing::Length(length) = &mut self.framing {
            *length = length.saturating_sub(bytes);
        }
        Some(())
    }

    async fn read_more(&mut self) -> Option<()> {
        self.ahead.reserve(64 * 1024);
        let read = self.stream.read_buf(&mut self.ahead).await.ok()?;
        (read > 0).then_some(())
    }
}
