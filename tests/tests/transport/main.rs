//! Retries, timeouts and error reporting against scripted servers that truncate, reset and stall, with a manual clock.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod credentials;
mod options;
mod outcome;
mod presigned_urls;
mod regressions;
mod retries;
mod runtimes;
mod storage;
mod timeouts;
mod tracing;

use std::time::Duration;

use retab_ext::{Client, ClientBuilder};
use retab_fake::scripted_server::{Script, ScriptedServer};
use retab_tests::manual_clock::ManualClock;
use retab_tests::trace_recorder;
use tokio::task::JoinHandle;

const KEY: &str = "rt_test_secret";

/// Starts a server and returns it with a manual clock and a client builder, whose jitter selects the full backoff.
async fn start_server(
    scripts: impl IntoIterator<Item = Script>,
) -> (ScriptedServer, ManualClock, ClientBuilder) {
    trace_recorder::install_global();
    let server = ScriptedServer::new(scripts).await;
    let clock = ManualClock::new();
    let builder = Client::builder()
        .api_key(KEY)
        .base_url(server.url())
        .clock(clock.clone())
        .jitter(|| 1.0);
    (server, clock, builder)
}

/// Joins a task, which must finish without further clock time.
async fn join<T>(task: JoinHandle<T>) -> T {
    let output = tokio::time::timeout(Duration::from_secs(30), task).await;
    output.expect("the task did not finish").unwrap()
}

/// Runs a future and checks that it sleeps for exactly these delays, in seconds.
async fn run_with_delays<T: Send + 'static>(
    clock: &ManualClock,
    delays: &[f64],
    future: impl Future<Output = T> + Send + 'static,
) -> T {
    let task = tokio::spawn(future);
    for delay in delays {
        let delay = Duration::from_secs_f64(*delay);
        assert_eq!(clock.pass(delay).await, delay, "of {delays:?}");
    }
    join(task).await
}

/// Returns a running run as JSON.
fn run_json() -> String {
    serde_json::json!({
        "id": "run_1",
        "workflow_id": "wf_1",
        "workflow_version_id": "ver_1",
        "trigger": {"type": "api"},
        "lifecycle": {"status": "running"},
        "timing": {"created_at": "2026-03-09T10:30:00Z"},
    })
    .to_string()
}

/// Responds with a run.
fn run_response() -> Script {
    Script::json(200, &run_json())
}

/// Responds with this status and a short error body.
fn error_response(status: u16, headers: &[(&str, &str)]) -> Script {
    Script::response(status, headers, r#"{"detail":"no"}"#)
}
