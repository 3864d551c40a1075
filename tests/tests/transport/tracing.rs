//! What `tracing` is told.

use retab_ext::Document;
use retab_fake::scripted_server::Script;

use crate::{KEY, after, answered, refused, wire};
use retab_tests::trace_recorder::{Fields, TraceRecorder};

fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.get(name).map(String::as_str)
}

#[tokio::test]
async fn a_call_and_each_of_its_attempts_is_a_span_with_the_names_of_opentelemetry() {
    let told = TraceRecorder::default();
    let _guard = tracing::subscriber::set_default(told.clone());
    let down = refused(503, &[("x-request-id", "req_1")]);
    let (wire, clock, settings) = wire([down, Script::new(), answered()]).await;
    let client = settings.build().unwrap();
    after(&clock, &[0.5, 1.0], async move {
        client.get_run("run_1").await.unwrap()
    })
    .await;

    let port = wire.url().rsplit_once(':').unwrap().1;
    let calls = told.spans("retab.request");
    let attempts = told.spans("retab.attempt");
    assert_eq!((calls.len(), attempts.len()), (1, 3));
    for span in calls.iter().chain(&attempts) {
        assert_eq!(field(span, "retab.operation"), Some("get_workflow_run"));
        assert_eq!(field(span, "http.request.method"), Some("GET"));
        assert_eq!(
            field(span, "url.template"),
            Some("/v1/workflows/runs/{run_id}")
        );
        assert_eq!(field(span, "server.address"), Some("127.0.0.1"));
        assert_eq!(field(span, "server.port"), Some(port));
    }
    assert_eq!(field(&calls[0], "http.response.status_code"), Some("200"));
    assert_eq!(field(&calls[0], "retab.attempts"), Some("3"));
    assert_eq!(field(&calls[0], "error.type"), None);
    let of_attempts = |name| {
        let values = attempts.iter().map(|span| field(span, name));
        values.collect::<Vec<_>>()
    };
    let counts = [Some("0"), Some("1"), Some("2")];
    assert_eq!(of_attempts("http.request.resend_count"), counts);
    let statuses = [Some("503"), None, Some("200")];
    assert_eq!(of_attempts("http.response.status_code"), statuses);
    assert_eq!(
        of_attempts("error.type"),
        [Some("503"), Some("transport"), None]
    );
    assert_eq!(of_attempts("retab.request_id"), [Some("req_1"), None, None]);
}

#[tokio::test]
async fn neither_key_nor_document_nor_query_nor_answer_is_told() {
    let told = TraceRecorder::default();
    let _guard = tracing::subscriber::set_default(told.clone());
    let page = r#"{"detail":"hunter2"}"#;
    let (wire, clock, settings) = wire([
        Script::response(429, &[("x-secret", "hunter2")], page),
        answered(),
        Script::json(422, page),
    ])
    .await;
    let client = settings.header("x-tenant", "hunter2").unwrap();
    let client = client.build().unwrap();
    let invoice = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../retab-ext/examples/invoice.pdf"
    );
    let request = client.run("hunter2").metadata("hunter2", "hunter2");
    let request = request.document("hunter2", Document::path(invoice));
    after(&clock, &[0.5], async move { request.send().await.unwrap() }).await;
    let list = client
        .api()
        .list_workflow_runs()
        .search("hunter2".to_owned());
    list.send().await.unwrap_err();

    let all = told.all();
    assert!(all.contains("create_workflow_run") && all.contains("list_workflow_runs"));
    for secret in [KEY, "hunter2", "JVBERi0", "%PDF"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
    drop(wire);
}
