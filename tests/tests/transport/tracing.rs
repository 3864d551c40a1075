//! `tracing` spans and their fields.

use retab_ext::Document;
use retab_fake::scripted_server::Script;

use crate::{KEY, error_response, run_response, run_with_delays, start_server};
use retab_tests::trace_recorder::{Fields, TraceRecorder};

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.get(name).map(String::as_str)
}

#[tokio::test]
async fn emits_opentelemetry_spans_for_request_and_attempts() {
    let traces = TraceRecorder::default();
    let _guard = tracing::subscriber::set_default(traces.clone());
    let down = error_response(503, &[("x-request-id", "req_1")]);
    let (server, clock, builder) = start_server([down, Script::new(), run_response()]).await;
    let client = builder.build().unwrap();
    run_with_delays(&clock, &[0.5, 1.0], async move {
        client.run("run_1").get().await.unwrap()
    })
    .await;

    let port = server.url().rsplit_once(':').unwrap().1;
    let requests = traces.spans("retab.request");
    let attempts = traces.spans("retab.attempt");
    assert_eq!((requests.len(), attempts.len()), (1, 3));
    for span in requests.iter().chain(&attempts) {
        assert_eq!(field(span, "retab.operation"), Some("get_workflow_run"));
        assert_eq!(field(span, "http.request.method"), Some("GET"));
        assert_eq!(
            field(span, "url.template"),
            Some("/v1/workflows/runs/{run_id}")
        );
        assert_eq!(field(span, "server.address"), Some("127.0.0.1"));
        assert_eq!(field(span, "server.port"), Some(port));
    }
    assert_eq!(
        field(&requests[0], "http.response.status_code"),
        Some("200")
    );
    assert_eq!(field(&requests[0], "retab.attempts"), Some("3"));
    assert_eq!(field(&requests[0], "error.type"), None);
    let attempt_fields = |name| {
        let values = attempts.iter().map(|span| field(span, name));
        values.collect::<Vec<_>>()
    };
    let counts = [Some("0"), Some("1"), Some("2")];
    assert_eq!(attempt_fields("http.request.resend_count"), counts);
    let statuses = [Some("503"), None, Some("200")];
    assert_eq!(attempt_fields("http.response.status_code"), statuses);
    assert_eq!(
        attempt_fields("error.type"),
        [Some("503"), Some("transport"), None]
    );
    assert_eq!(
        attempt_fields("retab.request_id"),
        [Some("req_1"), None, None]
    );
}

#[tokio::test]
async fn traces_omit_key_document_query_and_response() {
    let traces = TraceRecorder::default();
    let _guard = tracing::subscriber::set_default(traces.clone());
    let page = r#"{"detail":"hunter2"}"#;
    let (server, clock, builder) = start_server([
        Script::response(429, &[("x-secret", "hunter2")], page),
        run_response(),
        Script::json(422, page),
    ])
    .await;
    let client = builder.header("x-tenant", "hunter2");
    let client = client.build().unwrap();
    let invoice = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../retab-ext/examples/invoice.pdf"
    );
    let request = client
        .workflow("hunter2")
        .run()
        .metadata("hunter2", "hunter2");
    let request = request.document("hunter2", Document::path(invoice));
    run_with_delays(&clock, &[0.5], async move { request.send().await.unwrap() }).await;
    let list = client
        .api()
        .list_workflow_runs()
        .search("hunter2".to_owned());
    list.send().await.unwrap_err();

    let all = traces.all();
    assert!(all.contains("create_workflow_run") && all.contains("list_workflow_runs"));
    for secret in [KEY, "hunter2", "JVBERi0", "%PDF"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
    drop(server);
}
