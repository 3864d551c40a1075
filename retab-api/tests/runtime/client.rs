//! The client and its request options.

use std::time::Duration;

use http::{HeaderName, HeaderValue};
use retab_api::runtime::{Method, Operation, RequestBuilder, Success};
use retab_api::{Client, ErrorKind, RequestOptions};
use serde_json::Value;

use crate::scripted_server::{self, Script, ScriptedServer};

static GET: Operation = Operation::new("get_thing", Method::GET, "/v1/thing")
    .with_idempotent(true)
    .with_success(Success::Json);

fn header(name: &'static str, value: &'static str) -> RequestOptions {
    RequestOptions::new().header(
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    )
}

#[test]
fn normalizes_base_urls() {
    for (given, normal) in [
        ("https://api.retab.com", "https://api.retab.com"),
        ("https://api.retab.com///", "https://api.retab.com"),
        (
            "HTTP://Example.COM:8080/prefix/",
            "http://example.com:8080/prefix",
        ),
    ] {
        let client = Client::new(given, scripted_server::http()).unwrap();
        assert_eq!(client.base_url(), normal);
    }
}

#[test]
fn rejects_invalid_base_urls() {
    for (given, reason) in [
        ("", "cannot parse the base URL"),
        ("api.retab.com", "cannot parse the base URL"),
        ("ftp://api.retab.com", "must use http or https"),
        ("file:///etc", "must use http or https"),
        (
            "https://api.retab.com?x=SECRET",
            "must not contain a query or a fragment",
        ),
        (
            "https://api.retab.com#x",
            "must not contain a query or a fragment",
        ),
        (
            "https://SECRET@api.retab.com",
            "must not contain credentials",
        ),
        (
            "https://:SECRET@api.retab.com",
            "must not contain credentials",
        ),
    ] {
        let error = Client::new(given, scripted_server::http()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(reason), "{error}");
        assert!(!error.to_string().contains("SECRET"), "{error}");
        assert!(error.operation().is_none());
    }
}

#[tokio::test]
async fn preserves_path_of_base_url() {
    let server = ScriptedServer::json("{}").await;
    let client = Client::new(
        &format!("{}/prefix/", server.url()),
        scripted_server::http(),
    )
    .unwrap();
    RequestBuilder::new(&client, &GET)
        .send_json::<Value>()
        .await
        .unwrap();
    assert_eq!(server.only_request().await.line(), "GET /prefix/v1/thing");
}

#[tokio::test]
async fn sends_headers_from_options() {
    let server = ScriptedServer::json("{}").await;
    let client = server
        .client()
        .with(header("x-extra", "1"))
        .with(header("accept", "text/json"));
    RequestBuilder::new(&client, &GET)
        .send_json::<Value>()
        .await
        .unwrap();
    let received = server.only_request().await;
    assert_eq!(received.header("x-extra"), Some("1"));
    assert_eq!(received.header("accept"), Some("text/json"));
}

#[tokio::test]
async fn with_does_not_modify_the_original_client() {
    let server = ScriptedServer::json("{}").await;
    let plain = server.client();
    let with = plain.with(header("x-extra", "1"));
    assert!(plain.options().get_headers().is_empty());
    assert_eq!(with.options().get_headers()["x-extra"], "1");
    RequestBuilder::new(&plain, &GET)
        .send_json::<Value>()
        .await
        .unwrap();
    assert_eq!(server.only_request().await.header("x-extra"), None);
}

#[test]
fn later_options_override_earlier_ones() {
    #[derive(Clone, Debug, PartialEq)]
    struct Tries(u32);
    let client = Client::new("http://h", scripted_server::http()).unwrap();
    let client = client.with(
        header("x-a", "1")
            .timeout(Duration::from_secs(1))
            .response_limit(7)
            .with_extension(Tries(3)),
    );
    let client = client.with(header("x-b", "2").timeout(Duration::from_secs(2)));
    let options = client.options();
    assert_eq!(options.get_timeout(), Some(Duration::from_secs(2)));
    assert_eq!(options.get_response_limit(), 7);
    assert_eq!(options.extension::<Tries>(), Some(&Tries(3)));
    assert_eq!(options.get_headers()["x-a"], "1");
    assert_eq!(options.get_headers()["x-b"], "2");
    let client = client.with(header("x-a", "3").with_extension(Tries(4)));
    assert_eq!(
        client
            .options()
            .get_headers()
            .get_all("x-a")
            .iter()
            .collect::<Vec<_>>(),
        ["3"]
    );
    assert_eq!(client.options().extension::<Tries>(), Some(&Tries(4)));
}

#[test]
fn response_limit_defaults_to_64_mib() {
    assert_eq!(RequestOptions::new().get_response_limit(), 64 * 1024 * 1024);
}

#[tokio::test]
async fn rejects_framing_headers() {
    for name in ["content-length", "content-type", "transfer-encoding"] {
        let server = ScriptedServer::json("{}").await;
        let client = server.client().with(header(name, "1"));
        let error = RequestBuilder::new(&client, &GET)
            .send_json::<Value>()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(name), "{error}");
        assert!(server.has_no_connections());
    }
}

#[tokio::test]
async fn timeout_covers_response_headers_and_body() {
    for started in ["", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n["] {
        let server = ScriptedServer::new([Script::Hold(started.into())]).await;
        let options = RequestOptions::new().timeout(Duration::from_millis(50));
        let request = RequestBuilder::new(&server.client().with(options), &GET);
        let error = scripted_server::promptly(request.send_json::<Value>())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.is_timeout());
        assert_eq!(
            error.to_string(),
            "get_thing: timed out before the response was complete; retrying is safe"
        );
    }
}

#[test]
fn client_is_shareable_and_redacts_headers() {
    fn assert_shareable<T: Clone + Send + Sync + 'static>(_: &T) {}
    let client = Client::new("http://h", scripted_server::http()).unwrap();
    let client = client.with(header("x-key", "SECRET"));
    assert_shareable(&client);
    let displayed = format!("{client:?}");
    assert!(
        displayed.contains("x-key") && !displayed.contains("SECRET"),
        "{displayed}"
    );
}
