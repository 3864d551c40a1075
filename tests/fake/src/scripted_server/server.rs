//! The server that plays scripts.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::connection;
use super::port::Port;
use super::recording::Recording;
use super::script::Script;
use crate::received_request::ReceivedRequest;

/// How long the code under test may take, in real time, before the test fails.
const WAIT_LIMIT: Duration = Duration::from_secs(30);

/// A server that plays scripts until it is dropped.
pub struct ScriptedServer {
    url: String,
    recording: Arc<Recording>,
    serving: JoinHandle<()>,
}

impl ScriptedServer {
    /// Starts a server that plays one script per connection.
    ///
    /// # Panics
    ///
    /// Panics if no loopback port is free.
    #[allow(
        clippy::unused_async,
        reason = "listening requires the runtime that awaits it"
    )]
    pub async fn new(scripts: impl IntoIterator<Item = Script>) -> Self {
        let scripts: Vec<_> = scripts.into_iter().collect();
        let listens = !begins_with_refusal(&scripts);
        Self::start(listens, |port, recording| serve(port, scripts, recording))
    }

    /// Starts a server that reads each request and then plays the script that `handler` returns for it, without the leading
    /// steps that read the request.
    ///
    /// # Panics
    ///
    /// Panics if no loopback port is free.
    #[allow(
        clippy::unused_async,
        reason = "listening requires the runtime that awaits it"
    )]
    pub async fn with_handler(
        handler: impl Fn(&ReceivedRequest) -> Script + Send + Sync + 'static,
    ) -> Self {
        Self::start(true, |port, recording| {
            serve_with_handler(port, handler, recording)
        })
    }

    #[allow(clippy::expect_used, reason = "a test fails by this panic")]
    fn start<F>(listens: bool, serve: impl FnOnce(Port, Arc<Recording>) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut port = Port::new().expect("a loopback port is free");
        if listens {
            port.listen().expect("the port accepts connections");
        }
        let recording = Arc::new(Recording::default());
        Self {
            url: format!("http://{}", port.address()),
            serving: tokio::spawn(serve(port, Arc::clone(&recording))),
            recording,
        }
    }

    /// Returns the base URL for a client.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns every request whose head has arrived, oldest first, with the part of its body that has arrived.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.recording.requests()
    }

    /// Waits until the heads of `count` requests have arrived.
    ///
    /// # Panics
    ///
    /// Panics after 30 s.
    pub async fn wait_for_requests(&self, count: usize) {
        wait_for(&self.recording.heads, count).await;
    }

    /// Waits until scripts have reached [`wait`](Script::wait) or [`hold`](Script::hold) `count` times.
    ///
    /// # Panics
    ///
    /// Panics after 30 s.
    pub async fn wait_for_idle(&self, count: usize) {
        wait_for(&self.recording.idle, count).await;
    }

    /// Waits until `count` bytes of request bodies have arrived, summed over all requests.
    ///
    /// # Panics
    ///
    /// Panics after 30 s.
    pub async fn wait_for_body_bytes(&self, count: usize) {
        wait_for(&self.recording.body_bytes, count).await;
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn wait_for(counter: &watch::Sender<usize>, expected: usize) {
    let mut counter = counter.subscribe();
    let reached = counter.wait_for(|count| *count >= expected);
    let reached = tokio::time::timeout(WAIT_LIMIT, reached).await;
    assert!(
        reached.is_ok(),
        "the count did not reach {expected} within 30 s"
    );
}

async fn serve(mut port: Port, scripts: Vec<Script>, recording: Arc<Recording>) {
    let mut scripts = scripts.as_slice();
    while let [script, rest @ ..] = scripts {
        scripts = rest;
        if let Some(gate) = &script.refuses_until {
            gate.pass().await;
            if !begins_with_refusal(rest) && port.listen().is_err() {
                return;
            }
            continue;
        }
        let Some(stream) = port.accept().await else {
            return;
        };
        // Refuse before this connection sends anything, or the client's next connection is accepted.
        if begins_with_refusal(rest) && port.refuse().is_err() {
            return;
        }
        connection::serve(stream, script.clone(), &recording).await;
    }
}

async fn serve_with_handler(
    port: Port,
    handler: impl Fn(&ReceivedRequest) -> Script,
    recording: Arc<Recording>,
) {
    while let Some(stream) = port.accept().await {
        connection::serve_with_handler(stream, &handler, &recording).await;
    }
}

fn begins_with_refusal(scripts: &[Script]) -> bool {
    let first = scripts.first();
    first.is_some_and(|first| first.refuses_until.is_some())
}
