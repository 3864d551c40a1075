//! A service that replays bytes, for what a mock of HTTP cannot do: break off, reset, fall silent.
//!
//! Each connection is served by one [`Script`], one after the other; after the last one, connections are refused. No HTTP
//! library stands between a test and the wire, and nothing here waits for time to pass.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! use retab_tests::wire::{Script, Wire};
//!
//! let wire = Wire::new([
//!     Script::new().read_request().reset(),
//!     Script::json(200, "{}"),
//! ])
//! .await;
//! // ... point a client at wire.url()
//! assert!(wire.received().is_empty());
//! # }
//! ```

mod connection;
mod request;
mod script;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::received::Received;
pub use script::{Gate, Script};

/// How long the code under test may take, in real time, before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A listening service of scripts, until it is dropped.
pub struct Wire {
    url: String,
    seen: Arc<Seen>,
    serving: JoinHandle<()>,
}

/// What has arrived so far.
#[derive(Default)]
struct Seen {
    requests: Mutex<Vec<(Received, Vec<u8>)>>,
    heads: watch::Sender<usize>,
    /// The bytes of bodies, those of requests that broke off among them.
    body_bytes: watch::Sender<usize>,
}

impl Wire {
    /// Starts a service of one connection for each script.
    ///
    /// # Panics
    /// No port of the loopback is free.
    #[allow(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "a test fails by it"
    )]
    pub async fn new(scripts: impl IntoIterator<Item = Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port of the loopback is free");
        let address = listener.local_addr().expect("a listener has an address");
        let seen = Arc::new(Seen::default());
        let scripts: Vec<_> = scripts.into_iter().collect();
        let serving = tokio::spawn(serve(listener, scripts, Arc::clone(&seen)));
        Self {
            url: format!("http://{address}"),
            seen,
            serving,
        }
    }

    /// The URL to give to a client.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Every request so far whose head has arrived, the oldest first, with as much of its body as has arrived.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        let requests = self.seen.lock();
        let with_body = |(head, body): &(Received, Vec<u8>)| Received {
            body: body.clone().into(),
            ..head.clone()
        };
        requests.iter().map(with_body).collect()
    }

    /// Waits until the heads of so many requests have arrived.
    ///
    /// # Panics
    /// They have not after 30 s.
    pub async fn has_requests(&self, requests: usize) {
        wait_for(&self.seen.heads, requests).await;
    }

    /// Waits until the bodies of all requests have so many bytes together.
    ///
    /// # Panics
    /// They have not after 30 s.
    pub async fn has_body_bytes(&self, bytes: usize) {
        wait_for(&self.seen.body_bytes, bytes).await;
    }
}

impl Drop for Wire {
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

async fn serve(listener: TcpListener, scripts: Vec<Script>, seen: Arc<Seen>) {
    for script in scripts {
        let Ok((stream, _)) = listener.accept().await else {
            return;
        };
        connection::serve(stream, script, &seen).await;
    }
}

impl Seen {
    fn begin(&self, request: Received) {
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

    /// A test that panicked while it held the lock has failed already.
    fn lock(&self) -> MutexGuard<'_, Vec<(Received, Vec<u8>)>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
