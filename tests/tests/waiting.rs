//! Waiting for a run and watching it, by a clock that the tests hold.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by them"
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

/// Longer than any pause between two reads, and shorter than any deadline here.
const PAUSE: Duration = Duration::from_secs(60);

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// A run whose lifecycle is the first of these now, and the others after each read.
async fn run_through(lifecycles: impl IntoIterator<Item = Value>) -> (FakeRetab, ManualClock, Run) {
    let fake = FakeRetab::start().await;
    fake.set_run_lifecycles(lifecycles);
    let clock = ManualClock::new();
    let client = client_of(&fake, &clock);
    let run = client.run("wf_abc123xyz").send().await.unwrap();
    (fake, clock, run)
}

fn client_of(fake: &FakeRetab, clock: &ManualClock) -> Client {
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

fn reads(fake: &FakeRetab) -> usize {
    fake.requests()
        .iter()
        .filter(|request| request.method == http::Method::GET)
        .count()
}

/// What a task ends with, which it has to do without any more time passing.
async fn end_of<T>(task: JoinHandle<T>) -> T {
    let end = tokio::time::timeout(Duration::from_secs(30), task).await;
    end.expect("the task has not ended").unwrap()
}

fn status(status: &str) -> Value {
    json!({ "status": status })
}

/// The outcome of a run that goes straight to this lifecycle.
async fn outcome_of(lifecycle: Value) -> Outcome {
    let (fake, clock, run) = run_through([status("pending"), lifecycle]).await;
    let waiting = wait(&run, Polling::default());
    clock.pass(PAUSE).await;
    let outcome = end_of(waiting).await.unwrap();
    assert_eq!(reads(&fake), 1);
    outcome
}

#[tokio::test]
async fn the_lines_of_the_readme_go_through() {
    let (fake, clock, _) = run_through(["pending", "running", "completed"].map(status)).await;
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .clock(clock.clone());
    let client = client.build().unwrap();
    let lines = tokio::spawn(async move {
        let run = client
            .run("wf_abc123xyz")
            .document("start_document-block-1", Document::path(INVOICE))
            .version(Version::Draft)
            .metadata("tenant", "acme")
            .send()
            .await?;
        run.wait().await?.into_result()
    });
    for _ in 0..2 {
        clock.pass(PAUSE).await;
    }
    let completed = end_of(lines).await.unwrap();
    assert_eq!(
        (completed.id().as_str(), completed.status()),
        ("run_000002", "completed")
    );
}

#[tokio::test]
async fn a_run_is_read_every_two_seconds_and_then_less_often() {
    let states = (0..7)
        .map(|_| status("running"))
        .chain([status("completed")]);
    let (fake, clock, run) = run_through(states).await;
    let waiting = wait(&run, Polling::default());
    let mut pauses = Vec::new();
    for _ in 0..7 {
        pauses.push(clock.pass(PAUSE).await);
    }
    assert_eq!(pauses, [2.0, 3.0, 4.5, 6.75, 10.0, 10.0, 10.0].map(seconds));
    assert!(matches!(
        end_of(waiting).await.unwrap(),
        Outcome::Completed { .. }
    ));
    assert_eq!(reads(&fake), 7);
}

#[tokio::test]
async fn no_setting_makes_a_flood_of_reads() {
    let (_fake, clock, run) = run_through(["running", "running", "completed"].map(status)).await;
    let polling = Polling::default()
        .interval(Duration::ZERO)
        .max_interval(Duration::ZERO);
    let waiting = wait(&run, polling);
    for _ in 0..2 {
        assert_eq!(clock.pass(PAUSE).await, Duration::from_millis(100));
    }
    assert!(matches!(
        end_of(waiting).await.unwrap(),
        Outcome::Completed { .. }
    ));
}

#[tokio::test]
async fn every_change_is_seen_once_and_in_order() {
    let (fake, clock, run) =
        run_through(["pending", "pending", "running", "running", "completed"].map(status)).await;
    let watching = tokio::spawn(
        run.watch()
            .map_ok(|run| run.status().to_owned())
            .try_collect::<Vec<_>>(),
    );
    for _ in 0..4 {
        clock.pass(PAUSE).await;
    }
    assert_eq!(
        end_of(watching).await.unwrap(),
        ["pending", "running", "completed"]
    );
    assert_eq!(reads(&fake), 4);
}

#[tokio::test]
async fn a_run_that_has_ended_is_not_read_again() {
    let (fake, _clock, run) = run_through([status("completed")]).await;
    let outcome = run.wait().await.unwrap();
    assert_eq!(outcome.run().id(), run.id());
    assert_eq!(outcome.into_result().unwrap().status(), "completed");
    assert_eq!(run.watch().count().await, 1);
    assert_eq!(reads(&fake), 0);
}

#[tokio::test]
async fn a_failure_tells_stage_category_step_and_message() {
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
async fn a_cancelled_run_tells_why() {
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
async fn a_review_is_a_stop_and_names_its_blocks() {
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
async fn a_state_that_is_not_known_is_shown_and_waited_on() {
    let odd = [
        status("pending"),
        status("queued"),
        status("hibernating"),
        json!({}),
        Value::Null,
        status("completed"),
    ];
    let (_fake, clock, run) = run_through(odd).await;
    let watching = tokio::spawn(
        run.watch()
            .map_ok(|run| run.status().to_owned())
            .try_collect::<Vec<_>>(),
    );
    for _ in 0..5 {
        clock.pass(PAUSE).await;
    }
    assert_eq!(
        end_of(watching).await.unwrap(),
        ["pending", "queued", "hibernating", "", "", "completed"]
    );
}

#[tokio::test]
async fn a_fault_that_may_pass_is_ridden_out() {
    let (fake, clock, run) = run_through(["pending", "completed"].map(status)).await;
    for code in [408, 429, 500, 503, 404, 404, 502, 404, 404] {
        fake.queue_response(Response::json(code, &json!({"detail": "not now"})));
    }
    let waiting = wait(&run, Polling::default());
    for _ in 0..10 {
        clock.pass(PAUSE).await;
    }
    assert!(matches!(
        end_of(waiting).await.unwrap(),
        Outcome::Completed { .. }
    ));
    assert_eq!(reads(&fake), 10);
}

#[tokio::test]
async fn a_run_that_is_missing_three_times_in_a_row_is_gone() {
    let (fake, clock, run) = run_through([status("pending")]).await;
    for _ in 0..3 {
        fake.queue_response(Response::json(404, &json!({"detail": "no such run"})));
    }
    let waiting = wait(&run, Polling::default());
    for _ in 0..3 {
        clock.pass(PAUSE).await;
    }
    assert!(end_of(waiting).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_run_that_was_read_before_is_gone_when_it_is_missing_once() {
    let missing = || Response::json(404, &json!({"detail": "no such run"}));
    let (fake, clock, run) = run_through(["pending", "running"].map(status)).await;
    let mut states = run.watch();
    assert_eq!(states.next().await.unwrap().unwrap().status(), "pending");
    // The creation alone does not tell that the run can be found: the first read does.
    let next = tokio::spawn(async move { (states.next().await, states) });
    clock.pass(PAUSE).await;
    let (running, mut states) = end_of(next).await;
    let running = running.unwrap().unwrap();
    fake.queue_response(missing());
    let next = tokio::spawn(async move { states.next().await });
    clock.pass(PAUSE).await;
    let gone = end_of(next).await.unwrap().unwrap_err();
    assert!(gone.is_not_found());

    fake.queue_response(missing());
    let waiting = wait(&running, Polling::default());
    clock.pass(PAUSE).await;
    assert!(end_of(waiting).await.unwrap_err().is_not_found());
    assert_eq!(reads(&fake), 3);
}

#[tokio::test]
async fn a_read_is_sent_once_whatever_the_retries_of_the_client() {
    let (fake, clock, run) = run_through(["pending", "completed"].map(status)).await;
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .retry(RetryPolicy::default().max_attempts(9))
        .clock(clock.clone());
    let run = client.build().unwrap().runs().handle(run.id());
    fake.queue_response(Response::json(503, &json!({"detail": "not now"})));
    let waiting = tokio::spawn(async move { run.wait().await });
    assert_eq!(clock.pass(PAUSE).await, seconds(2.0));
    let outcome = end_of(waiting).await.unwrap();
    assert_eq!(reads(&fake), 2);

    // What comes of it is tried again as the client says.
    fake.queue_response(Response::json(503, &json!({"detail": "not now"})));
    let run = outcome.run().clone();
    let reading = tokio::spawn(async move { run.refresh().await });
    clock.pass(PAUSE).await;
    assert!(end_of(reading).await.is_ok());
}

#[tokio::test]
async fn the_pause_is_as_long_as_the_service_asks_for() {
    let (fake, clock, run) = run_through(["pending", "completed"].map(status)).await;
    let busy = Response::json(429, &json!({"detail": "slow down"}));
    fake.queue_response(busy.header("retry-after", "45"));
    let waiting = wait(&run, Polling::default());
    let pauses = [clock.pass(PAUSE).await, clock.pass(PAUSE).await];
    assert_eq!(pauses, [2.0, 45.0].map(seconds));
    assert!(matches!(
        end_of(waiting).await.unwrap(),
        Outcome::Completed { .. }
    ));
}

#[tokio::test]
async fn a_run_that_is_known_by_its_id_is_read_at_once_and_waited_for() {
    let (fake, clock, run) = run_through(["pending", "running", "completed"].map(status)).await;
    let stored = run.id().as_str();
    let handle = client_of(&fake, &clock).runs().handle(stored);
    assert_eq!(reads(&fake), 0, "to have it costs no call");
    let watching = tokio::spawn(
        handle
            .watch()
            .map_ok(|run| run.status().to_owned())
            .try_collect::<Vec<_>>(),
    );
    assert_eq!(clock.pass(PAUSE).await, seconds(2.0));
    assert_eq!(end_of(watching).await.unwrap(), ["running", "completed"]);

    let outcome = handle.wait().await.unwrap();
    assert_eq!(outcome.into_result().unwrap().id(), run.id());
    assert_eq!(reads(&fake), 3);
}

#[tokio::test]
async fn a_run_that_is_known_by_its_id_is_missing_at_the_third_time() {
    let fake = FakeRetab::start().await;
    let clock = ManualClock::new();
    let handle = client_of(&fake, &clock).runs().handle("run_of_nobody");
    let waiting = tokio::spawn(async move { handle.wait().await });
    for _ in 0..2 {
        clock.pass(PAUSE).await;
    }
    assert!(end_of(waiting).await.unwrap_err().is_not_found());
    assert_eq!(reads(&fake), 3);
}

#[tokio::test]
async fn a_deadline_before_any_read_is_an_error_that_tells_the_last_fault() {
    let fake = FakeRetab::start().await;
    let clock = ManualClock::new();
    let handle = client_of(&fake, &clock).runs().handle("run_1");
    fake.queue_response(Response::json(503, &json!({"detail": "not now"})));
    let polling = Polling::default().interval(seconds(1.0));
    let polling = polling.deadline(seconds(1.5));
    let waiting = tokio::spawn(async move { handle.wait_with(polling).await });
    fake.queue_response(Response::json(503, &json!({"detail": "not now"})));
    // The deadline is too far away while the read is under way, so that only the pause is passed.
    assert_eq!(clock.pass(seconds(1.0)).await, seconds(1.0));
    // The second read, and the pause of what is left after it, end at the same time.
    assert_eq!(clock.pass(PAUSE).await, seconds(0.5));
    let error = end_of(waiting).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let line = error.to_string();
    let start = "cannot wait for the run run_1: no read succeeded before the deadline; the last read failed: ";
    assert!(
        line.starts_with(start) && line.contains("not now"),
        "{line}"
    );
}

#[tokio::test]
async fn a_fault_that_will_not_pass_ends_the_waiting() {
    for code in [400, 401, 403, 422] {
        let (fake, clock, run) = run_through([status("pending")]).await;
        fake.queue_response(Response::json(code, &json!({"detail": "no"})));
        let mut states = run.watch();
        assert_eq!(states.next().await.unwrap().unwrap().status(), "pending");
        let watching = tokio::spawn(states.collect::<Vec<_>>());
        clock.pass(PAUSE).await;
        let rest = end_of(watching).await;
        assert_eq!(rest.len(), 1, "an error ends the stream");
        assert_eq!(
            rest[0]
                .as_ref()
                .unwrap_err()
                .status()
                .map(|status| status.as_u16()),
            Some(code)
        );
        assert_eq!(reads(&fake), 1);
    }
}

#[tokio::test]
async fn at_the_deadline_the_last_state_is_given() {
    let (fake, clock, run) = run_through([status("running")]).await;
    let waiting = wait(&run, Polling::default().deadline(seconds(1.5)));
    let pause = clock.pass(PAUSE).await;
    assert_eq!(
        pause,
        seconds(1.5),
        "the pause is no longer than what is left"
    );
    let outcome = end_of(waiting).await.unwrap();
    let Outcome::TimedOut {
        run,
        last_error: None,
        ..
    } = &outcome
    else {
        panic!("{outcome:?}")
    };
    assert_eq!(run.status(), "running");
    assert_eq!(reads(&fake), 0);
    let error = outcome.into_result().unwrap_err();
    assert!(error.is_timeout());
    let line = "the run run_000001 was still \"running\" at the deadline and was not cancelled";
    assert_eq!(error.to_string(), line);
}

#[tokio::test]
async fn a_deadline_after_faults_tells_the_last_one() {
    let (fake, clock, run) = run_through([status("pending")]).await;
    let states = run.watch_with(
        Polling::default()
            .interval(seconds(4.0))
            .deadline(seconds(20.0)),
    );
    let watching = tokio::spawn(states.collect::<Vec<_>>());
    for (detail, pause) in [("first", 4.0), ("second", 6.0), ("third", 9.0)] {
        fake.queue_response(Response::json(503, &json!({ "detail": detail })));
        // Less than what is left of the deadline while the read is under way, so that only the pause is passed.
        assert_eq!(clock.pass(seconds(pause)).await, seconds(pause));
    }
    // The third read, and the pause of what is left after it, end at the same time.
    assert_eq!(clock.pass(PAUSE).await, seconds(1.0));
    let states = end_of(watching).await;
    assert_eq!(states.len(), 2);
    let error = states[1].as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let line = error.to_string();
    assert!(line.contains("second") || line.contains("third"), "{line}");
    assert!(std::error::Error::source(error).is_some());
}

#[tokio::test]
async fn the_deadline_bounds_the_read_that_is_under_way() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let clock = ManualClock::new();
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(base_url)
        .idle_timeout(None)
        .clock(clock.clone());
    let client = client.build().unwrap();

    let (run, ()) = tokio::join!(client.get_run("run_1"), async {
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
        let answer = format!("{head} {}\r\n\r\n{run}", run.len());
        accept_request(&listener)
            .await
            .write_all(answer.as_bytes())
            .await
            .unwrap();
    });
    let waiting = wait(&run.unwrap(), Polling::default().deadline(seconds(600.0)));
    clock.pass(seconds(2.0)).await;
    let unanswered = accept_request(&listener).await;
    assert_eq!(clock.pass(seconds(600.0)).await, seconds(598.0));
    let outcome = end_of(waiting).await.unwrap();
    assert!(
        matches!(&outcome, Outcome::TimedOut { run, .. } if run.status() == "running"),
        "{outcome:?}"
    );
    drop(unanswered);
}

/// Takes a connection and reads the head of a request from it.
async fn accept_request(listener: &TcpListener) -> TcpStream {
    let (mut connection, _) = listener.accept().await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(connection.read_u8().await.unwrap());
    }
    connection
}
