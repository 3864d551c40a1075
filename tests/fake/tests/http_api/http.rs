//! Stateless request validation and malformed HTTP.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use retab_fake::FakeRetab;
use serde_json::{Value, json};

use crate::{execute, get, send};

#[tokio::test]
async fn requires_credentials_in_either_header() {
    let fake = FakeRetab::start().await;
    let url = format!("{}/v1/workflows/runs", fake.base_url());
    let client = crate::client();
    assert_eq!(execute(client.get(&url)).await.status, 401);
    let invalid = execute(client.get(&url).bearer_auth("somebody")).await;
    assert_eq!(invalid.status, 401);
    assert_eq!(
        invalid.json(),
        json!({"detail": "The API key is not valid"})
    );
    let api_key = client.get(&url).header("Api-Key", FakeRetab::API_KEY);
    assert_eq!(execute(api_key).await.status, 200);
    let bearer = client.get(&url).bearer_auth(FakeRetab::API_KEY);
    assert_eq!(execute(bearer).await.status, 200);
}

#[tokio::test]
async fn returns_404_for_unknown_path_and_405_for_wrong_method() {
    let fake = FakeRetab::start().await;
    let unknown = get(&fake, "/v1/workflows/runs/run_1/nothing").await;
    assert_eq!(
        (unknown.status, unknown.json()),
        (404, json!({"detail": "Not Found"}))
    );
    let wrong_method = send(&fake, "PUT /v1/workflows/runs", json!({})).await;
    assert_eq!(
        (wrong_method.status, wrong_method.json()),
        (405, json!({"detail": "Method Not Allowed"}))
    );
    assert_eq!(wrong_method.headers["allow"], "GET, POST");
}

#[tokio::test]
async fn reports_all_violations_with_location() {
    let fake = FakeRetab::start().await;
    let body = json!({
        "documents": {"start": {"filename": "a.pdf", "size": 7}},
        "metadata": {"try": 2},
        "version": "wph_1",
        "color": "red",
    });
    let rejected = send(&fake, "POST /v1/workflows/runs", body).await;
    assert_eq!(rejected.status, 422);
    let violations = rejected.json();
    let mut locations: Vec<String> = violations["detail"]
        .as_array()
        .unwrap()
        .iter()
        .map(|violation| format!("{} {}", violation["loc"], violation["type"]))
        .collect();
    locations.sort();
    assert_eq!(
        locations,
        [
            r#"["body","documents","start","size"] "extra_forbidden""#,
            r#"["body","documents","start","url"] "missing""#,
            r#"["body","metadata"] "value_error""#,
            r#"["body","workflow_id"] "missing""#,
        ]
    );
    let query = get(&fake, "/v1/workflows/runs?limit=0&order=up&limti=1").await;
    assert_eq!(query.status, 422);
    assert_eq!(query.json()["detail"].as_array().unwrap().len(), 3);
    // Checks beyond the spec run only if the request conforms to the spec.
    let body = json!({"workflow_id": "wf_1", "version": "wph_1", "color": "red"});
    let rejected = send(&fake, "POST /v1/workflows/runs", body).await.json();
    assert_eq!(rejected["detail"][0]["loc"], json!(["body", "color"]));
    assert_eq!(rejected["detail"][1]["loc"], json!(["body", "version"]));
}

#[tokio::test]
async fn ignores_headers_and_bodies_of_other_clients() {
    let fake = FakeRetab::start().await;
    let client = crate::client();
    let request = client
        .get(format!("{}/v1/workflows/runs", fake.base_url()))
        .bearer_auth(FakeRetab::API_KEY)
        .header("x-stainless-lang", "python")
        .header("content-type", "application/json")
        .body("{}");
    assert_eq!(execute(request).await.status, 200);
    let undeclared = "/v1/workflows/runs?trace=1";
    assert_eq!(get(&fake, undeclared).await.status, 422);
    let lenient = FakeRetab::builder()
        .ignore_undeclared()
        .start()
        .await
        .unwrap();
    assert_eq!(get(&lenient, undeclared).await.status, 200);
    assert_eq!(
        get(&lenient, "/v1/workflows/runs?limit=x").await.status,
        422
    );
}

#[tokio::test]
async fn rejects_oversized_body_without_storing_it() {
    let fake = FakeRetab::start().await;
    let run = |size: usize| {
        let text = "a".repeat(size);
        json!({"workflow_id": "wf_1", "metadata": {"a": text}})
    };
    let rejected = send(&fake, "POST /v1/workflows/runs", run(32 * 1024 * 1024)).await;
    assert_eq!(rejected.status, 413);
    assert!(fake.take_requests()[0].body.is_empty());
    let accepted = send(&fake, "POST /v1/workflows/runs", run(31 * 1024 * 1024)).await;
    assert_eq!(accepted.status, 202);
    // A client that waits for `100 Continue` is rejected without sending the body.
    let mut stream = connect(&fake);
    let head = format!(
        "POST /v1/workflows/runs HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {}\r\n\
        content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: 99999999\r\n\r\n",
        FakeRetab::API_KEY
    );
    stream.write_all(head.as_bytes()).unwrap();
    assert!(read(&mut stream).starts_with("HTTP/1.1 413 "));
}

#[tokio::test]
async fn rejects_malformed_http_and_keeps_serving() {
    let fake = FakeRetab::start().await;
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 is TLS\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST /v1/workflows/runs HTTP/1.1\r\nhost: a\r\ncontent-length: many\r\n\r\n",
    ] {
        let mut stream = connect(&fake);
        stream.write_all(bytes).unwrap();
        assert!(read(&mut stream).starts_with("HTTP/1.1 400 "));
    }
    // An idle connection and an incomplete request.
    drop(connect(&fake));
    let mut half = connect(&fake);
    let head = b"POST /v1/workflows/runs HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{";
    half.write_all(head).unwrap();
    drop(half);
    assert_eq!(get(&fake, "/v1/workflows/runs").await.status, 200);
}

#[tokio::test]
async fn keeps_connections_alive() {
    let fake = FakeRetab::start().await;
    let mut stream = connect(&fake);
    for _ in 0..3 {
        stream
            .write_all(b"GET /v1/files HTTP/1.1\r\nhost: a\r\n\r\n")
            .unwrap();
        let mut response = [0; 4096];
        let length = stream.read(&mut response).unwrap();
        let response = String::from_utf8_lossy(&response[..length]);
        assert!(response.starts_with("HTTP/1.1 401 "), "{response}");
    }
    assert_eq!(fake.request_count(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serves_300_concurrent_requests() {
    let fake = FakeRetab::start().await;
    let client = crate::client();
    let requests = (0..300).map(|_| {
        let request = client
            .post(format!("{}/v1/workflows/runs", fake.base_url()))
            .bearer_auth(FakeRetab::API_KEY)
            .header("content-type", "application/json")
            .body(r#"{"workflow_id":"wf_1"}"#);
        execute(request)
    });
    let responses = futures_util::future::join_all(requests).await;
    let mut ids: Vec<Value> = responses
        .iter()
        .map(|response| response.json()["id"].clone())
        .collect();
    ids.sort_by_key(ToString::to_string);
    ids.dedup();
    assert_eq!(ids.len(), 300);
}

#[tokio::test]
async fn fails_on_used_port_and_releases_port_on_drop() {
    let fake = FakeRetab::start().await;
    let port = fake.base_url().rsplit(':').next().unwrap().parse().unwrap();
    let second = FakeRetab::builder().port(port).start().await;
    assert!(second.is_err());
    drop(fake);
    let restarted = FakeRetab::builder().port(port).start().await.unwrap();
    assert!(restarted.base_url().ends_with(&format!(":{port}")));
}

fn connect(fake: &FakeRetab) -> TcpStream {
    TcpStream::connect(fake.base_url().trim_start_matches("http://")).unwrap()
}

fn read(stream: &mut TcpStream) -> String {
    let mut response = [0; 4096];
    let length = stream.read(&mut response).unwrap();
    String::from_utf8_lossy(&response[..length]).into_owned()
}

#[tokio::test]
async fn treats_empty_body_as_absent() {
    let fake = FakeRetab::start().await;
    send(
        &fake,
        "POST /v1/workflows/runs",
        json!({"workflow_id": "wf_abc123xyz"}),
    )
    .await;
    let cancel = format!("{}/v1/workflows/runs/run_000001/cancel", fake.base_url());
    for media_type in ["application/json", "Application/JSON; charset=utf-8"] {
        let request = crate::client()
            .post(&cancel)
            .bearer_auth(FakeRetab::API_KEY);
        let response = execute(request.header("content-type", media_type)).await;
        assert_eq!(response.status, 200, "{media_type}: {}", response.text);
    }
    let create = format!("{}/v1/workflows/runs", fake.base_url());
    let request = crate::client().post(create).bearer_auth(FakeRetab::API_KEY);
    let response = execute(request.header("content-type", "application/json")).await;
    assert_eq!(
        response.status, 422,
        "the body is required: {}",
        response.text
    );
}
