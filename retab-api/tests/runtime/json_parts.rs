//! JSON bodies with embedded sources.

use std::sync::Arc;

use bytes::Bytes;
use retab_api::runtime::{EmbeddedSource, Method, Operation, Parts, RequestBody, RequestBuilder};
use retab_api::types::{CreateWorkflowRunRequest, GenerateSchemaRequest, MimeData};
use retab_api::{BuildError, Client};
use serde::Serialize;
use serde_json::{Value, json};

use crate::scripted_server::{self, Script, ScriptedServer};

static CREATE: Operation = Operation::new("create", Method::POST, "/v1/create")
    .with_request_body(RequestBody::new("application/json", true));

fn source(path: &[&str], content: &'static [u8]) -> EmbeddedSource {
    let path = path.iter().copied();
    EmbeddedSource::new(path, "the source", Arc::new(Bytes::from_static(content)))
}

/// Sends a body and returns the received bytes.
async fn sent(value: &impl Serialize, sources: Vec<EmbeddedSource>) -> String {
    let ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
    let server = ScriptedServer::new([Script::Response(ok.into())]).await;
    let client = Client::new(&server.url(), scripted_server::http()).unwrap();
    let parts = Parts::json(value, sources).unwrap();
    let size = parts.size().to_string();
    let mut request = RequestBuilder::new(&client, &CREATE);
    request.json_parts(parts);
    request.send_empty().await.unwrap();
    let received = server.requests().await.remove(0);
    assert_eq!(received.header("content-length"), Some(size.as_str()));
    assert_eq!(received.header("transfer-encoding"), None);
    assert_eq!(received.header("content-type"), Some("application/json"));
    String::from_utf8(received.body).unwrap()
}

fn error(value: &Value, sources: Vec<EmbeddedSource>) -> String {
    Parts::json(value, sources).unwrap_err().to_string()
}

#[tokio::test]
async fn sends_documents_under_names_with_special_characters() -> Result<(), BuildError> {
    let mime_data = |name: &str| MimeData::builder().filename(name).url("data:a/b;base64,");
    let body = CreateWorkflowRunRequest::builder()
        .workflow_id("wf_1")
        .documents([
            ("a\"b\\c/d", mime_data("\"é\n.txt")),
            ("naïve ☂ \u{1}", mime_data("url\":\"data:a/b;base64,")),
        ])
        .json_inputs([(
            "j",
            json!({"url": "data:a/b;base64,", "documents": {"a": [1]}}),
        )])
        .build()?;
    let sources = vec![
        // In another order than the body.
        source(&["documents", "naïve ☂ \u{1}", "url"], b"x"),
        source(&["documents", "a\"b\\c/d", "url"], b"data:a/b;base64,\""),
    ];
    assert_eq!(
        sent(&body, sources).await,
        concat!(
            r#"{"documents":{"a\"b\\c/d":{"filename":"\"é\n.txt","url":"data:a/b;base64,ZGF0YTphL2I7YmFzZTY0LCI="},"#,
            r#""naïve ☂ \u0001":{"filename":"url\":\"data:a/b;base64,","url":"data:a/b;base64,eA=="}},"#,
            r#""json_inputs":{"j":{"url":"data:a/b;base64,","documents":{"a":[1]}}},"workflow_id":"wf_1"}"#
        )
    );
    Ok(())
}

#[tokio::test]
async fn sends_documents_in_lists() -> Result<(), BuildError> {
    let mime_data = |name: &str| MimeData::builder().filename(name).url("data:a/b;base64,");
    let documents = (0..11).map(|n| mime_data(&n.to_string()));
    let body = GenerateSchemaRequest::builder()
        .documents(documents)
        .build()?;
    let sources = vec![
        source(&["documents", "1", "url"], b"one"),
        source(&["documents", "10", "url"], b"ten"),
    ];
    let received: Value = serde_json::from_str(&sent(&body, sources).await).unwrap();
    let url = |n: usize| received["documents"][n]["url"].as_str().unwrap();
    assert_eq!(url(0), "data:a/b;base64,");
    assert_eq!(url(1), "data:a/b;base64,b25l");
    assert_eq!(url(10), "data:a/b;base64,dGVu");
    Ok(())
}

#[tokio::test]
async fn follows_the_path_through_any_value() {
    let raw = serde_json::value::RawValue::from_string(r#"{"a":"","b":[""]}"#.into()).unwrap();
    let before = json!({"a": [], "b": {}, "c": [[{"t": "1"}], {"t": ["2"]}, null, 1.5, true]});
    let keys = std::collections::BTreeMap::from([(7, "seven")]);
    let body = (&raw, before, "data", keys, Some(b"bytes"));
    let sources = vec![source(&["3", "7"], b"b"), source(&["2"], b"a")];
    assert_eq!(
        sent(&body, sources).await,
        r#"[{"a":"","b":[""]},{"a":[],"b":{},"c":[[{"t":"1"}],{"t":["2"]},null,1.5,true]},"dataYQ==",{"7":"sevenYg=="},[98,121,116,101,115]]"#
    );
    assert_eq!(sent(&"", vec![source(&[], b"a")]).await, r#""YQ==""#);
}

#[tokio::test]
async fn sends_body_without_sources_as_bytes() {
    assert_eq!(sent(&json!({"a": "b"}), Vec::new()).await, r#"{"a":"b"}"#);
}

#[test]
fn rejects_source_without_a_text() {
    let body = json!({"a": {"url": null, "list": ["x"]}, "url": "", "b": 1});
    for path in [
        &["a", "url"][..],
        &["a"],
        &["b"],
        &["a", "list"],
        &["a", "list", "1"],
        &["absent", "url"],
        &["url", "url"],
        &[],
    ] {
        assert_eq!(
            error(&body, vec![source(path, b"x")]),
            format!(
                "cannot embed the source: the body has no text at {}",
                path.join("/")
            )
        );
    }
    let twice = vec![source(&["url"], b"x"), source(&["url"], b"y")];
    assert!(error(&body, twice).ends_with("no text at url"));
}
