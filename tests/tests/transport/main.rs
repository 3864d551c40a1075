//! The way of every call, on a wire that breaks off, resets and falls silent, by a clock that the tests hold.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by them"
)]

mod options;
mod outcome;
mod regressions;
mod retries;
mod storage;
mod timeouts;
mod tracing;

use std::time::Duration;

use retab_ext::{Client, ClientBuilder};
use retab_fake::scripted_server::{Script, ScriptedServer};
use retab_tests::manual_clock::ManualClock;
use tokio::task::JoinHandle;

const KEY: &str = "rt_test_secret";

/// A wire of these scripts, a clock, and settings of a client by which each pause is as long as it can be.
async fn wire(
    scripts: impl IntoIterator<Item = Script>,
) -> (ScriptedServer, ManualClock, ClientBuilder) {
    let wire = ScriptedServer::new(scripts).await;
    let clock = ManualClock::new();
    let settings = Client::builder()
        .api_key(KEY)
        .base_url(wire.url())
        .clock(clock.clone())
        .jitter(|| 1.0);
    (wire, clock, settings)
}

/// What a task ends with, which it has to do without any more time passing.
async fn end_of<T>(task: JoinHandle<T>) -> T {
    let end = tokio::time::timeout(Duration::from_secs(30), task).await;
    end.expect("the task has not ended").unwrap()
}

/// What a call ends with, after pauses of exactly these lengths, in seconds.
async fn after<T: Send + 'static>(
    clock: &ManualClock,
    pauses: &[f64],
    call: impl Future<Output = T> + Send + 'static,
) -> T {
    let call = tokio::spawn(call);
    for pause in pauses {
        let pause = Duration::from_secs_f64(*pause);
        assert_eq!(clock.pass(pause).await, pause, "of {pauses:?}");
    }
    end_of(call).await
}

/// A run, as the service describes it.
fn run() -> String {
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

/// A request that is answered with a run.
fn answered() -> Script {
    Script::json(200, &run())
}

/// A request that is answered with this status, and one word about it.
fn refused(status: u16, headers: &[(&str, &str)]) -> Script {
    Script::response(status, headers, r#"{"detail":"no"}"#)
}
