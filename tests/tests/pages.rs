//! Pagination by pages and by items, from raw responses.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests and their helpers panic on failure"
)]

use std::time::{Duration, Instant};

use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use http::{HeaderName, HeaderValue};
use retab_api::RequestOptions;
use retab_api::runtime::{Method, Operation, RequestBuilder, Success};
use retab_api::types::WorkflowRun;
use retab_ext::{Client, Error, ErrorKind, List as _, ListItem};
use retab_fake::{FakeRetab, Response};
use serde_json::{Value, json};

fn client_for(fake: &FakeRetab) -> Client {
    Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .build()
        .unwrap()
}

/// A run in the format of the service.
fn run(id: &str) -> String {
    format!(
        r#"{{"id":"{id}","workflow_id":"wf_1","workflow_version_id":"ver_1","trigger":{{"type":"api"}},"lifecycle":{{"status":"completed"}},"timing":{{}}}}"#
    )
}

/// A response with one page.
fn page(items: &[String], before: Option<&str>, after: Option<&str>) -> Response {
    let items = items.join(",");
    let cursor = |cursor: Option<&str>| cursor.map_or("null".to_owned(), |at| format!("\"{at}\""));
    let (before, after) = (cursor(before), cursor(after));
    let body =
        format!(r#"{{"data":[{items}],"list_metadata":{{"before":{before},"after":{after}}}}}"#);
    Response::new(200, "application/json", body)
}

/// Returns the method, path and query of every request.
fn request_lines(fake: &FakeRetab) -> Vec<String> {
    let received = fake.requests().into_iter();
    received
        .map(|request| format!("{} {}?{}", request.method, request.path, request.query))
        .collect()
}

async fn ids(items: impl Stream<Item = Result<WorkflowRun, Error>>) -> Vec<String> {
    let items: Vec<_> = items.try_collect().await.unwrap();
    items.into_iter().map(|run| run.id).collect()
}

/// Starts a fake with seven runs. `run_000001` is the oldest.
async fn seven_runs() -> (FakeRetab, Client) {
    let fake = FakeRetab::start().await;
    let client = client_for(&fake);
    for _ in 0..7 {
        client.workflow("wf_1").run().send().await.unwrap();
    }
    drop(fake.take_requests());
    (fake, client)
}

#[tokio::test]
async fn items_span_all_pages_in_list_order() {
    let (fake, client) = seven_runs().await;
    let found = ids(client.api().list_workflow_runs().limit(3).items()).await;
    let newest_first: Vec<String> = (1..8).rev().map(|n| format!("run_{n:06}")).collect();
    assert_eq!(found, newest_first);
    assert_eq!(
        request_lines(&fake),
        [
            "GET /v1/workflows/runs?limit=3",
            "GET /v1/workflows/runs?limit=3&after=run_000005",
            "GET /v1/workflows/runs?limit=3&after=run_000002",
        ]
    );
}

#[tokio::test]
async fn pages_expose_cursors_and_response_metadata() {
    let (_fake, client) = seven_runs().await;
    let list = client.api().list_workflow_runs().limit(3).order("asc");
    let pages: Vec<_> = list.pages().try_collect().await.unwrap();
    let outline: Vec<_> = pages
        .iter()
        .map(|page| {
            (
                page.data.len(),
                page.before.as_deref(),
                page.after.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        outline,
        [
            (3, None, Some("run_000003")),
            (3, Some("run_000004"), Some("run_000006")),
            (1, Some("run_000007"), None),
        ]
    );
    assert_eq!(pages[1].status(), 200);
    assert!(pages[1].request_id().unwrap().starts_with("req_"));
    assert!(pages[1].headers().contains_key("content-type"));
}

#[tokio::test]
async fn paginates_forwards_from_any_cursor() {
    let (fake, client) = seven_runs().await;
    let list = client.api().list_workflow_runs().limit(2);
    let found = ids(list.clone().after("run_000004").items()).await;
    assert_eq!(found, ["run_000003", "run_000002", "run_000001"]);
    // The first page may also precede a cursor; pagination then continues forwards past it.
    drop(fake.take_requests());
    let found = ids(list.before("run_000003").items()).await;
    assert_eq!(
        found,
        [
            "run_000005",
            "run_000004",
            "run_000003",
            "run_000002",
            "run_000001"
        ]
    );
    assert_eq!(
        request_lines(&fake),
        [
            "GET /v1/workflows/runs?limit=2&before=run_000003",
            "GET /v1/workflows/runs?limit=2&after=run_000004",
            "GET /v1/workflows/runs?limit=2&after=run_000002",
        ]
    );
}

#[tokio::test]
async fn paginates_backwards_from_any_cursor() {
    let (fake, client) = seven_runs().await;
    let list = client.api().list_workflow_runs().limit(2);
    let found = ids(list.clone().before("run_000003").backwards().items()).await;
    assert_eq!(
        found,
        ["run_000004", "run_000005", "run_000006", "run_000007"]
    );
    assert_eq!(
        request_lines(&fake),
        [
            "GET /v1/workflows/runs?limit=2&before=run_000003",
            "GET /v1/workflows/runs?limit=2&before=run_000005",
        ]
    );
    drop(fake.take_requests());
    let pages: Vec<_> = list
        .after("run_000004")
        .backwards()
        .pages()
        .try_collect()
        .await
        .unwrap();
    let found: Vec<_> = pages
        .iter()
        .map(|page| {
            page.data
                .iter()
                .map(|run| run.id.as_str())
                .collect::<Vec<_>>()
        })
        .collect();
    // Pages are in list order in both directions.
    assert_eq!(
        found,
        [
            vec!["run_000003", "run_000002"],
            vec!["run_000005", "run_000004"],
            vec!["run_000007", "run_000006"],
        ]
    );
    assert_eq!(
        request_lines(&fake),
        [
            "GET /v1/workflows/runs?limit=2&after=run_000004",
            "GET /v1/workflows/runs?limit=2&before=run_000003",
            "GET /v1/workflows/runs?limit=2&before=run_000005",
        ]
    );
}

#[tokio::test]
async fn backward_pagination_requires_a_cursor() {
    let (fake, client) = seven_runs().await;
    let mut items = client.api().list_workflow_runs().backwards().items();
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("set `before`"), "{error}");
    assert!(items.next().await.is_none());
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn fetches_pages_lazily() {
    let (fake, client) = seven_runs().await;
    let mut items = client.api().list_workflow_runs().limit(2).items();
    assert_eq!(fake.requests().len(), 0);
    for (item, requests) in [(1, 1), (2, 1), (3, 2)] {
        items.try_next().await.unwrap().unwrap();
        assert_eq!(fake.requests().len(), requests, "after item {item}");
    }
    drop(items);
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn regression_20_iterates_pages_in_linear_time() {
    static LIST: Operation =
        Operation::new("list_numbers", Method::GET, "/v1/numbers").with_success(Success::Json);
    const COUNT: usize = 200_000;
    let fake = FakeRetab::start().await;
    let numbers: Vec<String> = (0..COUNT).map(|n| n.to_string()).collect();
    fake.queue_response(page(&numbers, None, None));
    let client = client_for(&fake);
    let mut items = RequestBuilder::new(client.api(), &LIST).items();
    items.try_next().await.unwrap().unwrap();
    let start = Instant::now();
    let mut count = 1;
    while let Some(number) = items.try_next().await.unwrap() {
        assert_eq!(number, count);
        count += 1;
    }
    assert_eq!(count, COUNT);
    // Removing each item from the front of a vector of this length would take minutes.
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn regression_21_repeated_cursor_is_an_error() {
    // The first cursor, and the cursors in the pages.
    for (start, cursors) in [
        (None, vec!["a", "a"]),
        (None, vec!["a", "b", "a"]),
        (Some("a"), vec!["a"]),
        (Some("a"), vec!["b", "a"]),
    ] {
        let fake = FakeRetab::start().await;
        for (at, cursor) in cursors.iter().enumerate() {
            fake.queue_response(page(&[run(&format!("run_{at}"))], None, Some(cursor)));
        }
        let client = client_for(&fake);
        let list = client.api().list_workflow_runs();
        let mut items = match start {
            Some(start) => list.after(start).items(),
            None => list.items(),
        };
        for at in 0..cursors.len() {
            let item = items.try_next().await.unwrap().unwrap();
            assert_eq!(item.id, format!("run_{at}"));
        }
        let error = items.try_next().await.unwrap_err();
        let requests = cursors.len();
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
        assert!(!error.is_retryable());
        assert_eq!(
            error.to_string(),
            format!(
                "list_workflow_runs: the service returned 200 OK: the page repeats an earlier cursor, so the list would never end (request id req_{requests:06})"
            )
        );
        assert_eq!(fake.requests().len(), requests);
        assert!(items.next().await.is_none());
        assert!(items.next().await.is_none());
    }
}

#[tokio::test]
async fn forward_cursor_may_equal_the_initial_before_cursor() {
    let fake = FakeRetab::start().await;
    fake.queue_response(page(&[run("run_3")], None, Some("run_3")));
    fake.queue_response(page(&[run("run_4")], None, Some("run_4")));
    fake.queue_response(page(&[run("run_5")], None, None));
    let client = client_for(&fake);
    let list = client.api().list_workflow_runs().before("run_4");
    assert_eq!(ids(list.items()).await, ["run_3", "run_4", "run_5"]);
}

#[tokio::test]
async fn follows_the_cursor_past_empty_pages() {
    let fake = FakeRetab::start().await;
    fake.queue_response(page(&[run("run_1")], None, Some("a")));
    fake.queue_response(page(&[], None, Some("b")));
    fake.queue_response(page(&[], None, Some("c")));
    fake.queue_response(page(&[run("run_2")], None, None));
    let client = client_for(&fake);
    assert_eq!(
        ids(client.api().list_workflow_runs().items()).await,
        ["run_1", "run_2"]
    );
    assert_eq!(fake.requests().len(), 4);
}

#[tokio::test]
async fn follows_the_cursor_past_empty_pages_backwards() {
    let fake = FakeRetab::start().await;
    fake.queue_response(page(&[], Some("b"), Some("z")));
    fake.queue_response(page(&[run("run_1")], None, Some("z")));
    let client = client_for(&fake);
    let list = client.api().list_workflow_runs().before("a").backwards();
    assert_eq!(ids(list.items()).await, ["run_1"]);
    assert_eq!(
        request_lines(&fake),
        [
            "GET /v1/workflows/runs?before=a",
            "GET /v1/workflows/runs?before=b",
        ]
    );
}

#[tokio::test]
async fn repeated_cursor_of_an_empty_page_is_an_error() {
    let fake = FakeRetab::start().await;
    fake.queue_response(page(&[], None, Some("a")));
    fake.queue_response(page(&[], None, Some("a")));
    let mut items = client_for(&fake).api().list_workflow_runs().items();
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    assert_eq!(fake.requests().len(), 2);
}

/// Only null ends a list, and `?after=` asks for the first page again.
#[tokio::test]
async fn empty_cursor_is_a_repeated_cursor() {
    for start in [None, Some("a")] {
        let fake = FakeRetab::start().await;
        fake.queue_response(page(&[run("run_1")], None, Some("")));
        let mut list = client_for(&fake).api().list_workflow_runs();
        if let Some(start) = start {
            list = list.after(start);
        }
        let mut items = list.items();
        assert_eq!(items.try_next().await.unwrap().unwrap().id, "run_1");
        let error = items.try_next().await.unwrap_err();
        assert!(error.to_string().contains("earlier cursor"), "{error}");
        assert!(items.next().await.is_none());
        assert_eq!(fake.requests().len(), 1);
    }
}

#[tokio::test]
async fn regression_22_sends_idempotency_key_only_with_first_page() {
    let (fake, client) = seven_runs().await;
    let header = |name| HeaderName::from_static(name);
    let options = RequestOptions::new()
        .header(header("idempotency-key"), HeaderValue::from_static("once"))
        .header(header("x-tenant"), HeaderValue::from_static("acme"));
    let list = client.api().with(options).list_workflow_runs().limit(3);
    assert_eq!(ids(list.items()).await.len(), 7);
    let received = fake.requests();
    let sent = |name| -> Vec<_> { received.iter().map(|page| page.header(name)).collect() };
    assert_eq!(sent("idempotency-key"), [Some("once"), None, None]);
    assert_eq!(sent("x-tenant"), [Some("acme"); 3]);
}

#[tokio::test]
async fn regression_29_omits_unset_fields() {
    let fake = FakeRetab::start().await;
    fake.queue_response(page(&[run("run_2")], None, Some("run_2")));
    fake.queue_response(page(&[run("run_1")], Some("run_1"), None));
    let client = client_for(&fake);
    assert_eq!(
        ids(client.api().list_workflow_runs().items()).await,
        ["run_2", "run_1"]
    );
    assert_eq!(
        request_lines(&fake),
        [
            "GET /v1/workflows/runs?",
            "GET /v1/workflows/runs?after=run_2",
        ]
    );
}

#[tokio::test]
async fn regression_04_preserves_untyped_fields_of_items() {
    let fake = FakeRetab::start().await;
    let artifact = r#"{"id":"art_1","operation":"extraction","pages":[1,2],"likelihood":{"total":0.25},"big":9007199254740993}"#;
    fake.queue_response(page(&[artifact.to_owned()], None, None));
    let client = client_for(&fake);
    let list = client.api().list_workflow_artifacts().run_id("run_1");
    let items: Vec<_> = list.items().try_collect().await.unwrap();
    let decoded = serde_json::to_value(&items).unwrap();
    let sent: Value = serde_json::from_str(artifact).unwrap();
    assert_eq!(decoded, json!([sent]));
}

#[tokio::test]
async fn regression_11_decodes_unknown_variant() {
    let fake = FakeRetab::start().await;
    let lifecycle = r#"{"status":"hibernating","until":"2027-03-20"}"#;
    let unknown = run("run_2").replace(r#"{"status":"completed"}"#, lifecycle);
    fake.queue_response(page(&[run("run_1"), unknown, run("run_3")], None, None));
    let client = client_for(&fake);
    let items = client.api().list_workflow_runs().items();
    let items: Vec<_> = items.try_collect().await.unwrap();
    assert_eq!(items.len(), 3);
    let sent: Value = serde_json::from_str(lifecycle).unwrap();
    assert_eq!(serde_json::to_value(&items[1].lifecycle).unwrap(), sent);
}

/// An item with missing and mistyped fields, and a number that `serde_json::Value` cannot represent exactly.
const INVALID: &str = r#"{ "id":"run_2", "score":0.1000000000000000000000001, "lifecycle":{"status":"SECRET"},"workflow_id":7 }"#;

fn queue_pages_with_invalid_item(fake: &FakeRetab) {
    fake.queue_response(page(
        &[run("run_1"), INVALID.to_owned(), run("run_3")],
        None,
        Some("run_3"),
    ));
    fake.queue_response(page(&[run("run_4")], None, None));
}

#[tokio::test]
async fn invalid_item_fails_its_page_by_default() {
    let fake = FakeRetab::start().await;
    queue_pages_with_invalid_item(&fake);
    let mut items = client_for(&fake).api().list_workflow_runs().items();
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    let message = error.to_string();
    assert!(message.starts_with("list_workflow_runs: "), "{message}");
    assert!(message.contains("data[1].workflow_id"), "{message}");
    assert!(items.next().await.is_none());
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn skips_invalid_items() {
    let fake = FakeRetab::start().await;
    queue_pages_with_invalid_item(&fake);
    let client = client_for(&fake);
    let items = client
        .api()
        .list_workflow_runs()
        .skip_invalid_items()
        .items();
    assert_eq!(ids(items).await, ["run_1", "run_3", "run_4"]);
}

/// Python writes `NaN`, which JSON does not allow.
#[tokio::test]
async fn item_that_is_not_json_is_an_invalid_item() {
    let nan = r#"{"id":"run_2", "score":NaN}"#;
    let answer = || page(&[run("run_1"), nan.to_owned(), run("run_3")], None, None);
    let fake = FakeRetab::start().await;
    let client = client_for(&fake);
    fake.queue_response(answer());
    let list = client.api().list_workflow_runs();
    let mut items = list.clone().items();
    let message = items.try_next().await.unwrap_err().to_string();
    assert!(message.contains("data[1].score"), "{message}");
    fake.queue_response(answer());
    let items = list.clone().skip_invalid_items().items();
    assert_eq!(ids(items).await, ["run_1", "run_3"]);
    fake.queue_response(answer());
    let items = list.keep_invalid_items().items();
    let items: Vec<_> = items.try_collect().await.unwrap();
    let ListItem::Invalid(invalid) = &items[1] else {
        panic!("{:?}", items[1]);
    };
    assert_eq!(invalid.json(), nan);
    assert_eq!(invalid.json_path(), "score");
}

#[tokio::test]
async fn page_of_only_invalid_items_does_not_end_pagination() {
    let fake = FakeRetab::start().await;
    fake.queue_response(page(&[INVALID.to_owned()], None, Some("a")));
    fake.queue_response(page(&[run("run_3")], None, None));
    let client = client_for(&fake);
    let items = client
        .api()
        .list_workflow_runs()
        .skip_invalid_items()
        .items();
    assert_eq!(ids(items).await, ["run_3"]);
}

#[tokio::test]
async fn keeps_raw_json_of_invalid_items() {
    let fake = FakeRetab::start().await;
    queue_pages_with_invalid_item(&fake);
    let client = client_for(&fake);
    let items = client
        .api()
        .list_workflow_runs()
        .keep_invalid_items()
        .items();
    let items: Vec<ListItem<WorkflowRun>> = items.try_collect().await.unwrap();
    assert_eq!(items.len(), 4);
    let ListItem::Invalid(invalid) = &items[1] else {
        panic!("{:?}", items[1]);
    };
    assert_eq!(invalid.json(), INVALID);
    assert_eq!(invalid.json_path(), "workflow_id");
    let formatted = format!("{invalid} {invalid:?} {items:?}");
    assert!(
        formatted.contains("workflow_id") && !formatted.contains("SECRET"),
        "{formatted}"
    );
    let valid: Vec<_> = items.into_iter().filter_map(ListItem::valid).collect();
    assert_eq!(valid.len(), 3);
}

#[tokio::test]
async fn stream_ends_after_first_error() {
    let fake = FakeRetab::start().await;
    fake.queue_response(page(&[run("run_1")], None, Some("run_1")));
    fake.queue_response(Response::json(403, &json!({"detail": "No more for you"})));
    fake.queue_response(page(&[run("run_2")], None, None));
    let mut items = client_for(&fake).api().list_workflow_runs().items();
    assert!(items.next().await.unwrap().is_ok());
    assert!(items.next().await.unwrap().unwrap_err().is_auth());
    assert!(items.next().await.is_none());
    assert!(items.next().await.is_none());
    assert_eq!(fake.requests().len(), 2);
}

#[test]
fn list_streams_are_send() {
    fn assert_send<T: Send + Unpin + 'static>() {}
    assert_send::<retab_ext::Items<WorkflowRun>>();
    assert_send::<retab_ext::Pages<WorkflowRun>>();
    assert_send::<retab_ext::Pagination<WorkflowRun>>();
}
