//! Idle, attempt and overall timeouts.

use std::error::Error as _;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use retab_api::runtime::RequestBuilder;
use retab_api::{FilePart, operations};
use retab_ext::{Client, Error, ErrorKind, RequestOptions, RetryPolicy, Run};
use retab_fake::scripted_server::{Gate, Script};
use serde_json::Value;
use tokio::sync::mpsc;

use crate::{error_response, join, run_json, run_response, run_with_delays, start_server};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn read(client: Client) -> Result<Run, Error> {
    client.run("run_1").get().await
}

fn stalled() -> Script {
    Script::new().read_request().hold()
}

fn csv() -> Script {
    let head = [("content-type", "text/csv")];
    Script::new().read_request().write_head(200, &head, 1000)
}

#[tokio::test]
async fn idle_timeout_defaults_to_300_s() {
    let truncated = Script::new().read_request().write_head(200, &[], 900);
    for script in [stalled(), Script::new().hold(), truncated.write("{").hold()] {
        let (server, clock, builder) = start_server([script]).await;
        let client = builder.retry(RetryPolicy::never()).build().unwrap();
        let task = tokio::spawn(read(client));
        assert_eq!(clock.pass(seconds(1000)).await, seconds(300));
        let error = join(task).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.is_timeout());
        assert!(
            error
                .to_string()
                .contains("no data sent or received for 300s"),
            "{error}"
        );
        drop(server);
    }
}

#[tokio::test]
async fn timeout_of_synchronous_work_names_operation_that_finds_the_result() {
    for (operation, reader) in [
        (&operations::CREATE_EXTRACTION, " with list_extractions"),
        (
            &operations::CREATE_EXTRACTION_STREAM,
            " with list_extractions",
        ),
        (&operations::CREATE_PARSE, " with list_parses"),
        (&operations::CREATE_SPLIT, " with list_splits"),
        (
            &operations::CREATE_CLASSIFICATION,
            " with list_classifications",
        ),
        (&operations::CREATE_EDIT, " with list_edits"),
        (&operations::CREATE_PARTITIONS, " with list_partitions"),
        // Blueprints have no list operation, and the list of files does not contain them.
        (&operations::CREATE_FILE_BLUEPRINT, ""),
    ] {
        let (server, clock, builder) = start_server([stalled(), stalled()]).await;
        let client = builder.build().unwrap();
        let task = tokio::spawn(async move {
            let mut request = RequestBuilder::new(client.api(), operation);
            request.json::<Value, _>(serde_json::json!({}));
            request.send_json::<Value>().await
        });
        server.wait_for_requests(1).await;
        assert_eq!(clock.pass(seconds(1000)).await, seconds(300));
        let error = join(task).await.unwrap_err();
        assert!(error.outcome_unknown() && error.attempts() == 1, "{error}");
        let expected = format!(
            "{}: idle timeout: no data sent or received for 300s; it may have taken effect: check{reader} before retrying",
            operation.id
        );
        assert_eq!(error.to_string(), expected);
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn retries_idempotent_request_after_idle_timeout() {
    let (server, clock, builder) = start_server([stalled(), run_response()]).await;
    let client = builder.idle_timeout(seconds(20)).build().unwrap();
    let task = tokio::spawn(read(client));
    server.wait_for_requests(1).await;
    for delay in [20.0, 0.5].map(Duration::from_secs_f64) {
        assert_eq!(clock.pass(delay).await, delay);
    }
    assert!(join(task).await.is_ok());
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn idle_timeout_can_be_disabled() {
    let gate = Gate::new();
    let late = Script::new()
        .read_request()
        .wait(&gate)
        .write("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
    let (server, clock, builder) = start_server([late]).await;
    let client = builder.idle_timeout(None).build().unwrap();
    let task = tokio::spawn(async move {
        client
            .api()
            .delete_workflow_run()
            .run_id("run_1")
            .send()
            .await
    });
    server.wait_for_requests(1).await;
    clock.advance(seconds(1_000_000));
    gate.open();
    assert_eq!(join(task).await.unwrap().status().as_u16(), 204);
}

/// Returns an upload of the chunks sent through the channel.
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
    let upload = async move {
        let request = client.api().replace_table().table_id("tbl_1").file(file);
        request
            .send_as::<Value>()
            .await
            .map(retab_api::ResponseValue::into_inner)
    };
    (send, upload)
}

#[tokio::test]
async fn upload_progress_resets_idle_timeout() {
    let (server, clock, builder) = start_server([Script::json(200, "{}")]).await;
    let (chunks, upload) = upload(builder.build().unwrap(), 10 * 1000);
    let task = tokio::spawn(upload);
    for sent in 0..10 {
        chunks.send("x".repeat(1000).into()).await.unwrap();
        server.wait_for_body_bytes(sent * 1000).await;
        clock.advance(seconds(200));
    }
    drop(chunks);
    assert_eq!(join(task).await.unwrap(), serde_json::json!({}));
    assert!(clock.elapsed() >= seconds(2000));
}

#[tokio::test]
async fn stalled_upload_times_out() {
    let (server, clock, builder) = start_server([Script::json(200, "{}")]).await;
    let (chunks, upload) = upload(builder.build().unwrap(), 10 * 1000);
    let task = tokio::spawn(upload);
    chunks.send("x".repeat(1000).into()).await.unwrap();
    server.wait_for_body_bytes(1000).await;
    assert_eq!(clock.pass(seconds(1000)).await, seconds(300));
    assert!(join(task).await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn buffered_body_progress_resets_idle_timeout() {
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
    let (server, clock, builder) = start_server([slow]).await;
    let client = builder.build().unwrap();
    let task = tokio::spawn(async move {
        let file = FilePart::bytes("prices.csv", vec![b'x'; 48 * MIB]);
        let request = client.api().replace_table().table_id("tbl_1").file(file);
        request.send_as::<Value>().await
    });
    server.wait_for_body_bytes(MIB).await;
    clock.advance(seconds(200));
    gates[0].open();
    server.wait_for_body_bytes(25 * MIB).await;
    clock.advance(seconds(200));
    gates[1].open();
    assert_eq!(join(task).await.unwrap().attempts(), 1);
}

#[tokio::test]
async fn attempt_timeout_applies_to_each_attempt() {
    let (server, clock, builder) = start_server([stalled(), run_response()]).await;
    let client = builder.attempt_timeout(seconds(30)).build().unwrap();
    assert!(
        run_with_delays(&clock, &[30.0, 0.5], read(client))
            .await
            .is_ok()
    );
    drop(server);

    let (server, clock, builder) = start_server([stalled()]).await;
    let client = builder.attempt_timeout(seconds(30)).build().unwrap();
    let create = async move { client.workflow("wf_1").run().send().await };
    let error = run_with_delays(&clock, &[30.0], create).await.unwrap_err();
    assert!(error.outcome_unknown() && error.is_timeout(), "{error}");
    let reason = "attempt timeout: no complete response within 30s";
    assert!(error.to_string().contains(reason), "{error}");
    drop(server);
}

#[tokio::test]
async fn overall_timeout_spans_all_attempts() {
    let down = Script::json(500, r#"{"detail":"first"}"#);
    let (server, clock, builder) = start_server([down, stalled()]).await;
    let client = builder.timeout(seconds(30)).build().unwrap();
    let error = run_with_delays(&clock, &[0.5, 29.5], read(client))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    let reason = "overall timeout: no complete response within 30s";
    assert!(error.to_string().contains(reason), "{error}");
    let previous = error.source().unwrap().to_string();
    assert!(previous.contains("first"), "{previous}");
    drop(server);
}

#[tokio::test]
async fn returns_last_error_if_backoff_exceeds_overall_timeout() {
    let rate_limited = error_response(429, &[("retry-after", "20")]);
    let (server, clock, builder) = start_server([rate_limited, run_response()]).await;
    let client = builder.timeout(seconds(20)).build().unwrap();
    let error = run_with_delays(&clock, &[], read(client))
        .await
        .unwrap_err();
    assert!(error.is_rate_limited() && error.attempts() == 1, "{error}");
    drop(server);
}

#[tokio::test]
async fn idle_timeout_applies_to_streamed_response() {
    let (server, clock, builder) = start_server([csv().write("a;b\n").hold()]).await;
    let client = builder.build().unwrap();
    let request = client.api().download_table_csv().table_id("tbl_1");
    let mut chunks = request.send().await.unwrap().into_inner();
    assert_eq!(chunks.next().await.unwrap().unwrap(), "a;b\n");
    let rest = tokio::spawn(async move { chunks.next().await.unwrap() });
    assert_eq!(clock.pass(seconds(1000)).await, seconds(300));
    let error = join(rest).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(
        error
            .to_string()
            .contains("no data sent or received for 300s"),
        "{error}"
    );
    drop(server);
}

#[tokio::test]
async fn download_progress_resets_idle_timeout() {
    let gate = Gate::new();
    let mut script = csv();
    for _ in 0..10 {
        script = script.write("x".repeat(100)).wait(&gate);
    }
    let (server, clock, builder) = start_server([script]).await;
    let client = builder.attempt_timeout(seconds(30)).build().unwrap();
    let request = client.api().download_table_csv().table_id("tbl_1");
    let mut chunks = request.send().await.unwrap().into_inner();
    let mut received = 0;
    for _ in 0..10 {
        received += chunks.next().await.unwrap().unwrap().len();
        clock.advance(seconds(200));
        gate.open();
    }
    assert_eq!(received, 1000);
    drop(server);
}

#[tokio::test]
async fn overall_timeout_applies_to_streamed_response() {
    let (server, clock, builder) = start_server([csv().write("a;b\n").hold()]).await;
    let client = builder.timeout(seconds(40)).build().unwrap();
    let request = client.api().download_table_csv().table_id("tbl_1");
    let mut chunks = request.send().await.unwrap().into_inner();
    assert_eq!(chunks.next().await.unwrap().unwrap(), "a;b\n");
    let rest = tokio::spawn(async move { chunks.next().await.unwrap() });
    assert_eq!(clock.pass(seconds(1000)).await, seconds(40));
    let error = join(rest).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("overall timeout: no complete response within 40s"),
        "{error}"
    );
    drop(server);
}

#[tokio::test]
async fn stalled_error_body_preserves_status() {
    let (server, clock, builder) = start_server([Script::new()
        .read_request()
        .write_head(422, &[], 900)
        .write(r#"{"detail":"#)
        .hold()])
    .await;
    let client = builder.build().unwrap();
    let client = client.with(RequestOptions::new().idle_timeout(seconds(20)));
    let task = tokio::spawn(read(client));
    // The idle timers of the attempt and of the response body.
    clock.wait_for_sleepers(2).await;
    assert_eq!(clock.pass(seconds(20)).await, seconds(20));
    let error = join(task).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(422));
    drop(server);
}

#[tokio::test]
async fn response_within_timeouts_takes_no_clock_time() {
    let (server, clock, builder) = start_server([Script::json(200, &run_json())]).await;
    let client = builder
        .timeout(seconds(1))
        .attempt_timeout(seconds(1))
        .build()
        .unwrap();
    assert!(read(client).await.is_ok());
    assert!(clock.elapsed().is_zero());
    drop(server);
}
