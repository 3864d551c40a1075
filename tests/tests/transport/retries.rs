//! Which calls are sent again, after what pauses, and how often.

use std::time::Duration;

use http::Method;
use retab_api::FilePart;
use retab_api::types::{CancelWorkflowRequest, GenerateSchemaRequest, MimeData};
use retab_ext::{Client, Error, ErrorKind, RequestOptions, RetryPolicy, Run};
use retab_fake::scripted_server::{Script, ScriptedServer};
use serde_json::Value;

use crate::{after, answered, refused, wire};

async fn read(client: Client) -> Result<Run, Error> {
    client.get_run("run_1").await
}

async fn create(client: Client) -> Result<Run, Error> {
    client.run("wf_1").send().await
}

#[tokio::test]
async fn an_idempotent_call_is_repeated_after_each_status_that_may_pass_with_growing_pauses() {
    for statuses in [[408, 429, 500], [502, 503, 504]] {
        let scripts = statuses.map(|status| refused(status, &[]));
        let (wire, clock, settings) = wire(scripts.into_iter().chain([answered()])).await;
        let client = settings.build().unwrap();
        let run = after(&clock, &[0.5, 1.0, 2.0], read(client)).await.unwrap();
        assert_eq!(run.id().as_str(), "run_1");
        assert_eq!(wire.requests().len(), 4);
    }
}

#[tokio::test]
async fn a_status_that_will_not_pass_ends_the_call() {
    for status in [307, 400, 401, 403, 404, 409, 413, 422, 501] {
        let (wire, clock, settings) = wire([refused(status, &[]), answered()]).await;
        let error = after(&clock, &[], read(settings.build().unwrap())).await;
        assert_eq!(error.unwrap_err().attempts(), 1, "{status}");
        assert_eq!(wire.requests().len(), 1);
    }
}

#[tokio::test]
async fn an_idempotent_call_is_repeated_wherever_the_connection_breaks_off() {
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
        let (wire, clock, settings) = wire([broken, answered()]).await;
        let client = settings.build().unwrap();
        let run = after(&clock, &[0.5], read(client)).await.unwrap();
        assert_eq!(run.status(), "running");
        drop(wire);
    }
}

#[tokio::test]
async fn a_call_that_creates_is_sent_once_where_it_may_have_taken_effect() {
    let broken = [
        Script::new().read_request(),
        Script::new().read_request().reset(),
    ];
    let refused = [408, 500, 502, 503, 504].map(|status| refused(status, &[]));
    for script in broken.into_iter().chain(refused) {
        let (wire, clock, settings) = wire([script, answered()]).await;
        let error = after(&clock, &[], create(settings.build().unwrap()))
            .await
            .unwrap_err();
        assert!(error.outcome_unknown() && error.attempts() == 1, "{error}");
        assert_eq!(wire.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_call_that_creates_is_repeated_where_it_surely_had_no_effect() {
    for (refusal, pause) in [
        (refused(429, &[]), 0.5),
        (refused(429, &[("retry-after", "7")]), 7.5),
        (refused(503, &[("retry-after", "7")]), 7.5),
    ] {
        let (wire, clock, settings) = wire([refusal, answered()]).await;
        let run = after(&clock, &[pause], create(settings.build().unwrap())).await;
        assert_eq!(run.unwrap().id().as_str(), "run_1");
        let sent = wire.requests();
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[0].body, sent[1].body);
    }
}

#[tokio::test]
async fn a_connection_that_is_not_made_is_tried_again_for_every_call() {
    let (wire, clock, settings) = wire([]).await;
    let error = after(&clock, &[0.5, 1.0, 2.0], create(settings.build().unwrap())).await;
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 4));
    assert!(!error.outcome_unknown(), "{error}");
    drop(wire);
}

#[tokio::test]
async fn retry_after_is_read_as_seconds_and_as_a_date() {
    for (hint, pause) in [
        ("0", 0.5),
        ("12", 12.5),
        // Ten seconds after the clock's start, and one before.
        ("Sun, 06 Nov 1994 08:49:47 GMT", 10.5),
        ("Sun, 06 Nov 1994 08:49:36 GMT", 0.5),
        ("soon", 0.5),
    ] {
        let (wire, clock, settings) =
            wire([refused(429, &[("retry-after", hint)]), answered()]).await;
        let run = after(&clock, &[pause], read(settings.build().unwrap())).await;
        assert_eq!(run.unwrap().id().as_str(), "run_1", "{hint}");
        drop(wire);
    }
}

#[tokio::test]
async fn a_hint_over_the_limit_ends_the_call_at_once() {
    for hint in [
        "61",
        "99999999999999999999",
        "Sun, 06 Nov 1994 08:50:38 GMT",
    ] {
        let (wire, clock, settings) =
            wire([refused(429, &[("retry-after", hint)]), answered()]).await;
        let error = after(&clock, &[], read(settings.build().unwrap())).await;
        let error = error.unwrap_err();
        assert!(error.is_rate_limited() && error.attempts() == 1, "{error}");
        assert_eq!(wire.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_pause_is_drawn_by_the_jitter() {
    let (wire, clock, settings) = wire([refused(500, &[]), refused(500, &[]), answered()]).await;
    let client = settings.jitter(|| 0.25).build().unwrap();
    let run = after(&clock, &[0.125, 0.25], read(client)).await;
    assert_eq!(run.unwrap().id().as_str(), "run_1");
    drop(wire);
}

#[tokio::test]
async fn the_last_error_is_kept_with_the_number_of_attempts() {
    let last = Script::response(503, &[("x-request-id", "req_9")], r#"{"detail":"last"}"#);
    let (wire, clock, settings) = wire([Script::new(), refused(500, &[]), last]).await;
    let settings = settings.retry(RetryPolicy::default().max_attempts(3));
    let error = after(&clock, &[0.5, 1.0], read(settings.build().unwrap())).await;
    let error = error.unwrap_err();
    assert_eq!(error.message(), Some("last"));
    assert_eq!(error.request_id(), Some("req_9"));
    assert_eq!(error.attempts(), 3);
    assert!(error.to_string().contains(", after 3 attempts"), "{error}");
    drop(wire);
}

#[tokio::test]
async fn all_clones_of_a_client_share_one_budget() {
    let down = || refused(503, &[]);
    let (wire, clock, settings) = wire([down(), down(), down(), down(), down()]).await;
    let client = settings.retry_budget(2).build().unwrap();
    let first = after(&clock, &[0.5, 1.0], read(client.clone())).await;
    assert_eq!(first.unwrap_err().attempts(), 3);
    for _ in 0..2 {
        let other = after(&clock, &[], read(client.clone())).await;
        assert_eq!(other.unwrap_err().attempts(), 1);
    }
    assert_eq!(wire.requests().len(), 5);
}

#[tokio::test]
async fn a_deletion_that_meets_404_after_an_attempt_that_may_have_worked_is_a_success() {
    let gone = || refused(404, &[("x-request-id", "req_2")]);
    for broken in [
        Script::new().read_request(),
        Script::new().read_request().reset(),
        refused(500, &[]),
    ] {
        let (wire, clock, settings) = wire([broken, gone()]).await;
        let client = settings.build().unwrap();
        let deleted = after(&clock, &[0.5], async move {
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
        assert_eq!(wire.requests()[1].method, Method::DELETE);
    }
}

#[tokio::test]
async fn a_deletion_that_meets_404_after_a_refusal_or_at_first_is_not() {
    let gone = || refused(404, &[]);
    for (scripts, pauses) in [
        (vec![gone()], &[][..]),
        (vec![refused(429, &[]), gone()], &[0.5]),
        (vec![refused(503, &[("retry-after", "0")]), gone()], &[0.5]),
    ] {
        let (wire, clock, settings) = wire(scripts).await;
        let client = settings.build().unwrap();
        let deleted = after(&clock, pauses, async move {
            client
                .api()
                .delete_workflow_run()
                .run_id("run_1")
                .send()
                .await
        });
        let error = deleted.await.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
        drop(wire);
    }
}

fn command_ids(wire: &ScriptedServer) -> Vec<String> {
    let bodies = wire.requests();
    let id = |body: &[u8]| {
        let body: Value = serde_json::from_slice(body).unwrap();
        body["command_id"].as_str().unwrap().to_owned()
    };
    bodies.iter().map(|request| id(&request.body)).collect()
}

const CANCELLED: &str = r#"{"cancellation_status":"cancelled"}"#;

async fn cancel(client: Client, body: Option<CancelWorkflowRequest>) {
    let call = client.api().cancel_workflow_run().run_id("run_1");
    let call = match body {
        Some(body) => call.body(body),
        None => call,
    };
    call.send_as::<Value>().await.unwrap();
}

#[tokio::test]
async fn a_cancellation_has_a_command_id_of_its_own_that_its_attempts_share() {
    let (wire, clock, settings) = wire([
        Script::new().read_request().reset(),
        Script::json(200, CANCELLED),
        Script::json(200, CANCELLED),
        Script::json(200, CANCELLED),
    ])
    .await;
    let client = settings.build().unwrap();
    after(&clock, &[0.5], cancel(client.clone(), None)).await;
    let empty = CancelWorkflowRequest::builder().build().unwrap();
    after(&clock, &[], cancel(client.clone(), Some(empty))).await;
    let own = CancelWorkflowRequest::builder().command_id("cmd_1".to_owned());
    after(&clock, &[], cancel(client, Some(own.build().unwrap()))).await;
    let ids = command_ids(&wire);
    assert_eq!(ids.len(), 4);
    assert!(ids[0].len() >= 32 && ids[0] == ids[1], "{ids:?}");
    assert_ne!(ids[0], ids[2]);
    assert_eq!(ids[3], "cmd_1");
    let sent = &wire.requests()[0];
    assert_eq!(sent.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn an_idempotency_key_that_the_document_declares_makes_a_call_repeatable() {
    let (wire, clock, settings) = wire([
        Script::new().read_request().reset(),
        refused(500, &[]),
        Script::json(200, "{}"),
    ])
    .await;
    let key = RequestOptions::new().idempotency_key("schema-17").unwrap();
    let client = settings.build().unwrap().with(key);
    let body = GenerateSchemaRequest::builder().documents(Vec::<MimeData>::new());
    let body = body.build().unwrap();
    let call = async move {
        let call = client.api().generate_schema_from_examples().body(body);
        call.send_as::<Value>().await.unwrap()
    };
    assert_eq!(after(&clock, &[0.5, 1.0], call).await.attempts(), 3);
    let sent = wire.requests();
    assert_eq!(sent.len(), 3);
    for request in sent {
        assert_eq!(request.header("idempotency-key"), Some("schema-17"));
    }
}

#[tokio::test]
async fn an_idempotency_key_that_the_document_does_not_declare_proves_nothing() {
    let (wire, clock, settings) = wire([refused(500, &[]), answered()]).await;
    let key = RequestOptions::new().idempotency_key("run-17").unwrap();
    let client = settings.build().unwrap().with(key);
    let error = after(&clock, &[], create(client)).await.unwrap_err();
    assert!(error.outcome_unknown() && error.attempts() == 1, "{error}");
    let sent = wire.requests();
    assert_eq!(sent[0].header("idempotency-key"), Some("run-17"));
}

#[tokio::test]
async fn each_attempt_has_the_whole_body_again() {
    let broken = Script::new().read_head().read(1000).reset();
    let (wire, clock, settings) = wire([broken, Script::json(200, "{}")]).await;
    let client = settings.build().unwrap();
    let call = async move {
        let file = FilePart::bytes("prices.csv", "item;price\n".repeat(10_000));
        let call = client.api().replace_table().table_id("tbl_1").file(file);
        call.send_as::<Value>().await.unwrap()
    };
    assert_eq!(after(&clock, &[0.5], call).await.attempts(), 2);
    let sent = wire.requests();
    let length = sent[1].header("content-length").unwrap();
    assert_eq!(sent[1].body.len().to_string(), length);
    assert!(sent[1].body.starts_with(&sent[0].body) && sent[1].body.len() > 110_000);
}

#[tokio::test]
async fn a_body_that_cannot_be_read_again_is_sent_once() {
    let (wire, clock, settings) = wire([refused(503, &[]), Script::json(200, "{}")]).await;
    let client = settings.build().unwrap();
    let call = async move {
        let chunks = futures_util::stream::iter([Ok("a;b\n".into())]);
        let file = FilePart::stream("prices.csv", chunks, Some(4));
        let call = client.api().replace_table().table_id("tbl_1").file(file);
        call.send_as::<Value>().await.unwrap_err()
    };
    let error = after(&clock, &[], call).await;
    assert_eq!(error.status().map(|status| status.as_u16()), Some(503));
    assert_eq!(error.attempts(), 1);
    drop(wire);
}

#[tokio::test]
async fn a_call_may_have_a_policy_of_its_own() {
    let (wire, clock, settings) = wire([refused(500, &[]), refused(500, &[]), answered()]).await;
    let client = settings.retry(RetryPolicy::never()).build().unwrap();
    let error = after(&clock, &[], read(client.clone())).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    let slow = RetryPolicy::default().base_delay(Duration::from_secs(9));
    let client = client.with(RequestOptions::new().retry(slow.max_delay(Duration::from_secs(5))));
    assert!(after(&clock, &[5.0], read(client)).await.is_ok());
    drop(wire);
}
