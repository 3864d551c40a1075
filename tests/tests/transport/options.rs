//! What can be set on a client and on a call, as it arrives.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use retab_ext::{Client, ErrorKind, RequestOptions};
use retab_fake::scripted_server::Script;

use crate::{KEY, after, answered, refused, run, wire};

#[tokio::test]
async fn headers_of_the_client_and_of_the_call_arrive_and_the_call_s_win() {
    let (wire, _, settings) = wire([answered(), answered()]).await;
    let settings = settings.header("x-tenant", "acme").unwrap();
    let settings = settings.header("x-stage", "test").unwrap();
    let client = settings.build().unwrap();
    client.get_run("run_1").await.unwrap();
    let options = RequestOptions::new().header("X-Tenant", "other").unwrap();
    client.with(options).get_run("run_1").await.unwrap();
    let sent = wire.requests();
    assert_eq!(sent[0].header("x-tenant"), Some("acme"));
    assert_eq!(sent[1].header("x-tenant"), Some("other"));
    assert_eq!(sent[1].header("x-stage"), Some("test"));
}

#[tokio::test]
async fn the_key_is_not_replaced_by_a_header() {
    let (wire, _, settings) = wire([answered()]).await;
    let settings = settings.header("Authorization", "Bearer other").unwrap();
    settings.build().unwrap().get_run("run_1").await.unwrap();
    let expected = format!("Bearer {KEY}");
    let sent = wire.requests();
    assert_eq!(sent[0].header("authorization"), Some(expected.as_str()));
}

#[tokio::test]
async fn a_header_that_follows_from_the_body_is_refused_before_anything_is_sent() {
    let (wire, _, settings) = wire([answered()]).await;
    let settings = settings.header("content-type", "text/plain").unwrap();
    let refused = settings.build().unwrap().get_run("run_1").await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert!(wire.requests().is_empty());
}

#[tokio::test]
async fn the_suffix_follows_the_name_of_this_crate() {
    let (wire, _, settings) = wire([answered()]).await;
    let client = settings.user_agent_suffix("billing/1.2").build().unwrap();
    client.get_run("run_1").await.unwrap();
    let sent = wire.requests();
    let user_agent = sent[0].header("user-agent").unwrap();
    assert!(
        user_agent.starts_with("retab-ext/") && user_agent.ends_with(" billing/1.2"),
        "{user_agent}"
    );

    let refused = Client::builder().api_key(KEY).base_url("http://127.0.0.1");
    let refused = refused.user_agent_suffix("a\nb").build().unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn every_call_of_a_client_with_options_has_them_and_other_clients_do_not() {
    let (wire, _, settings) = wire([answered(), answered(), answered()]).await;
    let client = settings.build().unwrap();
    let marked = client.with(RequestOptions::new().header("x-trace", "7").unwrap());
    marked.get_run("run_1").await.unwrap();
    let raw = marked.api().get_workflow_run().run_id("run_1").send().await;
    assert_eq!(raw.unwrap().id, "run_1");
    client.get_run("run_1").await.unwrap();
    let sent = wire.requests();
    let traces: Vec<_> = sent
        .iter()
        .map(|request| request.header("x-trace"))
        .collect();
    assert_eq!(traces, [Some("7"), Some("7"), None]);
}

#[tokio::test]
async fn the_metadata_of_each_answer_can_be_had() {
    let headers = [
        ("content-type", "application/json"),
        ("x-request-id", "req_2"),
        ("x-region", "eu"),
    ];
    let (wire, clock, settings) = wire([
        refused(500, &[]),
        Script::response(200, &headers, &run()),
        refused(404, &[("x-request-id", "req_3")]),
    ])
    .await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let options = RequestOptions::new().on_response(move |response| {
        tell.lock().unwrap().push(response.clone());
    });
    let client = settings.build().unwrap().with(options);
    let reader = client.clone();
    after(&clock, &[0.5], async move {
        reader.get_run("run_1").await.unwrap()
    })
    .await;
    client.get_run("run_2").await.unwrap_err();

    let told = told.lock().unwrap();
    let shown: Vec<_> = told
        .iter()
        .map(|response| {
            (
                response.status().as_u16(),
                response.request_id(),
                response.attempts(),
            )
        })
        .collect();
    assert_eq!(shown, [(200, Some("req_2"), 2), (404, Some("req_3"), 1)]);
    assert_eq!(told[0].operation(), "get_workflow_run");
    assert_eq!(told[0].headers()["x-region"], "eu");
    assert!(!format!("{told:?}").contains("eu"));
    drop(wire);
}

#[tokio::test]
async fn the_hook_changes_the_http_client_and_cannot_make_it_follow_redirects() {
    let elsewhere = wire([answered()]).await.0;
    let redirect = refused(307, &[("location", elsewhere.url())]);
    let (wire, _, settings) = wire([redirect]).await;
    let client = settings.configure_http(|http| {
        http.redirect(reqwest::redirect::Policy::limited(5))
            .http1_title_case_headers()
    });
    let error = client.build().unwrap().get_run("run_1").await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(307));
    assert!(elsewhere.requests().is_empty());
    assert_eq!(wire.requests().len(), 1);
}

#[tokio::test]
async fn a_bound_of_the_answer_in_memory_can_be_set() {
    let (wire, _, settings) = wire([answered()]).await;
    let client = settings.build().unwrap();
    let small = client.with(RequestOptions::new().response_limit(10));
    let error = small.get_run("run_1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    drop(wire);
}

#[tokio::test]
async fn a_connection_has_its_own_timeout() {
    // An address of the documentation (RFC 5737), to which no connection is ever made.
    let client = Client::builder()
        .api_key(KEY)
        .base_url("http://192.0.2.1")
        .connect_timeout(Duration::from_millis(1))
        .retry(retab_ext::RetryPolicy::never())
        .configure_http(reqwest::ClientBuilder::no_proxy);
    let error = client.build().unwrap().get_run("run_1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.outcome_unknown());
}
