//! Retry conditions, backoff and limits.

use std::time::Duration;

use http::Method;
use retab_api::FilePart;
use retab_api::types::{CancelWorkflowRequest, GenerateSchemaRequest, MimeData};
use retab_ext::{Client, Error, ErrorKind, RequestOptions, RetryPolicy, Run};
use retab_fake::scripted_server::{Script, ScriptedServer};
use serde_json::Value;

use crate::{error_response, run_response, run_with_delays, start_server};

async fn read(client: Client) -> Result<Run, Error> {
    client.run("run_1").get().await
}

async fn create(client: Client) -> Result<Run, Error> {
    client.workflow("wf_1").run().send().await
}

#[tokio::test]
async fn retries_idempotent_requests_on_transient_statuses_with_exponential_backoff() {
    for statuses in [[408, 425, 429], [500, 502, 503], [504, 520, 600]] {
        let scripts = statuses.map(|status| error_response(status, &[]));
        let (server, clock, builder) =
            start_server(scripts.into_iter().chain([run_response()])).await;
        let client = builder.build().unwrap();
        let run = run_with_delays(&clock, &[0.5, 1.0, 2.0], read(client))
            .await
            .unwrap();
        assert_eq!(run.id().as_str(), "run_1");
        assert_eq!(server.requests().len(), 4);
    }
}

#[tokio::test]
async fn does_not_retry_permanent_statuses() {
    for status in [307, 400, 401, 403, 404, 409, 413, 422, 501, 505, 507, 511] {
        let (server, clock, builder) =
            start_server([error_response(status, &[]), run_response()]).await;
        let error = run_with_delays(&clock, &[], read(builder.build().unwrap())).await;
        assert_eq!(error.unwrap_err().attempts(), 1, "{status}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn retries_idempotent_requests_on_broken_connections() {
    let half = |length: usize| {
        Script::new()
            .read_request()
            .write_head(200, &[("content-type", "application/json")], length)
            .write(r#"{"id":"#)
    };
    for broken in [
        Script::new(),
        Script::new().reset(),
        Script::new().read_head().reset(),
        Script::new().read_request(),
        Script::new().read_request().write("HTTP/1.1 200"),
        Script::new().read_request().write("HTTP/1.1 200").reset(),
        half(900),
        half(900).reset(),
    ] {
        let (server, clock, builder) = start_server([broken, run_response()]).await;
        let client = builder.build().unwrap();
        let run = run_with_delays(&clock, &[0.5], read(client)).await.unwrap();
        assert_eq!(run.status(), "running");
        drop(server);
    }
}

#[tokio::test]
async fn does_not_retry_create_that_may_have_taken_effect() {
    let broken = [
        Script::new().read_request(),
        Script::new().read_request().reset(),
    ];
    let statuses = [408, 500, 502, 503, 504, 520, 600].map(|status| error_response(status, &[]));
    for script in broken.into_iter().chain(statuses) {
        let (server, clock, builder) = start_server([script, run_response()]).await;
        let error = run_with_delays(&clock, &[], create(builder.build().unwrap()))
            .await
            .unwrap_err();
        assert!(error.outcome_unknown() && error.attempts() == 1, "{error}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn retries_create_rejected_without_effect() {
    for (rejection, delay) in [
        (error_response(425, &[]), 0.5),
        (error_response(429, &[]), 0.5),
        (error_response(429, &[("retry-after", "7")]), 7.5),
        (error_response(503, &[("retry-after", "7")]), 7.5),
    ] {
        let (server, clock, builder) = start_server([rejection, run_response()]).await;
        let run = run_with_delays(&clock, &[delay], create(builder.build().unwrap())).await;
        assert_eq!(run.unwrap().id().as_str(), "run_1");
        let received = server.requests();
        assert_eq!(received.len(), 2);
        assert_eq!(received[0].body, received[1].body);
    }
}

#[tokio::test]
async fn retries_create_on_connect_errors() {
    let (server, clock, builder) = start_server([]).await;
    let error = run_with_delays(&clock, &[0.5, 1.0, 2.0], create(builder.build().unwrap())).await;
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 4));
    assert!(!error.outcome_unknown(), "{error}");
    drop(server);
}

#[tokio::test]
async fn honors_retry_after_in_seconds_and_as_date() {
    for (retry_after, delay) in [
        ("0", 0.5),
        ("12", 12.5),
        // 10 s after the start of the clock, and 1 s before it.
        ("Sun, 06 Nov 1994 08:49:47 GMT", 10.5),
        ("Sun, 06 Nov 1994 08:49:36 GMT", 0.5),
        ("soon", 0.5),
    ] {
        let (server, clock, builder) = start_server([
            error_response(429, &[("retry-after", retry_after)]),
            run_response(),
        ])
        .await;
        let run = run_with_delays(&clock, &[delay], read(builder.build().unwrap())).await;
        assert_eq!(run.unwrap().id().as_str(), "run_1", "{retry_after}");
        drop(server);
    }
}

#[tokio::test]
async fn does_not_retry_if_retry_after_exceeds_limit() {
    for retry_after in [
        "61",
        "99999999999999999999",
        "Sun, 06 Nov 1994 08:50:38 GMT",
    ] {
        let (server, clock, builder) = start_server([
            error_response(429, &[("retry-after", retry_after)]),
            run_response(),
        ])
        .await;
        let error = run_with_delays(&clock, &[], read(builder.build().unwrap())).await;
        let error = error.unwrap_err();
        assert!(error.is_rate_limited() && error.attempts() == 1, "{error}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn jitter_scales_backoff() {
    let (server, clock, builder) = start_server([
        error_response(500, &[]),
        error_response(500, &[]),
        run_response(),
    ])
    .await;
    let client = builder.jitter(|| 0.25).build().unwrap();
    let run = run_with_delays(&clock, &[0.125, 0.25], read(client)).await;
    assert_eq!(run.unwrap().id().as_str(), "run_1");
    drop(server);
}

#[tokio::test]
async fn returns_last_error_with_attempt_count() {
    let last = Script::response(503, &[("x-request-id", "req_9")], r#"{"detail":"last"}"#);
    let (server, clock, builder) =
        start_server([Script::new(), error_response(500, &[]), last]).await;
    let builder = builder.retry(RetryPolicy::default().max_attempts(3));
    let error = run_with_delays(&clock, &[0.5, 1.0], read(builder.build().unwrap())).await;
    let error = error.unwrap_err();
    assert_eq!(error.message(), Some("last"));
    assert_eq!(error.request_id(), Some("req_9"));
    assert_eq!(error.attempts(), 3);
    assert!(error.to_string().contains(", after 3 attempts"), "{error}");
    drop(server);
}

#[tokio::test]
async fn clones_share_retry_budget() {
    let down = || error_response(503, &[]);
    let (server, clock, builder) = start_server([down(), down(), down(), down(), down()]).await;
    let client = builder.retry_budget(2).build().unwrap();
    let first = run_with_delays(&clock, &[0.5, 1.0], read(client.clone())).await;
    assert_eq!(first.unwrap_err().attempts(), 3);
    for _ in 0..2 {
        let other = run_with_delays(&clock, &[], read(client.clone())).await;
        assert_eq!(other.unwrap_err().attempts(), 1);
    }
    assert_eq!(server.requests().len(), 5);
}

#[tokio::test]
async fn retried_delete_treats_404_as_success_if_earlier_attempt_may_have_succeeded() {
    let gone = || error_response(404, &[("x-request-id", "req_2")]);
    for broken in [
        Script::new().read_request(),
        Script::new().read_request().reset(),
        error_response(500, &[]),
    ] {
        let (server, clock, builder) = start_server([broken, gone()]).await;
        let client = builder.build().unwrap();
        let deleted = run_with_delays(&clock, &[0.5], async move {
            client
                .api()
                .delete_workflow_run()
                .run_id("run_1")
                .send()
                .await
        });
        let deleted = deleted.await.unwrap();
        assert_eq!((deleted.status().as_u16(), deleted.attempts()), (204, 2));
        assert_eq!(deleted.request_id(), Some("req_2"));
        assert_eq!(server.requests()[1].method, Method::DELETE);
    }
}

#[tokio::test]
async fn delete_reports_404_on_first_attempt_or_after_rejection() {
    let gone = || error_response(404, &[]);
    for (scripts, delays) in [
        (vec![gone()], &[][..]),
        (vec![error_response(429, &[]), gone()], &[0.5]),
        (
            vec![error_response(503, &[("retry-after", "0")]), gone()],
            &[0.5],
        ),
    ] {
        let (server, clock, builder) = start_server(scripts).await;
        let client = builder.build().unwrap();
        let deleted = run_with_delays(&clock, delays, async move {
            client
                .api()
                .delete_workflow_run()
                .run_id("run_1")
                .send()
                .await
        });
        let error = deleted.await.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
        drop(server);
    }
}

fn command_ids(server: &ScriptedServer) -> Vec<String> {
    let requests = server.requests();
    let id = |body: &[u8]| {
        let body: Value = serde_json::from_slice(body).unwrap();
        body["command_id"].as_str().unwrap().to_owned()
    };
    requests.iter().map(|request| id(&request.body)).collect()
}

const CANCELLED: &str = r#"{"cancellation_status":"cancelled"}"#;

async fn cancel(client: Client, body: Option<CancelWorkflowRequest>) {
    let request = client.api().cancel_workflow_run().run_id("run_1");
    let request = match body {
        Some(body) => request.body(body),
        None => request,
    };
    request.send_as::<Value>().await.unwrap();
}

#[tokio::test]
async fn attempts_of_cancellation_share_unique_command_id() {
    let (server, clock, builder) = start_server([
        Script::new().read_request().reset(),
        Script::json(200, CANCELLED),
        Script::json(200, CANCELLED),
        Script::json(200, CANCELLED),
    ])
    .await;
    let client = builder.build().unwrap();
    run_with_delays(&clock, &[0.5], cancel(client.clone(), None)).await;
    let empty = CancelWorkflowRequest::builder().build().unwrap();
    run_with_delays(&clock, &[], cancel(client.clone(), Some(empty))).await;
    let own = CancelWorkflowRequest::builder().command_id("cmd_1".to_owned());
    run_with_delays(&clock, &[], cancel(client, Some(own.build().unwrap()))).await;
    let ids = command_ids(&server);
    assert_eq!(ids.len(), 4);
    assert!(ids[0].len() >= 32 && ids[0] == ids[1], "{ids:?}");
    assert_ne!(ids[0], ids[2]);
    assert_eq!(ids[3], "cmd_1");
    let received = &server.requests()[0];
    assert_eq!(received.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn retries_requests_with_declared_idempotency_key() {
    let (server, clock, builder) = start_server([
        Script::new().read_request().reset(),
        error_response(500, &[]),
        Script::json(200, "{}"),
    ])
    .await;
    let key = RequestOptions::new().idempotency_key("schema-17");
    let client = builder.build().unwrap().with(key);
    let body = GenerateSchemaRequest::builder().documents(Vec::<MimeData>::new());
    let body = body.build().unwrap();
    let generate = async move {
        let request = client.api().generate_schema_from_examples().body(body);
        request.send_as::<Value>().await.unwrap()
    };
    assert_eq!(
        run_with_delays(&clock, &[0.5, 1.0], generate)
            .await
            .attempts(),
        3
    );
    let received = server.requests();
    assert_eq!(received.len(), 3);
    for request in received {
        assert_eq!(request.header("idempotency-key"), Some("schema-17"));
    }
}

#[tokio::test]
async fn undeclared_idempotency_key_does_not_enable_retries() {
    let (server, clock, builder) = start_server([error_response(500, &[]), run_response()]).await;
    let key = RequestOptions::new().idempotency_key("run-17");
    let client = builder.build().unwrap().with(key);
    let error = run_with_delays(&clock, &[], create(client))
        .await
        .unwrap_err();
    assert!(error.outcome_unknown() && error.attempts() == 1, "{error}");
    let received = server.requests();
    assert_eq!(received[0].header("idempotency-key"), Some("run-17"));
}

#[tokio::test]
async fn retry_resends_whole_body() {
    let broken = Script::new().read_head().read(1000).reset();
    let (server, clock, builder) = start_server([broken, Script::json(200, "{}")]).await;
    let client = builder.build().unwrap();
    let replace = async move {
        let file = FilePart::bytes("prices.csv", "item;price\n".repeat(10_000));
        let request = client.api().replace_table().table_id("tbl_1").file(file);
        request.send_as::<Value>().await.unwrap()
    };
    assert_eq!(run_with_delays(&clock, &[0.5], replace).await.attempts(), 2);
    let received = server.requests();
    let length = received[1].header("content-length").unwrap();
    assert_eq!(received[1].body.len().to_string(), length);
    assert!(received[1].body.starts_with(&received[0].body) && received[1].body.len() > 110_000);
}

#[tokio::test]
async fn does_not_retry_one_shot_body() {
    let (server, clock, builder) =
        start_server([error_response(503, &[]), Script::json(200, "{}")]).await;
    let client = builder.build().unwrap();
    let replace = async move {
        let chunks = futures_util::stream::iter([Ok("a;b\n".into())]);
        let file = FilePart::stream("prices.csv", chunks, Some(4));
        let request = client.api().replace_table().table_id("tbl_1").file(file);
        request.send_as::<Value>().await.unwrap_err()
    };
    let error = run_with_delays(&clock, &[], replace).await;
    assert_eq!(error.status().map(|status| status.as_u16()), Some(503));
    assert_eq!(error.attempts(), 1);
    drop(server);
}

#[tokio::test]
async fn request_retry_policy_overrides_client_policy() {
    let (server, clock, builder) = start_server([
        error_response(500, &[]),
        error_response(500, &[]),
        run_response(),
    ])
    .await;
    let client = builder.retry(RetryPolicy::never()).build().unwrap();
    let error = run_with_delays(&clock, &[], read(client.clone()))
        .await
        .unwrap_err();
    assert_eq!(error.attempts(), 1);
    let slow = RetryPolicy::default().base_delay(Duration::from_secs(9));
    let client = client.with(RequestOptions::new().retry(slow.max_delay(Duration::from_secs(5))));
    assert!(run_with_delays(&clock, &[5.0], read(client)).await.is_ok());
    drop(server);
}
