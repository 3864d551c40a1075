//! What the transports of others get wrong, each with a test that would catch it.

use std::error::Error as _;
use std::time::Duration;

use retab_api::types::WorkflowRunLifecycle;
use retab_ext::{Client, ClientBuilder, ErrorKind, RequestOptions, RetryPolicy};
use retab_fake::scripted_server::{Gate, Script};
use serde_json::Value;

use crate::{KEY, after, answered, end_of, refused, run, wire};

/// 14: the timeout is ignored once a custom HTTP client is given.
#[tokio::test]
async fn rival_14_timeouts_hold_with_a_custom_http_client_and_its_own_do_not_cut_off() {
    let silent = Script::new().read_request().hold();
    let gate = Gate::new();
    let late = Script::new().read_request().wait(&gate);
    let late = late.write_head(200, &[], run().len()).write(run());
    let (wire, clock, settings) = wire([late, silent.clone(), silent]).await;
    let client = settings
        .timeout(Duration::from_secs(7))
        .retry(RetryPolicy::never())
        .configure_http(|http| http.timeout(Duration::ZERO).read_timeout(Duration::ZERO))
        .build()
        .unwrap();
    let reader = client.clone();
    let read = tokio::spawn(async move { reader.get_run("run_1").await });
    // Those of reqwest would be over by the time that the request has arrived.
    wire.wait_for_requests(1).await;
    gate.open();
    assert!(end_of(read).await.is_ok());

    let reader = client.clone();
    let read = async move { reader.get_run("run_1").await.unwrap_err() };
    let error = after(&clock, &[7.0], read).await;
    assert!(
        error
            .to_string()
            .contains("overall timeout: no complete response within 7s"),
        "{error}"
    );
    let own = client.with(RequestOptions::new().timeout(Duration::from_secs(3)));
    let read = async move { own.get_run("run_1").await.unwrap_err() };
    assert!(after(&clock, &[3.0], read).await.is_timeout());
    drop(wire);
}

/// 15: no retries.
#[tokio::test]
async fn rival_15_calls_are_repeated() {
    let (wire, clock, settings) = wire([refused(503, &[]), answered()]).await;
    let client = settings.build().unwrap();
    let read = async move { client.get_run("run_1").await };
    assert!(after(&clock, &[0.5], read).await.is_ok());
    assert_eq!(wire.requests().len(), 2);
}

/// 15: no construction from the environment, an empty key is sent unauthenticated, the builder panics.
#[test]
fn rival_15_what_is_wrong_with_the_settings_is_an_error_of_the_builder() {
    assert!(ClientBuilder::from_env().is_ok());
    let settings = || Client::builder().base_url("http://127.0.0.1");
    for settings in [
        settings(),
        settings().api_key(""),
        settings().api_key("rt test"),
        settings().api_key(KEY).base_url("not a URL"),
        settings().api_key(KEY).user_agent_suffix("\u{0}"),
        settings().api_key(KEY).root_certificates("no certificate"),
    ] {
        let error = settings.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    }
}

/// 15: no User-Agent.
#[tokio::test]
async fn rival_15_requests_say_who_sends_them() {
    let (wire, _, settings) = wire([answered()]).await;
    settings.build().unwrap().get_run("run_1").await.unwrap();
    let sent = wire.requests();
    let user_agent = sent[0].header("user-agent").unwrap();
    assert!(user_agent.starts_with("retab-ext/"), "{user_agent}");
}

/// 17: no response headers.
#[tokio::test]
async fn rival_17_response_headers_can_be_had_of_successes_and_of_errors() {
    let headers = [("x-request-id", "req_1"), ("x-region", "eu")];
    let typed = [("content-type", "application/json"), headers[0], headers[1]];
    let success = Script::response(200, &typed, &run());
    let (wire, _, settings) = wire([success, refused(404, &headers)]).await;
    let client = settings.build().unwrap();
    let read = || client.api().get_workflow_run().run_id("run_1").send();
    let run = read().await.unwrap();
    assert!(matches!(run.lifecycle, WorkflowRunLifecycle::Running(_)));
    assert_eq!(run.headers()["x-region"], "eu");
    assert_eq!(run.request_id(), Some("req_1"));
    let error = read().await.unwrap_err();
    assert_eq!(error.headers().unwrap()["x-region"], "eu");
    assert_eq!(error.request_id(), Some("req_1"));
    drop(wire);
}

/// 17: no timeout for one request.
#[tokio::test]
async fn rival_17_a_single_call_can_have_a_timeout() {
    let (wire, clock, settings) = wire([Script::new().read_request().hold(), answered()]).await;
    let client = settings.build().unwrap();
    let quick = client.with(RequestOptions::new().timeout(Duration::from_secs(2)));
    let read = async move { quick.get_run("run_1").await.unwrap_err() };
    let error = after(&clock, &[2.0], read).await;
    assert!(error.is_timeout() && error.source().is_none(), "{error}");
    assert!(client.get_run("run_1").await.is_ok());
    drop(wire);
}

/// 22: one idempotency key is reused for all pages.
#[tokio::test]
async fn rival_22_reads_carry_no_idempotency_key() {
    let page = r#"{"data":[],"list_metadata":{"before":null,"after":null}}"#;
    let (wire, _, settings) = wire([
        Script::json(200, page),
        Script::json(200, page),
        Script::json(202, &run()),
    ])
    .await;
    let key = RequestOptions::new().idempotency_key("key-1").unwrap();
    let client = settings.build().unwrap().with(key);
    for after in [None, Some("cursor")] {
        let list = client.api().list_workflow_runs();
        let list = list.when_some(after, retab_api::builder::ListWorkflowRuns::after);
        list.send_as::<Value>().await.unwrap();
    }
    client.run("wf_1").send().await.unwrap();
    let sent = wire.requests();
    let keys: Vec<_> = sent
        .iter()
        .map(|request| request.header("idempotency-key"))
        .collect();
    assert_eq!(keys, [None, None, Some("key-1")]);
}
