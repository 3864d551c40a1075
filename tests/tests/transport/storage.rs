//! Uploads and downloads: the storage's part of them goes the way of every call, and has nothing of the caller's.

use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use retab_ext::{Client, Document, Error, ErrorKind, RequestOptions, RetryPolicy, StoredFile};
use retab_fake::scripted_server::{Gate, Script, ScriptedServer};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::{KEY, after, end_of, refused, wire};
use retab_tests::manual_clock::ManualClock;

/// More than the buffers of a connection hold.
const LARGE: usize = 16 * 1024 * 1024;

/// The service, with a client of it, and the storage that it names.
struct Both {
    service: ScriptedServer,
    storage: ScriptedServer,
    clock: ManualClock,
    client: Client,
}

/// What the service answers, given the URL of the storage.
type Service = fn(&str) -> Vec<Script>;

async fn both(service: Service, storage: impl IntoIterator<Item = Script>) -> Both {
    let storage = ScriptedServer::new(storage).await;
    let (service, clock, settings) = wire(service(storage.url())).await;
    Both {
        service,
        storage,
        clock,
        client: settings.build().unwrap(),
    }
}

fn session(storage: &str) -> Script {
    let session = json!({
        "fileId": "file_1",
        "uploadUrl": format!("{storage}/object?signature=HUNTER2"),
        "uploadMethod": "PUT",
        "uploadHeaders": {"x-upload-token": "token"},
        "expiresAt": "2026-03-09T11:30:00Z",
    });
    Script::json(200, &session.to_string())
}

fn completed() -> Script {
    let stored = json!({"filename": "a.bin", "url": "https://storage.retab.example/file_1"});
    Script::json(200, &stored.to_string())
}

fn one_session(storage: &str) -> Vec<Script> {
    vec![session(storage), completed()]
}

fn link(storage: &str) -> Script {
    let link = json!({
        "download_url": format!("{storage}/object?signature=HUNTER2"),
        "expires_in": "60 minutes",
        "filename": "a.bin",
    });
    Script::json(200, &link.to_string())
}

fn one_link(storage: &str) -> Vec<Script> {
    vec![link(storage)]
}

fn stored() -> Script {
    Script::response(200, &[], "")
}

fn content() -> Script {
    Script::response(200, &[], "0123456789")
}

/// An answer of ten bytes that falls silent after five.
fn half() -> Script {
    let head = Script::new().read_request().write_head(200, &[], 10);
    head.write("01234").hold()
}

async fn upload(client: Client, size: usize) -> Result<StoredFile, Error> {
    let document = Document::bytes("a.bin", vec![b'x'; size]);
    client.files().upload(document).send().await
}

fn uploading(both: &Both, size: usize) -> JoinHandle<Result<StoredFile, Error>> {
    tokio::spawn(upload(both.client.clone(), size))
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

#[tokio::test]
async fn an_upload_that_stands_still_is_given_up_and_sent_again_from_its_start() {
    let gate = Gate::new();
    let stands_still = Script::new().read_head().read(100_000).wait(&gate);
    let takes_all_and_is_silent = Script::new().read_request().hold();
    for (size, stalled) in [(LARGE, stands_still), (1000, takes_all_and_is_silent)] {
        let both = both(one_session, [stalled, stored()]).await;
        let call = uploading(&both, size);
        both.storage.wait_for_body_bytes(size.min(100_000)).await;
        assert_eq!(both.clock.pass(seconds(1000.0)).await, seconds(300.0));
        assert_eq!(both.clock.pass(seconds(0.5)).await, seconds(0.5));
        gate.open();
        assert_eq!(end_of(call).await.unwrap().size(), size as u64);
        assert_eq!(both.storage.requests()[1].body.len(), size);
    }
}

#[tokio::test]
async fn an_upload_is_not_given_up_while_bytes_move() {
    let gate = Gate::new();
    let mut slow = Script::new().read_head();
    for _ in 0..4 {
        slow = slow.read(LARGE / 4 - 1).wait(&gate);
    }
    let slow = slow.read_rest().write_head(200, &[], 0);
    let both = both(one_session, [slow]).await;
    let call = uploading(&both, LARGE);
    for quarter in 1..=4 {
        both.storage
            .wait_for_body_bytes(quarter * (LARGE / 4 - 1))
            .await;
        both.clock.advance(seconds(100.0));
        gate.open();
    }
    assert!(end_of(call).await.is_ok());
    assert_eq!(both.storage.requests().len(), 1);
}

#[tokio::test]
async fn a_download_that_falls_silent_is_given_up() {
    let both = both(one_link, [half()]).await;
    let content = both.client.files().download("file_1").stream();
    let mut content = content.await.unwrap();
    assert_eq!(content.next().await.unwrap().unwrap(), "01234");
    let rest = tokio::spawn(async move { content.next().await.unwrap() });
    assert_eq!(both.clock.pass(seconds(1000.0)).await, seconds(300.0));
    let error = end_of(rest).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    let told = error.to_string();
    assert!(
        told.starts_with("file_1: download_from_storage: ")
            && told.contains("no byte has moved for 300s"),
        "{told}"
    );
}

#[tokio::test]
async fn a_download_to_a_path_that_falls_silent_or_breaks_off_starts_again() {
    let breaks_off = Script::new().read_request().write_head(200, &[], 10);
    let both = both(
        one_link,
        [half(), breaks_off.write("012").reset(), content()],
    )
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    let download = both.client.files().download("file_1").to_path(path.clone());
    let call = tokio::spawn(download);
    let files = || std::fs::read_dir(folder.path()).unwrap().count();
    // There is a file once there is an answer.
    while files() == 0 {
        tokio::task::yield_now().await;
    }
    for pause in [300.0, 0.5, 1.0].map(seconds) {
        assert_eq!(both.clock.pass(pause).await, pause);
    }
    assert_eq!(end_of(call).await.unwrap(), 10);
    assert_eq!(std::fs::read(&path).unwrap(), b"0123456789");
    assert_eq!(files(), 1);
    // The address was good for all of them.
    assert_eq!(both.service.requests().len(), 1);
}

#[tokio::test]
async fn a_storage_in_trouble_is_asked_again_when_it_likes() {
    let busy = refused(503, &[("retry-after", "7")]);
    let both = both(one_session, [busy.clone(), stored()]).await;
    let call = upload(both.client, 1000);
    assert!(after(&both.clock, &[7.5], call).await.is_ok());

    let both = self::both(one_link, [busy, content()]).await;
    let download = both.client.files().download("file_1").stream();
    let content = after(&both.clock, &[7.5], download).await.unwrap();
    assert_eq!(content.size(), Some(10));
    let chunks: Vec<_> = content.try_collect().await.unwrap();
    assert_eq!(chunks.concat(), b"0123456789");
}

#[tokio::test]
async fn an_address_that_has_expired_is_followed_by_another_at_once() {
    let both = both(
        |storage| vec![session(storage), session(storage), completed()],
        [refused(410, &[]), stored()],
    )
    .await;
    let call = upload(both.client, 1000);
    assert!(after(&both.clock, &[], call).await.is_ok());
    assert_eq!(both.service.requests().len(), 3);

    let both = self::both(
        |storage| vec![link(storage), link(storage)],
        [refused(410, &[]), content()],
    )
    .await;
    let download = both.client.files().download("file_1").stream();
    assert!(after(&both.clock, &[], download).await.is_ok());
    assert_eq!(both.service.requests().len(), 2);
}

#[tokio::test]
async fn the_storage_draws_on_the_budget_of_the_client() {
    let storage = ScriptedServer::new([refused(503, &[])]).await;
    let (service, clock, settings) =
        wire([refused(503, &[]), refused(503, &[]), session(storage.url())]).await;
    let client = settings.retry_budget(1).build().unwrap();
    let reader = client.clone();
    let read = async move { reader.get_run("run_1").await.unwrap_err() };
    assert_eq!(after(&clock, &[0.5], read).await.attempts(), 2);
    let error = after(&clock, &[], upload(client, 1000)).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(
        error.to_string(),
        "the document a.bin: upload_to_storage: the object storage returned 503 Service Unavailable"
    );
    assert_eq!(service.requests().len(), 3);
}

#[tokio::test]
async fn a_storage_that_stays_away_is_told_with_its_attempts() {
    let both = both(
        one_link,
        [refused(503, &[]), refused(503, &[]), refused(500, &[])],
    )
    .await;
    let policy = RequestOptions::new().retry(RetryPolicy::default().max_attempts(3));
    let download = both.client.with(policy).files().download("file_1").stream();
    let error = after(&both.clock, &[0.5, 1.0], download).await.unwrap_err();
    assert!(error.is_retryable() && error.attempts() == 3, "{error}");
    assert!(!error.outcome_unknown());
    // What the storage says may hold what the URL was signed with.
    assert_eq!(error.message(), None);
    assert_eq!(
        error.to_string(),
        "file_1: download_from_storage: the object storage returned 500 Internal Server Error, after 3 attempts"
    );
}

#[tokio::test]
async fn the_options_of_a_call_hold_for_its_way_to_the_storage() {
    let silent = || Script::new().read_request().hold();
    for (options, pause, reason) in [
        (
            RequestOptions::new().idle_timeout(seconds(20.0)),
            20.0,
            "no byte has moved for 20s",
        ),
        (
            RequestOptions::new().attempt_timeout(seconds(30.0)),
            30.0,
            "within the 30s of the attempt",
        ),
        (
            RequestOptions::new().timeout(seconds(40.0)),
            40.0,
            "within the 40s of the call",
        ),
    ] {
        let both = both(one_session, [silent()]).await;
        let client = both.client.with(options.retry(RetryPolicy::never()));
        let call = tokio::spawn(upload(client, 1000));
        both.storage.wait_for_body_bytes(1000).await;
        assert_eq!(both.clock.pass(seconds(1000.0)).await, seconds(pause));
        let error = end_of(call).await.unwrap_err();
        assert!(error.is_timeout() && error.attempts() == 1, "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test]
async fn nothing_of_the_callers_goes_to_the_storage() {
    let storage = ScriptedServer::new([stored(), content()]).await;
    let service = [session(storage.url()), completed(), link(storage.url())];
    let (service, _, settings) = wire(service).await;
    let settings = settings.header("x-tenant", "HUNTER3").unwrap();
    let options = RequestOptions::new().header("x-secret", "HUNTER3").unwrap();
    let options = options.idempotency_key("HUNTER3").unwrap();
    let client = settings.build().unwrap().with(options);
    upload(client.clone(), 1000).await.unwrap();
    client.files().download("file_1").stream().await.unwrap();
    for (sent, of_the_session) in storage.requests().iter().zip([true, false]) {
        let mut names: Vec<_> = sent.headers.keys().map(http::HeaderName::as_str).collect();
        names.retain(|name| !["accept", "host", "content-length"].contains(name));
        let expected: &[&str] = if of_the_session {
            &["x-upload-token"]
        } else {
            &[]
        };
        assert_eq!(names, expected);
        let shown = format!("{:?}", sent.headers);
        assert!(
            !shown.contains(KEY) && !shown.contains("HUNTER3"),
            "{shown}"
        );
    }
    // It does go to the service.
    assert_eq!(service.requests()[0].header("x-tenant"), Some("HUNTER3"));
}

#[tokio::test]
async fn no_redirect_of_the_storage_is_followed() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = ScriptedServer::new([stored()]).await;
        let redirect = Script::response(status, &[("location", elsewhere.url())], "");
        let storage = ScriptedServer::new([redirect.clone(), redirect]).await;
        let (service, _, settings) = wire([session(storage.url()), link(storage.url())]).await;
        let client = settings.build().unwrap();
        let sent = upload(client.clone(), 1000).await.unwrap_err();
        let read = client.files().download("file_1").stream();
        for error in [sent, read.await.unwrap_err()] {
            assert_eq!(error.status().unwrap(), status);
            assert_eq!(error.kind(), ErrorKind::Status);
        }
        assert!(elsewhere.requests().is_empty());
        drop(service);
    }
}

#[tokio::test]
async fn an_upload_that_is_dropped_closes_its_connection_and_completes_nothing() {
    let held = Script::new().read_request().hold();
    let both = both(
        |storage| vec![session(storage), session(storage), completed()],
        [held, stored()],
    )
    .await;
    let call = uploading(&both, 1000);
    both.storage.wait_for_body_bytes(1000).await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    assert_eq!(both.service.requests().len(), 1);
    // The storage serves one connection after the other: the first one is closed.
    assert!(end_of(uploading(&both, 1000)).await.is_ok());
}

#[tokio::test]
async fn errors_of_the_calls_around_the_storage_name_the_document_and_the_file() {
    let mismatch = || Script::json(422, r#"{"detail":"The hash differs"}"#);
    let storage = ScriptedServer::new([stored()]).await;
    let service = [session(storage.url()), mismatch(), refused(404, &[])];
    let (service, _, settings) = wire(service).await;
    let client = settings.build().unwrap();
    let error = upload(client.clone(), 1000).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the document a.bin: complete_upload_file: the service returned 422 Unprocessable Entity: The hash differs"
    );
    let error = client.files().download("file_1").stream().await;
    let told = error.unwrap_err().to_string();
    assert!(told.starts_with("file_1: download_link: "), "{told}");
    drop(service);
}

#[tokio::test]
async fn a_repeated_cursor_tells_the_attempts_of_its_page() {
    use retab_ext::List as _;

    let page = r#"{"data":[],"list_metadata":{"before":null,"after":"a"}}"#;
    let page = page.replace("[]", &format!("[{}]", crate::run()));
    let pages = [
        Script::json(200, &page),
        refused(503, &[]),
        Script::json(200, &page),
    ];
    let (wire, clock, settings) = wire(pages).await;
    let client = settings.build().unwrap();
    let walk = async move {
        let items = client.api().list_workflow_runs().items();
        items.try_collect::<Vec<_>>().await.unwrap_err()
    };
    let error = after(&clock, &[0.5], walk).await;
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::UnexpectedResponse, 2)
    );
    assert!(error.to_string().ends_with("after 2 attempts"), "{error}");
    drop(wire);
}
