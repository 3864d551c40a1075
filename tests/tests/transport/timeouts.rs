//! When a call is given up: by silence, by the bound of its attempt, by its own.

use std::error::Error as _;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use retab_api::FilePart;
use retab_ext::{Client, Error, ErrorKind, RequestOptions, RetryPolicy, Run};
use retab_fake::scripted_server::{Gate, Script};
use serde_json::Value;
use tokio::sync::mpsc;

use crate::{after, answered, end_of, refused, run, wire};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn read(client: Client) -> Result<Run, Error> {
    client.get_run("run_1").await
}

fn silent() -> Script {
    Script::new().read_request().hold()
}

fn csv() -> Script {
    let head = [("content-type", "text/csv")];
    Script::new().read_request().write_head(200, &head, 1000)
}

#[tokio::test]
async fn a_call_in_which_nothing_moves_is_given_up_after_300_s() {
    let half = Script::new().read_request().write_head(200, &[], 900);
    for script in [silent(), Script::new().hold(), half.write("{").hold()] {
        let (wire, clock, settings) = wire([script]).await;
        let client = settings.retry(RetryPolicy::never()).build().unwrap();
        let call = tokio::spawn(read(client));
        assert_eq!(clock.pass(seconds(1000)).await, seconds(300));
        let error = end_of(call).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.is_timeout());
        assert!(
            error
                .to_string()
                .contains("no data sent or received for 300s"),
            "{error}"
        );
        drop(wire);
    }
}

#[tokio::test]
async fn an_idempotent_call_is_tried_again_after_silence_with_a_silence_of_its_own() {
    let (wire, clock, settings) = wire([silent(), answered()]).await;
    let client = settings.idle_timeout(seconds(20)).build().unwrap();
    let call = tokio::spawn(read(client));
    wire.wait_for_requests(1).await;
    for pause in [20.0, 0.5].map(Duration::from_secs_f64) {
        assert_eq!(clock.pass(pause).await, pause);
    }
    assert!(end_of(call).await.is_ok());
    assert_eq!(wire.requests().len(), 2);
}

#[tokio::test]
async fn silence_can_be_allowed() {
    let gate = Gate::new();
    let late = Script::new()
        .read_request()
        .wait(&gate)
        .write("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
    let (wire, clock, settings) = wire([late]).await;
    let client = settings.idle_timeout(None).build().unwrap();
    let call = tokio::spawn(async move {
        client
            .api()
            .delete_workflow_run()
            .run_id("run_1")
            .send()
            .await
    });
    wire.wait_for_requests(1).await;
    clock.advance(seconds(1_000_000));
    gate.open();
    assert_eq!(end_of(call).await.unwrap().status().as_u16(), 204);
}

/// Uploads what comes through the channel.
fn upload(
    client: Client,
    size: u64,
) -> (
    mpsc::Sender<Bytes>,
    impl Future<Output = Result<Value, retab_api::Error>>,
) {
    let (send, chunks) = mpsc::channel(1);
    let chunks = stream::unfold(chunks, async |mut chunks: mpsc::Receiver<Bytes>| {
        let chunk = chunks.recv().await?;
        Some((Ok(chunk), chunks))
    });
    let file = FilePart::stream("prices.csv", chunks, Some(size));
    let call = async move {
        let call = client.api().replace_table().table_id("tbl_1").file(file);
        call.send_as::<Value>()
            .await
            .map(retab_api::ResponseValue::into_inner)
    };
    (send, call)
}

#[tokio::test]
async fn an_upload_is_not_given_up_while_bytes_move() {
    let (wire, clock, settings) = wire([Script::json(200, "{}")]).await;
    let (chunks, call) = upload(settings.build().unwrap(), 10 * 1000);
    let call = tokio::spawn(call);
    for sent in 0..10 {
        chunks.send("x".repeat(1000).into()).await.unwrap();
        wire.wait_for_body_bytes(sent * 1000).await;
        clock.advance(seconds(200));
    }
    drop(chunks);
    assert_eq!(end_of(call).await.unwrap(), serde_json::json!({}));
    assert!(clock.elapsed() >= seconds(2000));
}

#[tokio::test]
async fn an_upload_that_stands_still_is_given_up() {
    let (wire, clock, settings) = wire([Script::json(200, "{}")]).await;
    let (chunks, call) = upload(settings.build().unwrap(), 10 * 1000);
    let call = tokio::spawn(call);
    chunks.send("x".repeat(1000).into()).await.unwrap();
    wire.wait_for_body_bytes(1000).await;
    assert_eq!(clock.pass(seconds(1000)).await, seconds(300));
    assert!(end_of(call).await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_large_body_in_memory_shows_its_progress() {
    const MIB: usize = 1024 * 1024;
    let gates = [Gate::new(), Gate::new()];
    let slow = Script::new()
        .read_head()
        .read(MIB)
        .wait(&gates[0])
        .read(24 * MIB)
        .wait(&gates[1]);
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}";
    let slow = slow.read_rest().write(head);
    let (wire, clock, settings) = wire([slow]).await;
    let client = settings.build().unwrap();
    let call = tokio::spawn(async move {
        let file = FilePart::bytes("prices.csv", vec![b'x'; 48 * MIB]);
        let call = client.api().replace_table().table_id("tbl_1").file(file);
        call.send_as::<Value>().await
    });
    wire.wait_for_body_bytes(MIB).await;
    clock.advance(seconds(200));
    gates[0].open();
    wire.wait_for_body_bytes(25 * MIB).await;
    clock.advance(seconds(200));
    gates[1].open();
    assert_eq!(end_of(call).await.unwrap().attempts(), 1);
}

#[tokio::test]
async fn an_attempt_may_have_a_bound_of_its_own() {
    let (wire, clock, settings) = wire([silent(), answered()]).await;
    let client = settings.attempt_timeout(seconds(30)).build().unwrap();
    assert!(after(&clock, &[30.0, 0.5], read(client)).await.is_ok());
    drop(wire);

    let (wire, clock, settings) = self::wire([silent()]).await;
    let client = settings.attempt_timeout(seconds(30)).build().unwrap();
    let create = async move { client.run("wf_1").send().await };
    let error = after(&clock, &[30.0], create).await.unwrap_err();
    assert!(error.outcome_unknown() && error.is_timeout(), "{error}");
    let reason = "attempt timeout: no complete response within 30s";
    assert!(error.to_string().contains(reason), "{error}");
    drop(wire);
}

#[tokio::test]
async fn the_bound_of_the_call_holds_over_all_attempts() {
    let down = Script::json(500, r#"{"detail":"first"}"#);
    let (wire, clock, settings) = wire([down, silent()]).await;
    let client = settings.timeout(seconds(30)).build().unwrap();
    let error = after(&clock, &[0.5, 29.5], read(client)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    let reason = "overall timeout: no complete response within 30s";
    assert!(error.to_string().contains(reason), "{error}");
    let before = error.source().unwrap().to_string();
    assert!(before.contains("first"), "{before}");
    drop(wire);
}

#[tokio::test]
async fn a_pause_that_would_outlast_the_call_ends_it_with_what_there_is() {
    let busy = refused(429, &[("retry-after", "20")]);
    let (wire, clock, settings) = wire([busy, answered()]).await;
    let client = settings.timeout(seconds(20)).build().unwrap();
    let error = after(&clock, &[], read(client)).await.unwrap_err();
    assert!(error.is_rate_limited() && error.attempts() == 1, "{error}");
    drop(wire);
}

#[tokio::test]
async fn a_streamed_answer_stays_under_the_watch() {
    let (wire, clock, settings) = wire([csv().write("a;b\n").hold()]).await;
    let client = settings.build().unwrap();
    let call = client.api().download_table_csv().table_id("tbl_1");
    let mut chunks = call.send().await.unwrap().into_inner();
    assert_eq!(chunks.next().await.unwrap().unwrap(), "a;b\n");
    let rest = tokio::spawn(async move { chunks.next().await.unwrap() });
    assert_eq!(clock.pass(seconds(1000)).await, seconds(300));
    let error = end_of(rest).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(
        error
            .to_string()
            .contains("no data sent or received for 300s"),
        "{error}"
    );
    drop(wire);
}

#[tokio::test]
async fn a_download_is_not_given_up_while_bytes_move() {
    let gate = Gate::new();
    let mut script = csv();
    for _ in 0..10 {
        script = script.write("x".repeat(100)).wait(&gate);
    }
    let (wire, clock, settings) = wire([script]).await;
    let client = settings.attempt_timeout(seconds(30)).build().unwrap();
    let call = client.api().download_table_csv().table_id("tbl_1");
    let mut chunks = call.send().await.unwrap().into_inner();
    let mut received = 0;
    for _ in 0..10 {
        received += chunks.next().await.unwrap().unwrap().len();
        clock.advance(seconds(200));
        gate.open();
    }
    assert_eq!(received, 1000);
    drop(wire);
}

#[tokio::test]
async fn the_bound_of_the_call_holds_for_a_streamed_answer() {
    let (wire, clock, settings) = wire([csv().write("a;b\n").hold()]).await;
    let client = settings.timeout(seconds(40)).build().unwrap();
    let call = client.api().download_table_csv().table_id("tbl_1");
    let mut chunks = call.send().await.unwrap().into_inner();
    assert_eq!(chunks.next().await.unwrap().unwrap(), "a;b\n");
    let rest = tokio::spawn(async move { chunks.next().await.unwrap() });
    assert_eq!(clock.pass(seconds(1000)).await, seconds(40));
    let error = end_of(rest).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("overall timeout: no complete response within 40s"),
        "{error}"
    );
    drop(wire);
}

#[tokio::test]
async fn an_error_answer_that_falls_silent_keeps_its_status() {
    let (wire, clock, settings) = wire([Script::new()
        .read_request()
        .write_head(422, &[], 900)
        .write(r#"{"detail":"#)
        .hold()])
    .await;
    let client = settings.build().unwrap();
    let client = client.with(RequestOptions::new().idle_timeout(seconds(20)));
    let call = tokio::spawn(read(client));
    // That of the attempt, and that of the body, whose head has arrived.
    clock.wait_for_sleepers(2).await;
    assert_eq!(clock.pass(seconds(20)).await, seconds(20));
    let error = end_of(call).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(422));
    drop(wire);
}

#[tokio::test]
async fn a_call_that_is_answered_in_time_waits_for_nothing() {
    let (wire, clock, settings) = wire([Script::json(200, &run())]).await;
    let client = settings
        .timeout(seconds(1))
        .attempt_timeout(seconds(1))
        .build()
        .unwrap();
    assert!(read(client).await.is_ok());
    assert!(clock.elapsed().is_zero());
    drop(wire);
}
