//! What an error says of a call that may have taken effect all the same.

use retab_ext::{Client, Error, ErrorKind, RetryPolicy, Run};
use retab_fake::scripted_server::Script;

use crate::{after, refused, wire};

async fn create(client: Client) -> Result<Run, Error> {
    client.run("wf_1").send().await
}

/// The error of a run that is created while the wire does this.
async fn error_of(script: Script) -> Error {
    let (wire, clock, settings) = wire([script]).await;
    let client = settings.retry(RetryPolicy::never()).build().unwrap();
    let error = after(&clock, &[], create(client)).await.unwrap_err();
    drop(wire);
    error
}

#[tokio::test]
async fn where_the_outcome_is_unknown_the_message_says_how_to_look() {
    let request = || Script::new().read_request();
    for script in [
        request(),
        request().reset(),
        request().write_head(202, &[], 900).write("{").reset(),
        refused(500, &[]),
        refused(503, &[]),
        Script::json(202, "[]"),
        Script::response(202, &[("content-type", "text/html")], "<p>"),
    ] {
        let error = error_of(script).await;
        assert!(error.outcome_unknown(), "{error}");
        let look = "it may have taken effect: check with list_workflow_runs before retrying";
        assert!(error.to_string().ends_with(look), "{error}");
    }
}

#[tokio::test]
async fn what_was_refused_has_a_known_outcome() {
    for script in [
        refused(400, &[]),
        refused(401, &[]),
        refused(422, &[]),
        refused(429, &[]),
        refused(503, &[("retry-after", "3")]),
    ] {
        let error = error_of(script).await;
        assert!(!error.outcome_unknown(), "{error}");
        assert!(!error.to_string().contains("effect"), "{error}");
    }
}

#[tokio::test]
async fn what_was_not_sent_has_a_known_outcome() {
    let (wire, _, settings) = wire([]).await;
    let client = settings.retry(RetryPolicy::never()).build().unwrap();
    let error = create(client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.outcome_unknown(), "{error}");
    drop(wire);
}

#[tokio::test]
async fn what_may_be_repeated_has_no_unknown_outcome() {
    let (wire, clock, settings) = wire([Script::new().read_request().reset()]).await;
    let client = settings.retry(RetryPolicy::never()).build().unwrap();
    let read = async move { client.get_run("run_1").await };
    let error = after(&clock, &[], read).await.unwrap_err();
    assert!(!error.outcome_unknown(), "{error}");
    assert!(error.to_string().ends_with("; retrying is safe"), "{error}");
    drop(wire);
}
