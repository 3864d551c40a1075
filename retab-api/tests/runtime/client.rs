//! The client and the options of its calls.

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
    RequestOptions::new().with_header(
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    )
}

#[test]
fn a_base_url_has_one_normal_form() {
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
fn a_base_url_that_cannot_be_one_is_refused() {
    for (given, reason) in [
        ("", "no URL"),
        ("api.retab.com", "no URL"),
        ("ftp://api.retab.com", "neither http nor https"),
        ("file:///etc", "neither http nor https"),
        ("https://api.retab.com?x=SECRET", "a query or a fragment"),
        ("https://api.retab.com#x", "a query or a fragment"),
        ("https://SECRET@api.retab.com", "has credentials"),
        ("https://:SECRET@api.retab.com", "has credentials"),
    ] {
        let error = Client::new(given, scripted_server::http()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(reason), "{error}");
        assert!(!error.to_string().contains("SECRET"), "{error}");
        assert!(error.operation().is_none());
    }
}

#[tokio::test]
async fn a_path_of_the_base_url_is_kept() {
    let wire = ScriptedServer::json("{}").await;
    let client = Client::new(&format!("{}/prefix/", wire.url()), scripted_server::http()).unwrap();
    RequestBuilder::new(&client, &GET)
        .send_json::<Value>()
        .await
        .unwrap();
    assert_eq!(wire.received_once().await.line(), "GET /prefix/v1/thing");
}

#[tokio::test]
async fn headers_of_the_options_are_sent() {
    let wire = ScriptedServer::json("{}").await;
    let client = wire
        .client()
        .with(header("x-extra", "1"))
        .with(header("accept", "text/json"));
    RequestBuilder::new(&client, &GET)
        .send_json::<Value>()
        .await
        .unwrap();
    let received = wire.received_once().await;
    assert_eq!(received.header("x-extra"), Some("1"));
    assert_eq!(received.header("accept"), Some("text/json"));
}

#[tokio::test]
async fn options_do_not_reach_the_client_that_they_came_from() {
    let wire = ScriptedServer::json("{}").await;
    let plain = wire.client();
    let with = plain.with(header("x-extra", "1"));
    assert!(plain.options().headers().is_empty());
    assert_eq!(with.options().headers()["x-extra"], "1");
    RequestBuilder::new(&plain, &GET)
        .send_json::<Value>()
        .await
        .unwrap();
    assert_eq!(wire.received_once().await.header("x-extra"), None);
}

#[test]
fn later_options_win_and_leave_the_rest() {
    #[derive(Clone, Debug, PartialEq)]
    struct Tries(u32);
    let client = Client::new("http://h", scripted_server::http()).unwrap();
    let client = client.with(
        header("x-a", "1")
            .with_timeout(Duration::from_secs(1))
            .with_response_limit(7)
            .with_extension(Tries(3)),
    );
    let client = client.with(header("x-b", "2").with_timeout(Duration::from_secs(2)));
    let options = client.options();
    assert_eq!(options.timeout(), Some(Duration::from_secs(2)));
    assert_eq!(options.response_limit(), 7);
    assert_eq!(options.extension::<Tries>(), Some(&Tries(3)));
    assert_eq!(options.headers()["x-a"], "1");
    assert_eq!(options.headers()["x-b"], "2");
    let client = client.with(header("x-a", "3").with_extension(Tries(4)));
    assert_eq!(
        client
            .options()
            .headers()
            .get_all("x-a")
            .iter()
            .collect::<Vec<_>>(),
        ["3"]
    );
    assert_eq!(client.options().extension::<Tries>(), Some(&Tries(4)));
}

#[test]
fn the_limit_is_64_mib_by_default() {
    assert_eq!(RequestOptions::new().response_limit(), 64 * 1024 * 1024);
}

#[tokio::test]
async fn headers_that_frame_the_body_are_refused() {
    for name in ["content-length", "content-type", "transfer-encoding"] {
        let wire = ScriptedServer::json("{}").await;
        let client = wire.client().with(header(name, "1"));
        let error = RequestBuilder::new(&client, &GET)
            .send_json::<Value>()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains(name), "{error}");
        assert!(wire.is_untouched());
    }
}

#[tokio::test]
async fn the_timeout_bounds_the_wait_for_an_answer_and_the_answer() {
    for started in ["", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n["] {
        let wire = ScriptedServer::new([Script::Hold(started.into())]).await;
        let options = RequestOptions::new().with_timeout(Duration::from_millis(50));
        let call = RequestBuilder::new(&wire.client().with(options), &GET);
        let error = scripted_server::promptly(call.send_json::<Value>())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.is_timeout());
        assert_eq!(
            error.to_string(),
            "get_thing: no complete answer in time; it can be tried again"
        );
    }
}

#[test]
fn a_client_is_cheap_to_share_and_shows_no_secret() {
    fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    let client = Client::new("http://h", scripted_server::http()).unwrap();
    let client = client.with(header("x-key", "SECRET"));
    shared(&client);
    let shown = format!("{client:?}");
    assert!(
        shown.contains("x-key") && !shown.contains("SECRET"),
        "{shown}"
    );
}
