//! A service that replays bytes, for what a mock of HTTP cannot do: break off, reset, fall silent.
//!
//! Each connection is served by one [`Script`], one after the other; after the last one, connections are refused. No HTTP
//! library stands between a test and the wire, and nothing here waits for time to pass.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! use retab_fake::scripted_server::{Script, ScriptedServer};
//!
//! let wire = ScriptedServer::new([
//!     Script::new().read_request().reset(),
//!     Script::json(200, "{}"),
//! ])
//! .await;
//! // ... point a client at wire.url()
//! assert!(wire.requests().is_empty());
//! # }
//! ```

mod connection;
mod port;
mod request;
mod script;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::received_request::ReceivedRequest;
use port::Port;
pub use script::{Gate, Script};

/// How long the code under test may take, in real time, before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A listening service of scripts, until it is dropped.
pub struct ScriptedServer {
    url: String,
    seen: Arc<Seen>,
    serving: JoinHandle<()>,
}

/// What has arrived so far.
#[derive(Default)]
struct Seen {
    requests: Mutex<Vec<(ReceivedRequest, Vec<u8>)>>,
    heads: watch::Sender<usize>,
    /// The bytes of bodies, those of requests that broke off among them.
    body_bytes: watch::Sender<usize>,
    silences: watch::Sender<usize>,
}

impl ScriptedServer {
    /// Starts a service of one connection for each script that does not refuse it.
    ///
    /// # Panics
    /// No port of the loopback is free.
    #[allow(
        clippy::unused_async,
        reason = "it listens by the runtime that it is awaited on"
    )]
    pub async fn new(scripts: impl IntoIterator<Item = Script>) -> Self {
        let scripts: Vec<_> = scripts.into_iter().collect();
        let listens = !begins_with_refusal(&scripts);
        Self::start(listens, |port, seen| serve(port, scripts, seen))
    }

    /// Starts a service that goes on by a script for each request; the parts of it that would read the request are done.
    ///
    /// # Panics
    /// No port of the loopback is free.
    #[allow(
        clippy::unused_async,
        reason = "it listens by the runtime that it is awaited on"
    )]
    pub async fn with_handler(
        answer: impl Fn(&ReceivedRequest) -> Script + Send + Sync + 'static,
    ) -> Self {
        Self::start(true, |port, seen| serve_each(port, answer, seen))
    }

    #[allow(clippy::expect_used, reason = "a test fails by it")]
    fn start<F>(listens: bool, serve: impl FnOnce(Port, Arc<Seen>) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut port = Port::new().expect("a port of the loopback is free");
        if listens {
            port.listen().expect("the port is not taken");
        }
        let seen = Arc::new(Seen::default());
        Self {
            url: format!("http://{}", port.address()),
            serving: tokio::spawn(serve(port, Arc::clone(&seen))),
            seen,
        }
    }

    /// The URL to give to a client.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Every request so far whose head has arrived, the oldest first, with as much of its body as has arrived.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.seen.lock().iter().map(whole).collect()
    }

    /// Waits until the heads of so many requests have arrived.
    ///
    /// # Panics
    /// They have not after 30 s.
    pub async fn wait_for_requests(&self, requests: usize) {
        wait_for(&self.seen.heads, requests).await;
    }

    /// Waits until scripts have fallen silent so many times: at a gate, or to keep so.
    ///
    /// # Panics
    /// They have not after 30 s.
    pub async fn wait_for_idle(&self, silences: usize) {
        wait_for(&self.seen.silences, silences).await;
    }

    /// Waits until the bodies of all requests have so many bytes together.
    ///
    /// # Panics
    /// They have not after 30 s.
    pub async fn wait_for_body_bytes(&self, bytes: usize) {
        wait_for(&self.seen.body_bytes, bytes).await;
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn wait_for(seen: &watch::Sender<usize>, expected: usize) {
    let mut seen = seen.subscribe();
    let arrived = seen.wait_for(|seen| *seen >= expected);
    let arrived = tokio::time::timeout(PATIENCE, arrived).await;
    assert!(
        arrived.is_ok(),
        "{expected} requests or bytes have not arrived"
    );
}

async fn serve(mut port: Port, scripts: Vec<Script>, seen: Arc<Seen>) {
    let mut scripts = scripts.as_slice();
    while let [script, rest @ ..] = scripts {
        scripts = rest;
        if let Some(gate) = &script.refuses_until {
            gate.passed().await;
            if !begins_with_refusal(rest) && port.listen().is_err() {
                return;
            }
            continue;
        }
        let Some(stream) = port.accept().await else {
            return;
        };
        // Before this connection tells the client anything: the next one must not get in.
        if begins_with_refusal(rest) && port.refuse().is_err() {
            return;
        }
        connection::serve(stream, script.clone(), &seen).await;
    }
}

async fn serve_each(port: Port, answer: impl Fn(&ReceivedRequest) -> Script, seen: Arc<Seen>) {
    while let Some(stream) = port.accept().await {
        connection::serve_by(stream, &answer, &seen).await;
    }
}

fn begins_with_refusal(scripts: &[Script]) -> bool {
    let first = scripts.first();
    first.is_some_and(|first| first.refuses_until.is_some())
}

fn whole((head, body): &(ReceivedRequest, Vec<u8>)) -> ReceivedRequest {
    ReceivedRequest {
        body: body.clone().into(),
        ..head.clone()
    }
}

impl Seen {
    fn begin(&self, request: ReceivedRequest) {
        self.lock().push((request, Vec::new()));
        self.heads.send_modify(|seen| *seen += 1);
    }

    /// Takes in more of the body of the request that began last.
    fn extend_body(&self, bytes: &[u8]) {
        if let Some((_, body)) = self.lock().last_mut() {
            body.extend_from_slice(bytes);
        }
        self.body_bytes.send_modify(|seen| *seen += bytes.len());
    }

    fn fall_silent(&self) {
        self.silences.send_modify(|seen| *seen += 1);
    }

    /// The request that began last.
    fn last(&self) -> Option<ReceivedRequest> {
        self.lock().last().map(whole)
    }

    /// A test that panicked while it held the lock has failed already.
    fn lock(&self) -> MutexGuard<'_, Vec<(ReceivedRequest, Vec<u8>)>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
