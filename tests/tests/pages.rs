//! Lists walked page by page and item by item, against the bytes of each answer.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by them, in its helpers as well"
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

fn client_of(fake: &FakeRetab) -> Client {
    Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .build()
        .unwrap()
}

/// A run as the service writes it.
fn run(id: &str) -> String {
    format!(
        r#"{{"id":"{id}","workflow_id":"wf_1","workflow_version_id":"ver_1","trigger":{{"type":"api"}},"lifecycle":{{"status":"completed"}},"timing":{{}}}}"#
    )
}

/// The bytes of an answer with one page.
fn page(items: &[String], before: Option<&str>, after: Option<&str>) -> Response {
    let items = items.join(",");
    let cursor = |cursor: Option<&str>| cursor.map_or("null".to_owned(), |at| format!("\"{at}\""));
    let (before, after) = (cursor(before), cursor(after));
    let body =
        format!(r#"{{"data":[{items}],"list_metadata":{{"before":{before},"after":{after}}}}}"#);
    Response::new(200, "application/json", body)
}

/// The path and query of every request.
fn asked(fake: &FakeRetab) -> Vec<String> {
    let received = fake.requests().into_iter();
    received
        .map(|request| format!("{} {}?{}", request.method, request.path, request.query))
        .collect()
}

async fn ids(items: impl Stream<Item = Result<WorkflowRun, Error>>) -> Vec<String> {
    let items: Vec<_> = items.try_collect().await.unwrap();
    items.into_iter().map(|run| run.id).collect()
}

/// A fake with seven runs, `run_000001` the oldest.
async fn seven_runs() -> (FakeRetab, Client) {
    let fake = FakeRetab::start().await;
    let client = client_of(&fake);
    for _ in 0..7 {
        client.run("wf_1").send().await.unwrap();
    }
    drop(fake.take_requests());
    (fake, client)
}

#[tokio::test]
async fn items_come_from_every_page_in_the_order_of_the_list() {
    let (fake, client) = seven_runs().await;
    let found = ids(client.api().list_workflow_runs().limit(3).items()).await;
    let newest_first: Vec<String> = (1..8).rev().map(|n| format!("run_{n:06}")).collect();
    assert_eq!(found, newest_first);
    assert_eq!(
        asked(&fake),
        [
            "GET /v1/workflows/runs?limit=3",
            "GET /v1/workflows/runs?limit=3&after=run_000005",
            "GET /v1/workflows/runs?limit=3&after=run_000002",
        ]
    );
}

#[tokio::test]
async fn pages_have_their_cursors_and_what_was_answered_with_them() {
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
async fn a_walk_starts_at_any_cursor_forwards() {
    let (fake, client) = seven_runs().await;
    let list = client.api().list_workflow_runs().limit(2);
    let found = ids(list.clone().after("run_000004").items()).await;
    assert_eq!(found, ["run_000003", "run_000002", "run_000001"]);
    // It may as well start with the page in front of a cursor, which the walk then leaves behind.
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
        asked(&fake),
        [
            "GET /v1/workflows/runs?limit=2&before=run_000003",
            "GET /v1/workflows/runs?limit=2&after=run_000004",
            "GET /v1/workflows/runs?limit=2&after=run_000002",
        ]
    );
}

#[tokio::test]
async fn a_walk_starts_at_any_cursor_backwards() {
    let (fake, client) = seven_runs().await;
    let list = client.api().list_workflow_runs().limit(2);
    let found = ids(list.clone().before("run_000003").backwards().items()).await;
    assert_eq!(
        found,
        ["run_000004", "run_000005", "run_000006", "run_000007"]
    );
    assert_eq!(
        asked(&fake),
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
    // A page keeps the order of the list, whichever way it was come to.
    assert_eq!(
        found,
        [
            vec!["run_000003", "run_000002"],
            vec!["run_000005", "run_000004"],
            vec!["run_000007", "run_000006"],
        ]
    );
    assert_eq!(
        asked(&fake),
        [
            "GET /v1/workflows/runs?limit=2&after=run_000004",
            "GET /v1/workflows/runs?limit=2&before=run_000003",
            "GET /v1/workflows/runs?limit=2&before=run_000005",
        ]
    );
}

#[tokio::test]
async fn a_walk_backwards_from_nowhere_is_refused_and_not_sent() {
    let (fake, client) = seven_runs().await;
    let mut items = client.api().list_workflow_runs().backwards().items();
    let refused = items.try_next().await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
    assert!(refused.to_string().contains("set `before`"), "{refused}");
    assert!(items.next().await.is_none());
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn a_page_is_asked_for_when_the_walk_has_come_to_it() {
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
async fn rival_20_a_page_is_walked_in_linear_time() {
    static LIST: Operation =
        Operation::new("list_numbers", Method::GET, "/v1/numbers").with_success(Success::Json);
    const COUNT: usize = 200_000;
    let fake = FakeRetab::start().await;
    let numbers: Vec<String> = (0..COUNT).map(|n| n.to_string()).collect();
    fake.queue_response(page(&numbers, None, None));
    let client = client_of(&fake);
    let mut items = RequestBuilder::new(client.api(), &LIST).items();
    items.try_next().await.unwrap().unwrap();
    let start = Instant::now();
    let mut walked = 1;
    while let Some(number) = items.try_next().await.unwrap() {
        assert_eq!(number, walked);
        walked += 1;
    }
    assert_eq!(walked, COUNT);
    // Taking each item from the front of a list of this length takes minutes.
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn rival_21_a_repeated_cursor_ends_the_walk_with_an_error() {
    // The cursors that the pages name, and the one that the walk starts from.
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
        let client = client_of(&fake);
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
async fn an_item_may_have_the_id_that_a_cursor_of_the_other_way_has() {
    let fake = FakeRetab::start().await;
    fake.queue_response(page(&[run("run_3")], None, Some("run_3")));
    fake.queue_response(page(&[run("run_4")], None, Some("run_4")));
    fake.queue_response(page(&[run("run_5")], None, None));
    let client = client_of(&fake);
    let list = client.api().list_workflow_runs().before("run_4");
    assert_eq!(ids(list.items()).await, ["run_3", "run_4", "run_5"]);
}

#[tokio::test]
async fn an_empty_page_with_a_cursor_ends_the_walk() {
    let fake = FakeRetab::start().await;
    fake.queue_response(page(&[run("run_1")], None, Some("a")));
    fake.queue_response(page(&[], None, Some("b")));
    let client = client_of(&fake);
    assert_eq!(
        ids(client.api().list_workflow_runs().items()).await,
        ["run_1"]
    );
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn an_empty_cursor_is_none() {
    let fake = FakeRetab::start().await;
    fake.queue_response(page(&[run("run_1")], None, Some("")));
    let client = client_of(&fake);
    assert_eq!(
        ids(client.api().list_workflow_runs().items()).await,
        ["run_1"]
    );
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn rival_22_an_idempotency_key_is_not_used_for_a_second_page() {
    let (fake, client) = seven_runs().await;
    let header = |name| HeaderName::from_static(name);
    let options = RequestOptions::new()
        .with_header(header("idempotency-key"), HeaderValue::from_static("once"))
        .with_header(header("x-tenant"), HeaderValue::from_static("acme"));
    let list = client.api().with(options).list_workflow_runs().limit(3);
    assert_eq!(ids(list.items()).await.len(), 7);
    let received = fake.requests();
    let sent = |name| -> Vec<_> { received.iter().map(|page| page.header(name)).collect() };
    assert_eq!(sent("idempotency-key"), [Some("once"), None, None]);
    assert_eq!(sent("x-tenant"), [Some("acme"); 3]);
}

#[tokio::test]
async fn rival_29_what_is_not_set_is_not_sent() {
    let fake = FakeRetab::start().await;
    fake.queue_response(page(&[run("run_2")], None, Some("run_2")));
    fake.queue_response(page(&[run("run_1")], Some("run_1"), None));
    let client = client_of(&fake);
    assert_eq!(
        ids(client.api().list_workflow_runs().items()).await,
        ["run_2", "run_1"]
    );
    assert_eq!(
        asked(&fake),
        [
            "GET /v1/workflows/runs?",
            "GET /v1/workflows/runs?after=run_2",
        ]
    );
}

#[tokio::test]
async fn rival_04_items_keep_the_fields_that_no_type_names() {
    let fake = FakeRetab::start().await;
    let artifact = r#"{"id":"art_1","operation":"extraction","pages":[1,2],"likelihood":{"total":0.25},"big":9007199254740993}"#;
    fake.queue_response(page(&[artifact.to_owned()], None, None));
    let client = client_of(&fake);
    let list = client.api().list_workflow_artifacts().run_id("run_1");
    let items: Vec<_> = list.items().try_collect().await.unwrap();
    let found = serde_json::to_value(&items).unwrap();
    let sent: Value = serde_json::from_str(artifact).unwrap();
    assert_eq!(found, json!([sent]));
}

#[tokio::test]
async fn rival_11_a_new_variant_fails_neither_its_item_nor_the_page() {
    let fake = FakeRetab::start().await;
    let lifecycle = r#"{"status":"hibernating","until":"2027-03-20"}"#;
    let invalid = run("run_2").replace(r#"{"status":"completed"}"#, lifecycle);
    fake.queue_response(page(&[run("run_1"), invalid, run("run_3")], None, None));
    let client = client_of(&fake);
    let items = client.api().list_workflow_runs().items();
    let items: Vec<_> = items.try_collect().await.unwrap();
    assert_eq!(items.len(), 3);
    let kept: Value = serde_json::from_str(lifecycle).unwrap();
    assert_eq!(serde_json::to_value(&items[1].lifecycle).unwrap(), kept);
}

/// An item without a field that its type requires, and with a number that no JSON value holds exactly.
const INVALID: &str = r#"{ "id":"run_2", "score":0.1000000000000000000000001, "lifecycle":{"status":"SECRET"},"workflow_id":7 }"#;

fn two_pages_with_an_odd_item(fake: &FakeRetab) {
    fake.queue_response(page(
        &[run("run_1"), INVALID.to_owned(), run("run_3")],
        None,
        Some("run_3"),
    ));
    fake.queue_response(page(&[run("run_4")], None, None));
}

#[tokio::test]
async fn an_odd_item_fails_its_page_unless_the_caller_chooses() {
    let fake = FakeRetab::start().await;
    two_pages_with_an_odd_item(&fake);
    let mut items = client_of(&fake).api().list_workflow_runs().items();
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    let told = error.to_string();
    assert!(told.starts_with("list_workflow_runs: "), "{told}");
    assert!(told.contains("data[1].workflow_id"), "{told}");
    assert!(items.next().await.is_none());
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn an_odd_item_is_skipped_where_the_caller_says_so() {
    let fake = FakeRetab::start().await;
    two_pages_with_an_odd_item(&fake);
    let client = client_of(&fake);
    let items = client
        .api()
        .list_workflow_runs()
        .skip_invalid_items()
        .items();
    assert_eq!(ids(items).await, ["run_1", "run_3", "run_4"]);
}

#[tokio::test]
async fn a_page_of_odd_items_alone_does_not_end_the_walk() {
    let fake = FakeRetab::start().await;
    fake.queue_response(page(&[INVALID.to_owned()], None, Some("a")));
    fake.queue_response(page(&[run("run_3")], None, None));
    let client = client_of(&fake);
    let items = client
        .api()
        .list_workflow_runs()
        .skip_invalid_items()
        .items();
    assert_eq!(ids(items).await, ["run_3"]);
}

#[tokio::test]
async fn an_odd_item_is_kept_as_it_came_where_the_caller_says_so() {
    let fake = FakeRetab::start().await;
    two_pages_with_an_odd_item(&fake);
    let client = client_of(&fake);
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
    let shown = format!("{invalid} {invalid:?} {items:?}");
    assert!(
        shown.contains("workflow_id") && !shown.contains("SECRET"),
        "{shown}"
    );
    let read: Vec<_> = items.into_iter().filter_map(ListItem::valid).collect();
    assert_eq!(read.len(), 3);
}

#[tokio::test]
async fn a_walk_ends_with_its_first_error_and_stays_at_its_end() {
    let fake = FakeRetab::start().await;
    fake.queue_response(page(&[run("run_1")], None, Some("run_1")));
    fake.queue_response(Response::json(403, &json!({"detail": "No more for you"})));
    fake.queue_response(page(&[run("run_2")], None, None));
    let mut items = client_of(&fake).api().list_workflow_runs().items();
    assert!(items.next().await.unwrap().is_ok());
    assert!(items.next().await.unwrap().unwrap_err().is_auth());
    assert!(items.next().await.is_none());
    assert!(items.next().await.is_none());
    assert_eq!(fake.requests().len(), 2);
}

#[test]
fn a_walk_can_move_to_another_thread() {
    fn moves<T: Send + Unpin + 'static>() {}
    moves::<retab_ext::Items<WorkflowRun>>();
    moves::<retab_ext::Pages<WorkflowRun>>();
    moves::<retab_ext::Pagination<WorkflowRun>>();
}
