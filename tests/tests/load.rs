//! Load test: every run is created exactly once, and the client leaks neither memory nor file descriptors.
//!
//! Creates 1,000 runs with 64 in flight, or with `LONG=1` 10,000 runs with 256 in flight. The fake runs in a separate
//! process, so that only the client is measured.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "the test prints its measurements and panics on failure"
)]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::{env, fs};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use retab_ext::{Client, Document, List as _};
use retab_fake::FakeRetab;

/// Maximum memory growth after the first quarter of the runs, in KiB.
const MAX_GROWTH: u64 = 16 * 1024;

#[tokio::test]
async fn creates_every_run_once_without_leaks() {
    let (runs, in_flight) = match env::var_os("LONG") {
        Some(_) => (10_000_usize, 256),
        None => (1_000, 64),
    };
    let fake = FakeProcess::start();
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(&fake.base_url)
        .build()
        .unwrap();

    let descriptors_before = descriptors();
    let mut ids = BTreeSet::new();
    let mut after_a_quarter = None;
    let mut most = 0;
    let mut created = stream::iter(0..runs)
        .map(|number| create(&client, number))
        .buffer_unordered(in_flight);
    while let Some(id) = created.next().await {
        assert!(ids.insert(id), "duplicate run id");
        if ids.len() >= runs / 4 && ids.len().is_multiple_of(runs / 20) {
            let now = resident();
            most = most.max(now);
            after_a_quarter.get_or_insert(now);
        }
    }
    drop(created);
    assert_eq!(ids.len(), runs);

    let mut listed = BTreeSet::new();
    let mut list = client.api().list_workflow_runs().limit(100).items();
    while let Some(run) = list.try_next().await.unwrap() {
        assert!(listed.insert(run.id.clone()), "{} is listed twice", run.id);
    }
    assert_eq!(listed, ids, "the listed runs differ from the created ones");
    drop(list);
    drop(client);

    let grown = most.saturating_sub(after_a_quarter.unwrap_or(most));
    println!("runs        {runs} with {in_flight} in flight");
    println!("memory      grew by {grown} KiB after the first quarter");
    assert!(grown <= MAX_GROWTH, "memory grew by {grown} KiB");
    // Connections close once their tasks have been polled.
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    let descriptors_after = descriptors();
    println!("descriptors {descriptors_before} before, {descriptors_after} after");
    assert!(
        descriptors_after <= descriptors_before + 4,
        "file descriptors leak"
    );
}

/// The fake in a separate process.
struct FakeProcess {
    child: Child,
    base_url: String,
}

/// The prefix of the line in which the process prints its base URL.
const BASE_URL: &str = "base URL ";

impl FakeProcess {
    /// Runs `serve_fake` in a second process of this test binary.
    fn start() -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "serve_fake", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut lines = lines.map(Result::unwrap);
        let base_url = lines.find_map(|line| Some(line.split_once(BASE_URL)?.1.to_owned()));
        Self {
            child,
            base_url: base_url.unwrap(),
        }
    }
}

impl Drop for FakeProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
#[ignore = "the load test runs it in a separate process"]
async fn serve_fake() {
    let fake = FakeRetab::builder()
        .real_time()
        .request_log_limit(0)
        .start();
    let fake = fake.await.unwrap();
    println!("{BASE_URL}{}", fake.base_url());
    std::future::pending::<()>().await;
}

async fn create(client: &Client, number: usize) -> String {
    let run = client
        .workflow("wf_abc123xyz")
        .run()
        .document(
            "start_document-block-1",
            Document::bytes("a.txt", vec![b'a'; 4096]),
        )
        .metadata("number", number.to_string())
        .send()
        .await;
    run.unwrap().id().to_string()
}

/// Returns the resident memory of this process in KiB, or 0 on systems without `/proc`.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.map_or(0, |number| number.parse().unwrap())
}

/// Returns the number of open file descriptors, or 0 on systems without `/proc`.
fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}
