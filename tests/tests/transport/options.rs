//! Options of clients and requests.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use retab_ext::{Client, ErrorKind, RequestOptions};
use retab_fake::scripted_server::Script;

use crate::{KEY, error_response, run_json, run_response, run_with_delays, start_server};

#[tokio::test]
async fn request_headers_override_client_headers() {
    let (server, _, builder) = start_server([run_response(), run_response()]).await;
    let builder = builder.header("x-tenant", "acme");
    let builder = builder.header("x-stage", "test");
    let client = builder.build().unwrap();
    client.run("run_1").get().await.unwrap();
    let options = RequestOptions::new().header("X-Tenant", "other");
    client.with(options).run("run_1").get().await.unwrap();
    let received = server.requests();
    assert_eq!(received[0].header("x-tenant"), Some("acme"));
    assert_eq!(received[1].header("x-tenant"), Some("other"));
    assert_eq!(received[1].header("x-stage"), Some("test"));
}

#[tokio::test]
async fn custom_header_does_not_replace_api_key() {
    let (server, _, builder) = start_server([run_response()]).await;
    let builder = builder.header("Authorization", "Bearer other");
    builder.build().unwrap().run("run_1").get().await.unwrap();
    let expected = format!("Bearer {KEY}");
    let received = server.requests();
    assert_eq!(received[0].header("authorization"), Some(expected.as_str()));
}

#[tokio::test]
async fn rejects_content_type_header_without_sending() {
    let (server, _, builder) = start_server([run_response()]).await;
    let builder = builder.header("content-type", "text/plain");
    let result = builder.build().unwrap().run("run_1").get().await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn setters_keep_their_error_for_send_and_build() {
    let (server, _, builder) = start_server([run_response()]).await;
    let invalid_header = "cannot set the header x-trace: the value contains invalid characters";
    let client = builder.build().unwrap();
    for (options, message) in [
        (
            RequestOptions::new().header("x-trace", "7\n"),
            invalid_header,
        ),
        (
            RequestOptions::new().idempotency_key(""),
            "cannot set the idempotency key: it is empty",
        ),
    ] {
        // A later valid value does not hide the error.
        let client = client
            .with(options)
            .with(RequestOptions::new().header("x-trace", "7"));
        let error = client.run("run_1").get().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(message), "{error}");
    }
    assert!(server.requests().is_empty());

    let builder = Client::builder().api_key(KEY).base_url(server.url());
    let error = builder.header("x-trace", "7\n").build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let message = format!("cannot build the client: {invalid_header}");
    assert_eq!(error.to_string(), message);
}

#[tokio::test]
async fn appends_user_agent_suffix() {
    let (server, _, builder) = start_server([run_response()]).await;
    let client = builder.user_agent_suffix("billing/1.2").build().unwrap();
    client.run("run_1").get().await.unwrap();
    let received = server.requests();
    let user_agent = received[0].header("user-agent").unwrap();
    assert!(
        user_agent.starts_with("retab-ext/") && user_agent.ends_with(" billing/1.2"),
        "{user_agent}"
    );

    let builder = Client::builder().api_key(KEY).base_url("http://127.0.0.1");
    let error = builder.user_agent_suffix("a\nb").build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn options_apply_only_to_derived_client() {
    let (server, _, builder) = start_server([run_response(), run_response(), run_response()]).await;
    let client = builder.build().unwrap();
    let marked = client.with(RequestOptions::new().header("x-trace", "7"));
    marked.run("run_1").get().await.unwrap();
    let raw = marked.api().get_workflow_run().run_id("run_1").send().await;
    assert_eq!(raw.unwrap().id, "run_1");
    client.run("run_1").get().await.unwrap();
    let received = server.requests();
    let traces: Vec<_> = received
        .iter()
        .map(|request| request.header("x-trace"))
        .collect();
    assert_eq!(traces, [Some("7"), Some("7"), None]);
}

#[tokio::test]
async fn observer_receives_metadata_of_final_responses() {
    let headers = [
        ("content-type", "application/json"),
        ("x-request-id", "req_2"),
        ("x-region", "eu"),
    ];
    let (server, clock, builder) = start_server([
        error_response(500, &[]),
        Script::response(200, &headers, &run_json()),
        error_response(404, &[("x-request-id", "req_3")]),
    ])
    .await;
    let responses = Arc::new(Mutex::new(Vec::new()));
    let observed = Arc::clone(&responses);
    let options = RequestOptions::new().on_response(move |response| {
        observed.lock().unwrap().push(response.clone());
    });
    let client = builder.build().unwrap().with(options);
    let reader = client.clone();
    run_with_delays(&clock, &[0.5], async move {
        reader.run("run_1").get().await.unwrap()
    })
    .await;
    client.run("run_2").get().await.unwrap_err();

    let responses = responses.lock().unwrap();
    let summaries: Vec<_> = responses
        .iter()
        .map(|response| {
            (
                response.status().as_u16(),
                response.request_id(),
                response.attempts(),
            )
        })
        .collect();
    assert_eq!(
        summaries,
        [(200, Some("req_2"), 2), (404, Some("req_3"), 1)]
    );
    assert_eq!(responses[0].operation(), "get_workflow_run");
    assert_eq!(responses[0].headers()["x-region"], "eu");
    assert!(!format!("{responses:?}").contains("eu"));
    drop(server);
}

#[tokio::test]
async fn configure_http_cannot_enable_redirects() {
    let other_host = start_server([run_response()]).await.0;
    let redirect = error_response(307, &[("location", other_host.url())]);
    let (server, _, builder) = start_server([redirect]).await;
    let client = builder.configure_http(|http| {
        http.redirect(reqwest::redirect::Policy::limited(5))
            .http1_title_case_headers()
    });
    let error = client
        .build()
        .unwrap()
        .run("run_1")
        .get()
        .await
        .unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(307));
    assert!(other_host.requests().is_empty());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn rejects_response_above_limit() {
    let (server, _, builder) = start_server([run_response()]).await;
    let client = builder.build().unwrap();
    let small = client.with(RequestOptions::new().response_limit(10));
    let error = small.run("run_1").get().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    drop(server);
}

#[tokio::test]
async fn applies_connect_timeout() {
    // TEST-NET-1 (RFC 5737) is never reachable.
    let client = Client::builder()
        .api_key(KEY)
        .base_url("http://192.0.2.1")
        .connect_timeout(Duration::from_millis(1))
        .retry(retab_ext::RetryPolicy::never())
        .configure_http(reqwest::ClientBuilder::no_proxy);
    let error = client
        .build()
        .unwrap()
        .run("run_1")
        .get()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(!error.outcome_unknown());
}
