//! Waiting for and watching runs, with a manual clock.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests panic on failure"
)]

use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use retab_ext::{Client, Document, Error, ErrorKind, Outcome, Polling, RetryPolicy, Run, Version};
use retab_fake::{FakeRetab, Response};
use retab_tests::manual_clock::ManualClock;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const INVOICE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../retab-ext/examples/invoice.pdf"
);

/// Longer than any polling interval, and shorter than any deadline in these tests.
const MAX_INTERVAL: Duration = Duration::from_secs(60);

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// Creates a run in the first lifecycle. Each read advances it to the next one.
async fn run_with_lifecycles(
    lifecycles: impl IntoIterator<Item = Value>,
) -> (FakeRetab, ManualClock, Run) {
    let fake = FakeRetab::start().await;
    fake.set_run_lifecycles(lifecycles);
    let clock = ManualClock::new();
    let client = client_for(&fake, &clock);
    let run = client.workflow("wf_abc123xyz").run().send().await.unwrap();
    (fake, clock, run)
}

fn client_for(fake: &FakeRetab, clock: &ManualClock) -> Client {
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .clock(clock.clone());
    client.build().unwrap()
}

fn wait(run: &Run, polling: Polling) -> JoinHandle<Result<Outcome, Error>> {
    let run = run.clone();
    tokio::spawn(async move { run.wait_with(polling).await })
}

fn poll_count(fake: &FakeRetab) -> usize {
    fake.requests()
        .iter()
        .filter(|request| request.method == http::Method::GET)
        .count()
}

/// Returns the result of a task. The task must finish without advancing the clock.
async fn join<T>(task: JoinHandle<T>) -> T {
    let result = tokio::time::timeout(Duration::from_secs(30), task).await;
    result.expect("the task did not finish").unwrap()
}

fn status(status: &str) -> Value {
    json!({ "status": status })
}

/// Returns the outcome of a run whose second lifecycle is this one.
async fn outcome_of(lifecycle: Value) -> Outcome {
    let (fake, clock, run) = run_with_lifecycles([status("pending"), lifecycle]).await;
    let waiting = wait(&run, Polling::default());
    clock.pass(MAX_INTERVAL).await;
    let outcome = join(waiting).await.unwrap();
    assert_eq!(poll_count(&fake), 1);
    outcome
}

#[tokio::test]
async fn readme_example_completes() {
    let (fake, clock, _) =
        run_with_lifecycles(["pending", "running", "completed"].map(status)).await;
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .clock(clock.clone());
    let client = client.build().unwrap();
    let example = tokio::spawn(async move {
        let run = client
            .workflow("wf_abc123xyz")
            .run()
            .document("start_document-block-1", Document::path(INVOICE))
            .version(Version::Draft)
            .metadata("tenant", "acme")
            .send()
            .await?;
        run.wait().await?.into_result()
    });
    for _ in 0..2 {
        clock.pass(MAX_INTERVAL).await;
    }
    let completed = join(example).await.unwrap();
    assert_eq!(
        (completed.id().as_str(), completed.status()),
        ("run_000002", "completed")
    );
}

#[tokio::test]
async fn polls_every_two_seconds_and_backs_off() {
    let states = (0..7)
        .map(|_| status("running"))
        .chain([status("completed")]);
    let (fake, clock, run) = run_with_lifecycles(states).await;
    let waiting = wait(&run, Polling::default());
    let mut intervals = Vec::new();
    for _ in 0..7 {
        intervals.push(clock.pass(MAX_INTERVAL).await);
    }
    assert_eq!(
        intervals,
        [2.0, 3.0, 4.5, 6.75, 10.0, 10.0, 10.0].map(seconds)
    );
    assert!(matches!(
        join(waiting).await.unwrap(),
        Outcome::Completed { .. }
    ));
    assert_eq!(poll_count(&fake), 7);
}

#[tokio::test]
async fn enforces_minimum_interval() {
    let (_fake, clock, run) =
        run_with_lifecycles(["running", "running", "completed"].map(status)).await;
    let polling = Polling::default()
        .interval(Duration::ZERO)
        .max_interval(Duration::ZERO);
    let waiting = wait(&run, polling);
    for _ in 0..2 {
        assert_eq!(clock.pass(MAX_INTERVAL).await, Duration::from_millis(100));
    }
    assert!(matches!(
        join(waiting).await.unwrap(),
        Outcome::Completed { .. }
    ));
}

#[tokio::test]
async fn watch_yields_every_change_once_in_order() {
    let (fake, clock, run) =
        run_with_lifecycles(["pending", "pending", "running", "running", "completed"].map(status))
            .await;
    let watching = tokio::spawn(
        run.watch()
            .map_ok(|run| run.status().to_owned())
            .try_collect::<Vec<_>>(),
    );
    for _ in 0..4 {
        clock.pass(MAX_INTERVAL).await;
    }
    assert_eq!(
        join(watching).await.unwrap(),
        ["pending", "running", "completed"]
    );
    assert_eq!(poll_count(&fake), 4);
}

#[tokio::test]
async fn completed_run_is_not_polled() {
    let (fake, _clock, run) = run_with_lifecycles([status("completed")]).await;
    let outcome = run.wait().await.unwrap();
    assert_eq!(outcome.run().id(), run.id());
    assert_eq!(outcome.into_result().unwrap().status(), "completed");
    assert_eq!(run.watch().count().await, 1);
    assert_eq!(poll_count(&fake), 0);
}

#[tokio::test]
async fn reports_failure_with_stage_category_step_and_message() {
    for tag in ["error", "failed"] {
        let outcome = outcome_of(json!({
            "status": tag,
            "message": "no\npages",
            "stage": "document_fetch",
            "category": "permanent",
            "failing_step_id": "step_1",
        }))
        .await;
        let Outcome::Failed { failure, .. } = &outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(failure.message, "no\npages");
        assert_eq!(failure.stage.as_deref(), Some("document_fetch"));
        assert_eq!(failure.category.as_deref(), Some("permanent"));
        assert_eq!(failure.step.as_deref(), Some("step_1"));
        let error = outcome.into_result().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RunFailed);
        assert_eq!(
            error.to_string(),
            r"the run run_000001 failed, stage document_fetch, category permanent, step step_1: no\npages"
        );
    }
}

#[tokio::test]
async fn reports_cancellation_reason() {
    let outcome = outcome_of(json!({"status": "cancelled", "reason": "not needed"})).await;
    assert!(
        matches!(&outcome, Outcome::Cancelled { reason: Some(reason), .. } if reason == "not needed")
    );
    let error = outcome.into_result().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RunCancelled);
    assert_eq!(
        error.to_string(),
        "the run run_000001 was cancelled: not needed"
    );

    let outcome = outcome_of(json!({"status": "cancelled", "reason": null})).await;
    assert!(matches!(&outcome, Outcome::Cancelled { reason: None, .. }));
}

#[tokio::test]
async fn awaiting_review_ends_waiting_and_names_blocks() {
    let outcome =
        outcome_of(json!({"status": "awaiting_review", "waiting_for_block_ids": ["a", "b"]})).await;
    let Outcome::AwaitingReview { block_ids, .. } = &outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(
        block_ids
            .iter()
            .map(retab_ext::BlockId::as_str)
            .collect::<Vec<_>>(),
        ["a", "b"]
    );
    let error = outcome.into_result().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RunAwaitingReview);
    assert_eq!(
        error.to_string(),
        "the run run_000001 is awaiting review of: a, b"
    );
}

#[tokio::test]
async fn keeps_waiting_on_unknown_status() {
    let lifecycles = [
        status("pending"),
        status("queued"),
        status("hibernating"),
        json!({}),
        Value::Null,
        status("completed"),
    ];
    let (_fake, clock, run) = run_with_lifecycles(lifecycles).await;
    let watching = tokio::spawn(
        run.watch()
            .map_ok(|run| run.status().to_owned())
            .try_collect::<Vec<_>>(),
    );
    for _ in 0..5 {
        clock.pass(MAX_INTERVAL).await;
    }
    assert_eq!(
        join(watching).await.unwrap(),
        ["pending", "queued", "hibernating", "", "", "completed"]
    );
}

#[tokio::test]
async fn keeps_polling_after_retryable_errors() {
    let (fake, clock, run) = run_with_lifecycles(["pending", "completed"].map(status)).await;
    for code in [408, 429, 500, 503, 404, 404, 520, 404, 404] {
        fake.queue_response(Response::json(code, &json!({"detail": "not now"})));
    }
    let waiting = wait(&run, Polling::default());
    for _ in 0..10 {
        clock.pass(MAX_INTERVAL).await;
    }
    assert!(matches!(
        join(waiting).await.unwrap(),
        Outcome::Completed { .. }
    ));
    assert_eq!(poll_count(&fake), 10);
}

#[tokio::test]
async fn fails_on_permanent_server_errors() {
    for code in [501, 505, 507, 511] {
        let (fake, clock, run) = run_with_lifecycles([status("pending")]).await;
        fake.queue_response(Response::json(code, &json!({"detail": "never"})));
        let waiting = wait(&run, Polling::default());
        assert_eq!(clock.pass(MAX_INTERVAL).await, seconds(2.0));
        let error = join(waiting).await.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(code));
        assert!(!error.is_retryable(), "{error}");
        assert_eq!(poll_count(&fake), 1);
    }
}

#[tokio::test]
async fn fails_after_three_consecutive_404s() {
    let (fake, clock, run) = run_with_lifecycles([status("pending")]).await;
    for _ in 0..3 {
        fake.queue_response(Response::json(404, &json!({"detail": "no such run"})));
    }
    let waiting = wait(&run, Polling::default());
    for _ in 0..3 {
        clock.pass(MAX_INTERVAL).await;
    }
    assert!(join(waiting).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn fails_on_first_404_after_a_successful_poll() {
    let missing = || Response::json(404, &json!({"detail": "no such run"}));
    let (fake, clock, run) = run_with_lifecycles(["pending", "running"].map(status)).await;
    let mut states = run.watch();
    assert_eq!(states.next().await.unwrap().unwrap().status(), "pending");
    // A created run may not be visible yet. The first successful poll shows that it is.
    let next = tokio::spawn(async move { (states.next().await, states) });
    clock.pass(MAX_INTERVAL).await;
    let (running, mut states) = join(next).await;
    let running = running.unwrap().unwrap();
    fake.queue_response(missing());
    let next = tokio::spawn(async move { states.next().await });
    clock.pass(MAX_INTERVAL).await;
    let error = join(next).await.unwrap().unwrap_err();
    assert!(error.is_not_found());

    fake.queue_response(missing());
    let waiting = wait(&running, Polling::default());
    clock.pass(MAX_INTERVAL).await;
    assert!(join(waiting).await.unwrap_err().is_not_found());
    assert_eq!(poll_count(&fake), 3);
}

#[tokio::test]
async fn polls_do_not_use_the_retry_policy() {
    let (fake, clock, run) = run_with_lifecycles(["pending", "completed"].map(status)).await;
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .retry(RetryPolicy::default().max_attempts(9))
        .clock(clock.clone());
    let run = client.build().unwrap().run(run.id());
    fake.queue_response(Response::json(503, &json!({"detail": "not now"})));
    let waiting = tokio::spawn(async move { run.wait().await });
    assert_eq!(clock.pass(MAX_INTERVAL).await, seconds(2.0));
    let outcome = join(waiting).await.unwrap();
    assert_eq!(poll_count(&fake), 2);

    // Other requests of the returned run use the retry policy.
    fake.queue_response(Response::json(503, &json!({"detail": "not now"})));
    let run = outcome.run().clone();
    let refreshing = tokio::spawn(async move { run.refresh().await });
    clock.pass(MAX_INTERVAL).await;
    assert!(join(refreshing).await.is_ok());
}

#[tokio::test]
async fn honors_retry_after_between_polls() {
    let (fake, clock, run) = run_with_lifecycles(["pending", "completed"].map(status)).await;
    let busy = Response::json(429, &json!({"detail": "slow down"}));
    fake.queue_response(busy.header("retry-after", "45"));
    let waiting = wait(&run, Polling::default());
    let intervals = [
        clock.pass(MAX_INTERVAL).await,
        clock.pass(MAX_INTERVAL).await,
    ];
    assert_eq!(intervals, [2.0, 45.0].map(seconds));
    assert!(matches!(
        join(waiting).await.unwrap(),
        Outcome::Completed { .. }
    ));
}

#[tokio::test]
async fn handle_polls_immediately_and_then_waits() {
    let (fake, clock, run) =
        run_with_lifecycles(["pending", "running", "completed"].map(status)).await;
    let id = run.id().as_str();
    let handle = client_for(&fake, &clock).run(id);
    assert_eq!(poll_count(&fake), 0, "creating a handle sends no request");
    let watching = tokio::spawn(
        handle
            .watch()
            .map_ok(|run| run.status().to_owned())
            .try_collect::<Vec<_>>(),
    );
    assert_eq!(clock.pass(MAX_INTERVAL).await, seconds(2.0));
    assert_eq!(join(watching).await.unwrap(), ["running", "completed"]);

    let outcome = handle.wait().await.unwrap();
    assert_eq!(outcome.into_result().unwrap().id(), run.id());
    assert_eq!(poll_count(&fake), 3);
}

#[tokio::test]
async fn handle_of_unknown_run_fails_after_three_404s() {
    let fake = FakeRetab::start().await;
    let clock = ManualClock::new();
    let handle = client_for(&fake, &clock).run("run_unknown");
    let waiting = tokio::spawn(async move { handle.wait().await });
    for _ in 0..2 {
        clock.pass(MAX_INTERVAL).await;
    }
    assert!(join(waiting).await.unwrap_err().is_not_found());
    assert_eq!(poll_count(&fake), 3);
}

#[tokio::test]
async fn deadline_before_first_successful_poll_reports_last_error() {
    let fake = FakeRetab::start().await;
    let clock = ManualClock::new();
    let handle = client_for(&fake, &clock).run("run_1");
    fake.queue_response(Response::json(503, &json!({"detail": "not now"})));
    let polling = Polling::default().interval(seconds(1.0));
    let polling = polling.deadline(seconds(1.5));
    let waiting = tokio::spawn(async move { handle.wait_with(polling).await });
    fake.queue_response(Response::json(503, &json!({"detail": "not now"})));
    // The deadline is further away than this limit while the poll is in flight, so only the interval passes.
    assert_eq!(clock.pass(seconds(1.0)).await, seconds(1.0));
    // The second poll and the remaining interval after it end at the same time.
    assert_eq!(clock.pass(MAX_INTERVAL).await, seconds(0.5));
    let error = join(waiting).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let line = error.to_string();
    let start = "cannot wait for the run run_1: no read succeeded before the deadline; the last read failed: ";
    assert!(
        line.starts_with(start) && line.contains("not now"),
        "{line}"
    );
}

#[tokio::test]
async fn permanent_errors_end_waiting() {
    for code in [400, 401, 403, 422] {
        let (fake, clock, run) = run_with_lifecycles([status("pending")]).await;
        fake.queue_response(Response::json(code, &json!({"detail": "no"})));
        let mut states = run.watch();
        assert_eq!(states.next().await.unwrap().unwrap().status(), "pending");
        let watching = tokio::spawn(states.collect::<Vec<_>>());
        clock.pass(MAX_INTERVAL).await;
        let rest = join(watching).await;
        assert_eq!(rest.len(), 1, "an error ends the stream");
        assert_eq!(
            rest[0]
                .as_ref()
                .unwrap_err()
                .status()
                .map(|status| status.as_u16()),
            Some(code)
        );
        assert_eq!(poll_count(&fake), 1);
    }
}

#[tokio::test]
async fn returns_last_state_at_deadline() {
    let (fake, clock, run) = run_with_lifecycles([status("running")]).await;
    let waiting = wait(&run, Polling::default().deadline(seconds(1.5)));
    let interval = clock.pass(MAX_INTERVAL).await;
    assert_eq!(interval, seconds(1.5), "the interval ends at the deadline");
    let outcome = join(waiting).await.unwrap();
    let Outcome::TimedOut {
        run,
        last_error: None,
        ..
    } = &outcome
    else {
        panic!("{outcome:?}")
    };
    assert_eq!(run.status(), "running");
    assert_eq!(poll_count(&fake), 0);
    let error = outcome.into_result().unwrap_err();
    assert!(error.is_timeout());
    let line = "the run run_000001 was still \"running\" at the deadline and was not cancelled";
    assert_eq!(error.to_string(), line);
}

#[tokio::test]
async fn deadline_after_errors_reports_last_error() {
    let (fake, clock, run) = run_with_lifecycles([status("pending")]).await;
    let states = run.watch_with(
        Polling::default()
            .interval(seconds(4.0))
            .deadline(seconds(20.0)),
    );
    let watching = tokio::spawn(states.collect::<Vec<_>>());
    for (detail, interval) in [("first", 4.0), ("second", 6.0), ("third", 9.0)] {
        fake.queue_response(Response::json(503, &json!({ "detail": detail })));
        // The deadline is further away than this limit while the poll is in flight, so only the interval passes.
        assert_eq!(clock.pass(seconds(interval)).await, seconds(interval));
    }
    // The third poll and the remaining interval after it end at the same time.
    assert_eq!(clock.pass(MAX_INTERVAL).await, seconds(1.0));
    let states = join(watching).await;
    assert_eq!(states.len(), 2);
    let error = states[1].as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let line = error.to_string();
    assert!(line.contains("second") || line.contains("third"), "{line}");
    assert!(std::error::Error::source(error).is_some());
}

#[tokio::test]
async fn deadline_aborts_poll_in_flight() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let clock = ManualClock::new();
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(base_url)
        .idle_timeout(None)
        .clock(clock.clone());
    let client = client.build().unwrap();

    let read = client.run("run_1");
    let (run, ()) = tokio::join!(read.get(), async {
        let run = json!({
            "id": "run_1",
            "workflow_id": "wf_1",
            "workflow_version_id": "ver_1",
            "trigger": {"type": "api"},
            "lifecycle": {"status": "running"},
            "timing": {"created_at": "2026-03-09T10:30:00Z"},
        })
        .to_string();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length:";
        let response = format!("{head} {}\r\n\r\n{run}", run.len());
        accept_request(&listener)
            .await
            .write_all(response.as_bytes())
            .await
            .unwrap();
    });
    let waiting = wait(&run.unwrap(), Polling::default().deadline(seconds(600.0)));
    clock.pass(seconds(2.0)).await;
    let pending_connection = accept_request(&listener).await;
    assert_eq!(clock.pass(seconds(600.0)).await, seconds(598.0));
    let outcome = join(waiting).await.unwrap();
    assert!(
        matches!(&outcome, Outcome::TimedOut { run, .. } if run.status() == "running"),
        "{outcome:?}"
    );
    drop(pending_connection);
}

/// Accepts a connection and reads the head of a request.
async fn accept_request(listener: &TcpListener) -> TcpStream {
    let (mut connection, _) = listener.accept().await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.unwrap());
    }
    connection
}
