//! `outcome_unknown()` for requests that may have taken effect.

use retab_ext::{Client, Error, ErrorKind, RetryPolicy, Run};
use retab_fake::scripted_server::Script;

use crate::{error_response, run_with_delays, start_server};

async fn create(client: Client) -> Result<Run, Error> {
    client.workflow("wf_1").run().send().await
}

/// Returns the error of creating a run against a server with this script.
async fn error_of(script: Script) -> Error {
    let (server, clock, builder) = start_server([script]).await;
    let client = builder.retry(RetryPolicy::never()).build().unwrap();
    let error = run_with_delays(&clock, &[], create(client))
        .await
        .unwrap_err();
    drop(server);
    error
}

#[tokio::test]
async fn error_with_unknown_outcome_names_operation_to_check_with() {
    let request = || Script::new().read_request();
    for script in [
        request(),
        request().reset(),
        request().write_head(202, &[], 900).write("{").reset(),
        error_response(500, &[]),
        error_response(503, &[]),
        Script::json(202, "[]"),
        Script::response(202, &[("content-type", "text/html")], "<p>"),
    ] {
        let error = error_of(script).await;
        assert!(error.outcome_unknown(), "{error}");
        let hint = "it may have taken effect: check with list_workflow_runs before retrying";
        assert!(error.to_string().ends_with(hint), "{error}");
    }
}

#[tokio::test]
async fn rejected_request_has_known_outcome() {
    for script in [
        error_response(400, &[]),
        error_response(401, &[]),
        error_response(422, &[]),
        error_response(429, &[]),
        error_response(503, &[("retry-after", "3")]),
    ] {
        let error = error_of(script).await;
        assert!(!error.outcome_unknown(), "{error}");
        assert!(!error.to_string().contains("effect"), "{error}");
    }
}

#[tokio::test]
async fn unsent_request_has_known_outcome() {
    let (server, _, builder) = start_server([]).await;
    let client = builder.retry(RetryPolicy::never()).build().unwrap();
    let error = create(client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.outcome_unknown(), "{error}");
    drop(server);
}

#[tokio::test]
async fn idempotent_request_has_known_outcome() {
    let (server, clock, builder) = start_server([Script::new().read_request().reset()]).await;
    let client = builder.retry(RetryPolicy::never()).build().unwrap();
    let read = async move { client.run("run_1").get().await };
    let error = run_with_delays(&clock, &[], read).await.unwrap_err();
    assert!(!error.outcome_unknown(), "{error}");
    assert!(error.to_string().ends_with("; retrying is safe"), "{error}");
    drop(server);
}
