//! Requests to object storage: they share retries and timeouts with other requests, but receive no caller data.

use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use retab_ext::{Client, Document, Error, ErrorKind, RequestOptions, RetryPolicy, StoredFile};
use retab_fake::scripted_server::{Gate, Script, ScriptedServer};
use serde_json::json;
use tokio::task::JoinHandle;

use crate::{KEY, error_response, join, run_with_delays, start_server};
use retab_tests::manual_clock::ManualClock;

/// More than the socket buffers hold.
const LARGE: usize = 16 * 1024 * 1024;

/// A service, its object storage and a client.
struct Servers {
    service: ScriptedServer,
    storage: ScriptedServer,
    clock: ManualClock,
    client: Client,
}

/// The responses of the service, given the URL of the object storage.
type ServiceScripts = fn(&str) -> Vec<Script>;

async fn start_servers(
    service: ServiceScripts,
    storage: impl IntoIterator<Item = Script>,
) -> Servers {
    let storage = ScriptedServer::new(storage).await;
    let (service, clock, builder) = start_server(service(storage.url())).await;
    Servers {
        service,
        storage,
        clock,
        client: builder.build().unwrap(),
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

/// A response of ten bytes that stalls after five.
fn stalled() -> Script {
    let head = Script::new().read_request().write_head(200, &[], 10);
    head.write("01234").hold()
}

async fn upload(client: Client, size: usize) -> Result<StoredFile, Error> {
    let document = Document::bytes("a.bin", vec![b'x'; size]);
    client.files().upload(document).send().await
}

fn spawn_upload(servers: &Servers, size: usize) -> JoinHandle<Result<StoredFile, Error>> {
    tokio::spawn(upload(servers.client.clone(), size))
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

#[tokio::test]
async fn restarts_stalled_upload_after_idle_timeout() {
    let gate = Gate::new();
    let stalls_in_body = Script::new().read_head().read(100_000).wait(&gate);
    let stalls_after_body = Script::new().read_request().hold();
    for (size, script) in [(LARGE, stalls_in_body), (1000, stalls_after_body)] {
        let servers = start_servers(one_session, [script, stored()]).await;
        let task = spawn_upload(&servers, size);
        servers.storage.wait_for_body_bytes(size.min(100_000)).await;
        assert_eq!(servers.clock.pass(seconds(1000.0)).await, seconds(300.0));
        assert_eq!(servers.clock.pass(seconds(0.5)).await, seconds(0.5));
        gate.open();
        assert_eq!(join(task).await.unwrap().size(), size as u64);
        assert_eq!(servers.storage.requests()[1].body.len(), size);
    }
}

#[tokio::test]
async fn upload_progress_resets_idle_timeout() {
    let gate = Gate::new();
    let mut slow = Script::new().read_head();
    for _ in 0..4 {
        slow = slow.read(LARGE / 4 - 1).wait(&gate);
    }
    let slow = slow.read_rest().write_head(200, &[], 0);
    let servers = start_servers(one_session, [slow]).await;
    let task = spawn_upload(&servers, LARGE);
    for quarter in 1..=4 {
        servers
            .storage
            .wait_for_body_bytes(quarter * (LARGE / 4 - 1))
            .await;
        servers.clock.advance(seconds(100.0));
        gate.open();
    }
    assert!(join(task).await.is_ok());
    assert_eq!(servers.storage.requests().len(), 1);
}

#[tokio::test]
async fn stalled_download_stream_times_out() {
    let servers = start_servers(one_link, [stalled()]).await;
    let content = servers.client.file("file_1").download().stream();
    let mut content = content.await.unwrap();
    assert_eq!(content.next().await.unwrap().unwrap(), "01234");
    let rest = tokio::spawn(async move { content.next().await.unwrap() });
    assert_eq!(servers.clock.pass(seconds(1000.0)).await, seconds(300.0));
    let error = join(rest).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    let message = error.to_string();
    assert!(
        message.starts_with("file_1: download_from_storage: ")
            && message.contains("no data sent or received for 300s"),
        "{message}"
    );
}

#[tokio::test]
async fn restarts_download_to_path_after_stall_or_reset() {
    let truncated = Script::new().read_request().write_head(200, &[], 10);
    let servers = start_servers(
        one_link,
        [stalled(), truncated.write("012").reset(), content()],
    )
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.bin");
    let download = servers
        .client
        .file("file_1")
        .download()
        .to_path(path.clone());
    let task = tokio::spawn(download);
    let files = || std::fs::read_dir(folder.path()).unwrap().count();
    // The temporary file is created when the response head arrives.
    while files() == 0 {
        tokio::task::yield_now().await;
    }
    for delay in [300.0, 0.5, 1.0].map(seconds) {
        assert_eq!(servers.clock.pass(delay).await, delay);
    }
    assert_eq!(join(task).await.unwrap(), 10);
    assert_eq!(std::fs::read(&path).unwrap(), b"0123456789");
    assert_eq!(files(), 1);
    // All attempts share one presigned URL.
    assert_eq!(servers.service.requests().len(), 1);
}

#[tokio::test]
async fn honors_retry_after_of_storage() {
    let busy = error_response(503, &[("retry-after", "7")]);
    let servers = start_servers(one_session, [busy.clone(), stored()]).await;
    let upload = upload(servers.client, 1000);
    assert!(
        run_with_delays(&servers.clock, &[7.5], upload)
            .await
            .is_ok()
    );

    let servers = start_servers(one_link, [busy, content()]).await;
    let download = servers.client.file("file_1").download().stream();
    let content = run_with_delays(&servers.clock, &[7.5], download)
        .await
        .unwrap();
    assert_eq!(content.size(), Some(10));
    let chunks: Vec<_> = content.try_collect().await.unwrap();
    assert_eq!(chunks.concat(), b"0123456789");
}

#[tokio::test]
async fn replaces_expired_presigned_url_without_delay() {
    let servers = start_servers(
        |storage| vec![session(storage), session(storage), completed()],
        [error_response(410, &[]), stored()],
    )
    .await;
    let upload = upload(servers.client, 1000);
    assert!(run_with_delays(&servers.clock, &[], upload).await.is_ok());
    assert_eq!(servers.service.requests().len(), 3);

    let servers = start_servers(
        |storage| vec![link(storage), link(storage)],
        [error_response(410, &[]), content()],
    )
    .await;
    let download = servers.client.file("file_1").download().stream();
    assert!(run_with_delays(&servers.clock, &[], download).await.is_ok());
    assert_eq!(servers.service.requests().len(), 2);
}

#[tokio::test]
async fn storage_requests_share_retry_budget() {
    let storage = ScriptedServer::new([error_response(503, &[])]).await;
    let (service, clock, builder) = start_server([
        error_response(503, &[]),
        error_response(503, &[]),
        session(storage.url()),
    ])
    .await;
    let client = builder.retry_budget(1).build().unwrap();
    let reader = client.clone();
    let read = async move { reader.run("run_1").get().await.unwrap_err() };
    assert_eq!(run_with_delays(&clock, &[0.5], read).await.attempts(), 2);
    let error = run_with_delays(&clock, &[], upload(client, 1000))
        .await
        .unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(
        error.to_string(),
        "the document a.bin: upload_to_storage: the object storage returned 503 Service Unavailable"
    );
    assert_eq!(service.requests().len(), 3);
}

#[tokio::test]
async fn storage_error_reports_attempts() {
    let servers = start_servers(
        one_link,
        [
            error_response(503, &[]),
            error_response(503, &[]),
            error_response(500, &[]),
        ],
    )
    .await;
    let policy = RequestOptions::new().retry(RetryPolicy::default().max_attempts(3));
    let download = servers
        .client
        .with(policy)
        .file("file_1")
        .download()
        .stream();
    let error = run_with_delays(&servers.clock, &[0.5, 1.0], download)
        .await
        .unwrap_err();
    assert!(error.is_retryable() && error.attempts() == 3, "{error}");
    assert!(!error.outcome_unknown());
    // The storage's response body may contain the URL signature.
    assert_eq!(error.message(), None);
    assert_eq!(
        error.to_string(),
        "file_1: download_from_storage: the object storage returned 500 Internal Server Error, after 3 attempts"
    );
}

#[tokio::test]
async fn request_timeouts_apply_to_storage_requests() {
    let stalled = || Script::new().read_request().hold();
    for (options, timeout, reason) in [
        (
            RequestOptions::new().idle_timeout(seconds(20.0)),
            20.0,
            "no data sent or received for 20s",
        ),
        (
            RequestOptions::new().attempt_timeout(seconds(30.0)),
            30.0,
            "attempt timeout: no complete response within 30s",
        ),
        (
            RequestOptions::new().timeout(seconds(40.0)),
            40.0,
            "overall timeout: no complete response within 40s",
        ),
    ] {
        let servers = start_servers(one_session, [stalled()]).await;
        let client = servers.client.with(options.retry(RetryPolicy::never()));
        let task = tokio::spawn(upload(client, 1000));
        servers.storage.wait_for_body_bytes(1000).await;
        assert_eq!(servers.clock.pass(seconds(1000.0)).await, seconds(timeout));
        let error = join(task).await.unwrap_err();
        assert!(error.is_timeout() && error.attempts() == 1, "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test]
async fn storage_requests_omit_caller_headers() {
    let storage = ScriptedServer::new([stored(), content()]).await;
    let service = [session(storage.url()), completed(), link(storage.url())];
    let (service, _, builder) = start_server(service).await;
    let builder = builder.header("x-tenant", "HUNTER3");
    let options = RequestOptions::new().header("x-secret", "HUNTER3");
    let options = options.idempotency_key("HUNTER3");
    let client = builder.build().unwrap().with(options);
    upload(client.clone(), 1000).await.unwrap();
    client.file("file_1").download().stream().await.unwrap();
    for (request, is_upload) in storage.requests().iter().zip([true, false]) {
        let mut names: Vec<_> = request
            .headers
            .keys()
            .map(http::HeaderName::as_str)
            .collect();
        names.retain(|name| !["accept", "host", "content-length"].contains(name));
        let expected: &[&str] = if is_upload { &["x-upload-token"] } else { &[] };
        assert_eq!(names, expected);
        let headers = format!("{:?}", request.headers);
        assert!(
            !headers.contains(KEY) && !headers.contains("HUNTER3"),
            "{headers}"
        );
    }
    // The service does receive them.
    assert_eq!(service.requests()[0].header("x-tenant"), Some("HUNTER3"));
}

#[tokio::test]
async fn does_not_follow_storage_redirects() {
    for status in [301, 302, 303, 307, 308] {
        let other_host = ScriptedServer::new([stored()]).await;
        let redirect = Script::response(status, &[("location", other_host.url())], "");
        let storage = ScriptedServer::new([redirect.clone(), redirect]).await;
        let (service, _, builder) =
            start_server([session(storage.url()), link(storage.url())]).await;
        let client = builder.build().unwrap();
        let uploaded = upload(client.clone(), 1000).await.unwrap_err();
        let downloaded = client.file("file_1").download().stream();
        for error in [uploaded, downloaded.await.unwrap_err()] {
            assert_eq!(error.status().unwrap(), status);
            assert_eq!(error.kind(), ErrorKind::Status);
        }
        assert!(other_host.requests().is_empty());
        drop(service);
    }
}

#[tokio::test]
async fn dropping_upload_closes_connection_without_completing() {
    let held = Script::new().read_request().hold();
    let servers = start_servers(
        |storage| vec![session(storage), session(storage), completed()],
        [held, stored()],
    )
    .await;
    let task = spawn_upload(&servers, 1000);
    servers.storage.wait_for_body_bytes(1000).await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!(servers.service.requests().len(), 1);
    // The storage serves connections in sequence, so the first one is closed.
    assert!(join(spawn_upload(&servers, 1000)).await.is_ok());
}

#[tokio::test]
async fn service_errors_of_transfers_name_document_or_file() {
    let mismatch = || Script::json(422, r#"{"detail":"The hash differs"}"#);
    let storage = ScriptedServer::new([stored()]).await;
    let service = [session(storage.url()), mismatch(), error_response(404, &[])];
    let (service, _, builder) = start_server(service).await;
    let client = builder.build().unwrap();
    let error = upload(client.clone(), 1000).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the document a.bin: complete_upload_file: the service returned 422 Unprocessable Entity: The hash differs"
    );
    let error = client.file("file_1").download().stream().await;
    let message = error.unwrap_err().to_string();
    assert!(message.starts_with("file_1: download_link: "), "{message}");
    drop(service);
}

#[tokio::test]
async fn repeated_cursor_error_reports_attempts_of_page() {
    use retab_ext::List as _;

    let page = r#"{"data":[],"list_metadata":{"before":null,"after":"a"}}"#;
    let page = page.replace("[]", &format!("[{}]", crate::run_json()));
    let pages = [
        Script::json(200, &page),
        error_response(503, &[]),
        Script::json(200, &page),
    ];
    let (server, clock, builder) = start_server(pages).await;
    let client = builder.build().unwrap();
    let collect = async move {
        let items = client.api().list_workflow_runs().items();
        items.try_collect::<Vec<_>>().await.unwrap_err()
    };
    let error = run_with_delays(&clock, &[0.5], collect).await;
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::UnexpectedResponse, 2)
    );
    assert!(error.to_string().ends_with("after 2 attempts"), "{error}");
    drop(server);
}
