//! One connection and the script that it plays.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::recording::Recording;
use super::request::{self, Framing};
use super::script::{Script, Step};
use crate::received_request::ReceivedRequest;

/// A connection, with the bytes received beyond the current step.
struct Connection<'a> {
    stream: TcpStream,
    buffer: Vec<u8>,
    framing: Framing,
    recording: &'a Recording,
}

/// Plays the script until it ends or the client disconnects.
pub(super) async fn serve(stream: TcpStream, script: Script, recording: &Recording) {
    let mut connection = Connection::new(stream, recording);
    connection.play(script.steps).await;
}

/// Reads a request, then plays the script of the handler without its leading read steps.
pub(super) async fn serve_with_handler(
    stream: TcpStream,
    handler: impl Fn(&ReceivedRequest) -> Script,
    recording: &Recording,
) {
    let mut connection = Connection::new(stream, recording);
    let request = connection.play([Step::ReadHead, Step::ReadBody]);
    if request.await.is_none() {
        return;
    }
    let is_read = |step: &Step| matches!(step, Step::ReadHead | Step::ReadBody);
    if let Some(request) = recording.latest_request() {
        let steps = handler(&request).steps.into_iter();
        connection.play(steps.skip_while(is_read)).await;
    }
}

impl<'a> Connection<'a> {
    fn new(stream: TcpStream, recording: &'a Recording) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
            framing: Framing::Length(0),
            recording,
        }
    }

    /// Returns `None` if the client has disconnected, which some tests do on purpose.
    async fn play(&mut self, steps: impl IntoIterator<Item = Step>) -> Option<()> {
        for step in steps {
            self.run(step).await?;
        }
        Some(())
    }

    async fn run(&mut self, step: Step) -> Option<()> {
        match step {
            Step::ReadHead => self.read_head().await,
            Step::ReadBody => self.read_body().await,
            Step::ReadBytes(bytes) => self.read_bytes(bytes).await,
            Step::Discard(bytes) => {
                while self.buffer.len() < bytes {
                    self.read_more().await?;
                }
                self.buffer.drain(..bytes);
                Some(())
            }
            Step::Write(bytes) => self.stream.write_all(&bytes).await.ok(),
            Step::WriteUntilClosed(bytes) => {
                while self.stream.write_all(&bytes).await.is_ok() {}
                None
            }
            Step::Wait(gate) => {
                self.recording.record_idle();
                gate.pass().await;
                Some(())
            }
            Step::Hold => {
                self.recording.record_idle();
                while self.read_more().await.is_some() {}
                None
            }
            Step::Reset => {
                // With zero linger, closing the stream sends RST.
                self.stream.set_zero_linger().ok()?;
                None
            }
        }
    }

    async fn read_head(&mut self) -> Option<()> {
        let end = loop {
            if let Some(end) = request::end_of_head(&self.buffer) {
                break end;
            }
            self.read_more().await?;
        };
        let rest = self.buffer.split_off(end);
        let head = std::mem::replace(&mut self.buffer, rest);
        let (request, framing) = request::parse_head(&head)?;
        self.framing = framing;
        self.recording.begin_request(request);
        Some(())
    }

    async fn read_body(&mut self) -> Option<()> {
        match self.framing {
            Framing::Length(length) => self.read_bytes(length).await,
            Framing::Chunked => loop {
                if let Some((body, length)) = request::decode_chunked(&self.buffer) {
                    self.buffer.drain(..length);
                    self.recording.extend_body(&body);
                    return Some(());
                }
                self.read_more().await?;
            },
        }
    }

    async fn read_bytes(&mut self, bytes: usize) -> Option<()> {
        let mut left = bytes;
        loop {
            let taken = left.min(self.buffer.len());
            let taken: Vec<u8> = self.buffer.drain(..taken).collect();
            left -= taken.len();
            self.recording.extend_body(&taken);
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
        self.buffer.reserve(64 * 1024);
        let read = self.stream.read_buf(&mut self.buffer).await.ok()?;
        (read > 0).then_some(())
    }
}
