//! One connection, served by its script.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::Seen;
use super::request::{self, Framing};
use super::script::{Script, Step};

/// A connection with what was read beyond the present step.
struct Connection<'a> {
    stream: TcpStream,
    ahead: Vec<u8>,
    framing: Framing,
    seen: &'a Seen,
}

/// Goes through the script, as far as the client goes along.
pub(super) async fn serve(stream: TcpStream, script: Script, seen: &Seen) {
    let mut connection = Connection {
        stream,
        ahead: Vec::new(),
        framing: Framing::Length(0),
        seen,
    };
    for step in script.steps {
        // The client may be gone on purpose.
        if connection.take(step).await.is_none() {
            return;
        }
    }
}

impl Connection<'_> {
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
