//! Regression tests for transport defects of other clients. The numbers are those in `tests/regressions.rs`.

use std::error::Error as _;
use std::time::Duration;

use retab_api::types::WorkflowRunLifecycle;
use retab_ext::{Client, ClientBuilder, ErrorKind, RequestOptions, RetryPolicy};
use retab_fake::scripted_server::{Gate, Script};
use serde_json::Value;

use crate::{KEY, error_response, join, run_json, run_response, run_with_delays, start_server};

/// 14: the timeout is ignored with a custom HTTP client.
#[tokio::test]
async fn regression_14_timeouts_apply_with_custom_http_client() {
    let stalled = Script::new().read_request().hold();
    let gate = Gate::new();
    let late = Script::new().read_request().wait(&gate);
    let late = late
        .write_head(200, &[], run_json().len())
        .write(run_json());
    let (server, clock, builder) = start_server([late, stalled.clone(), stalled]).await;
    let client = builder
        .timeout(Duration::from_secs(7))
        .retry(RetryPolicy::never())
        .configure_http(|http| http.timeout(Duration::ZERO).read_timeout(Duration::ZERO))
        .build()
        .unwrap();
    let reader = client.clone();
    let task = tokio::spawn(async move { reader.run("run_1").get().await });
    // The zero timeouts of reqwest would have expired by the time the request arrives.
    server.wait_for_requests(1).await;
    gate.open();
    assert!(join(task).await.is_ok());

    let reader = client.clone();
    let read = async move { reader.run("run_1").get().await.unwrap_err() };
    let error = run_with_delays(&clock, &[7.0], read).await;
    assert!(
        error
            .to_string()
            .contains("overall timeout: no complete response within 7s"),
        "{error}"
    );
    let own = client.with(RequestOptions::new().timeout(Duration::from_secs(3)));
    let read = async move { own.run("run_1").get().await.unwrap_err() };
    assert!(run_with_delays(&clock, &[3.0], read).await.is_timeout());
    drop(server);
}

/// 15: no retries.
#[tokio::test]
async fn regression_15_retries_requests() {
    let (server, clock, builder) = start_server([error_response(503, &[]), run_response()]).await;
    let client = builder.build().unwrap();
    let read = async move { client.run("run_1").get().await };
    assert!(run_with_delays(&clock, &[0.5], read).await.is_ok());
    assert_eq!(server.requests().len(), 2);
}

/// 15: no construction from the environment, unauthenticated requests with an empty key, a builder that panics.
#[test]
fn regression_15_builder_rejects_invalid_settings() {
    assert!(ClientBuilder::from_env().is_ok());
    let builder = || Client::builder().base_url("http://127.0.0.1");
    for builder in [
        builder(),
        builder().api_key(""),
        builder().api_key("rt test"),
        builder().api_key(KEY).base_url("not a URL"),
        builder().api_key(KEY).user_agent_suffix("\u{0}"),
        builder().api_key(KEY).root_certificates("no certificate"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    }
}

/// 15: no User-Agent.
#[tokio::test]
async fn regression_15_sends_user_agent() {
    let (server, _, builder) = start_server([run_response()]).await;
    builder.build().unwrap().run("run_1").get().await.unwrap();
    let received = server.requests();
    let user_agent = received[0].header("user-agent").unwrap();
    assert!(user_agent.starts_with("retab-ext/"), "{user_agent}");
}

/// 17: no response headers.
#[tokio::test]
async fn regression_17_exposes_response_headers_of_successes_and_errors() {
    let headers = [("x-request-id", "req_1"), ("x-region", "eu")];
    let typed = [("content-type", "application/json"), headers[0], headers[1]];
    let success = Script::response(200, &typed, &run_json());
    let (server, _, builder) = start_server([success, error_response(404, &headers)]).await;
    let client = builder.build().unwrap();
    let read = || client.api().get_workflow_run().run_id("run_1").send();
    let run = read().await.unwrap();
    assert!(matches!(run.lifecycle, WorkflowRunLifecycle::Running(_)));
    assert_eq!(run.headers()["x-region"], "eu");
    assert_eq!(run.request_id(), Some("req_1"));
    let error = read().await.unwrap_err();
    assert_eq!(error.headers().unwrap()["x-region"], "eu");
    assert_eq!(error.request_id(), Some("req_1"));
    drop(server);
}

/// 17: no timeout for one request.
#[tokio::test]
async fn regression_17_supports_timeout_per_request() {
    let (server, clock, builder) =
        start_server([Script::new().read_request().hold(), run_response()]).await;
    let client = builder.build().unwrap();
    let quick = client.with(RequestOptions::new().timeout(Duration::from_secs(2)));
    let read = async move { quick.run("run_1").get().await.unwrap_err() };
    let error = run_with_delays(&clock, &[2.0], read).await;
    assert!(error.is_timeout() && error.source().is_none(), "{error}");
    assert!(client.run("run_1").get().await.is_ok());
    drop(server);
}

/// 22: one idempotency key is reused for all pages.
#[tokio::test]
async fn regression_22_reads_have_no_idempotency_key() {
    let page = r#"{"data":[],"list_metadata":{"before":null,"after":null}}"#;
    let (server, _, builder) = start_server([
        Script::json(200, page),
        Script::json(200, page),
        Script::json(202, &run_json()),
    ])
    .await;
    let key = RequestOptions::new().idempotency_key("key-1");
    let client = builder.build().unwrap().with(key);
    for after in [None, Some("cursor")] {
        let list = client.api().list_workflow_runs();
        let list = list.when_some(after, retab_api::builder::ListWorkflowRuns::after);
        list.send_as::<Value>().await.unwrap();
    }
    client.workflow("wf_1").run().send().await.unwrap();
    let received = server.requests();
    let keys: Vec<_> = received
        .iter()
        .map(|request| request.header("idempotency-key"))
        .collect();
    assert_eq!(keys, [None, None, Some("key-1")]);
}
