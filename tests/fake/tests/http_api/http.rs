//! What is refused before any state is looked at, and how the server takes what is no HTTP.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use retab_fake::FakeRetab;
use serde_json::{Value, json};

use crate::{call, get, got};

#[tokio::test]
async fn a_request_without_credentials_is_refused_in_either_form() {
    let fake = FakeRetab::start().await;
    let url = format!("{}/v1/workflows/runs", fake.base_url());
    let client = crate::client();
    assert_eq!(got(client.get(&url)).await.status, 401);
    let wrong = got(client.get(&url).bearer_auth("somebody")).await;
    assert_eq!(wrong.status, 401);
    assert_eq!(wrong.json(), json!({"detail": "The API key is not valid"}));
    let plain = client.get(&url).header("Api-Key", FakeRetab::API_KEY);
    assert_eq!(got(plain).await.status, 200);
    let bearer = client.get(&url).bearer_auth(FakeRetab::API_KEY);
    assert_eq!(got(bearer).await.status, 200);
}

#[tokio::test]
async fn a_path_that_is_none_is_404_and_another_method_405() {
    let fake = FakeRetab::start().await;
    let unknown = get(&fake, "/v1/workflows/runs/run_1/nothing").await;
    assert_eq!(
        (unknown.status, unknown.json()),
        (404, json!({"detail": "Not Found"}))
    );
    let other = call(&fake, "PUT /v1/workflows/runs", json!({})).await;
    assert_eq!(
        (other.status, other.json()),
        (405, json!({"detail": "Method Not Allowed"}))
    );
    assert_eq!(other.headers["allow"], "GET, POST");
}

#[tokio::test]
async fn every_mistake_of_a_request_is_told_by_its_place() {
    let fake = FakeRetab::start().await;
    let body = json!({
        "documents": {"start": {"filename": "a.pdf", "size": 7}},
        "metadata": {"try": 2},
        "version": "wph_1",
        "colour": "red",
    });
    let refused = call(&fake, "POST /v1/workflows/runs", body).await;
    assert_eq!(refused.status, 422);
    let violations = refused.json();
    let mut places: Vec<String> = violations["detail"]
        .as_array()
        .unwrap()
        .iter()
        .map(|violation| format!("{} {}", violation["loc"], violation["type"]))
        .collect();
    places.sort();
    assert_eq!(
        places,
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
    // What the document does not say is told once all else fits.
    let body = json!({"workflow_id": "wf_1", "version": "wph_1", "colour": "red"});
    let refused = call(&fake, "POST /v1/workflows/runs", body).await.json();
    assert_eq!(refused["detail"][0]["loc"], json!(["body", "colour"]));
    assert_eq!(refused["detail"][1]["loc"], json!(["body", "version"]));
}

#[tokio::test]
async fn what_other_clients_send_of_their_own_is_no_mistake() {
    let fake = FakeRetab::start().await;
    let client = crate::client();
    let of_another = client
        .get(format!("{}/v1/workflows/runs", fake.base_url()))
        .bearer_auth(FakeRetab::API_KEY)
        .header("x-stainless-lang", "python")
        .header("content-type", "application/json")
        .body("{}");
    assert_eq!(got(of_another).await.status, 200);
    let undeclared = "/v1/workflows/runs?trace=1";
    assert_eq!(get(&fake, undeclared).await.status, 422);
    let lax = FakeRetab::builder()
        .ignore_undeclared()
        .start()
        .await
        .unwrap();
    assert_eq!(get(&lax, undeclared).await.status, 200);
    assert_eq!(get(&lax, "/v1/workflows/runs?limit=x").await.status, 422);
}

#[tokio::test]
async fn a_body_above_the_cap_is_refused_and_not_kept() {
    let fake = FakeRetab::start().await;
    let run = |size: usize| {
        let text = "a".repeat(size);
        json!({"workflow_id": "wf_1", "metadata": {"a": text}})
    };
    let refused = call(&fake, "POST /v1/workflows/runs", run(32 * 1024 * 1024)).await;
    assert_eq!(refused.status, 413);
    assert!(fake.take_requests()[0].body.is_empty());
    let taken = call(&fake, "POST /v1/workflows/runs", run(31 * 1024 * 1024)).await;
    assert_eq!(taken.status, 202);
    // One that waits to be told to go on is told that it need not.
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
async fn what_is_no_http_is_answered_400_and_harms_nobody() {
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
    // One that says nothing, one that breaks off in the middle.
    drop(connect(&fake));
    let mut half = connect(&fake);
    let head = b"POST /v1/workflows/runs HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n{";
    half.write_all(head).unwrap();
    drop(half);
    assert_eq!(get(&fake, "/v1/workflows/runs").await.status, 200);
}

#[tokio::test]
async fn a_connection_is_kept_for_the_next_request() {
    let fake = FakeRetab::start().await;
    let mut stream = connect(&fake);
    for _ in 0..3 {
        stream
            .write_all(b"GET /v1/files HTTP/1.1\r\nhost: a\r\n\r\n")
            .unwrap();
        let mut answer = [0; 4096];
        let length = stream.read(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer[..length]);
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    }
    assert_eq!(fake.request_count(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_requests_are_in_flight_at_once() {
    let fake = FakeRetab::start().await;
    let client = crate::client();
    let requests = (0..300).map(|_| {
        let request = client
            .post(format!("{}/v1/workflows/runs", fake.base_url()))
            .bearer_auth(FakeRetab::API_KEY)
            .header("content-type", "application/json")
            .body(r#"{"workflow_id":"wf_1"}"#);
        got(request)
    });
    let answers = futures_util::future::join_all(requests).await;
    let mut ids: Vec<Value> = answers.iter().map(|got| got.json()["id"].clone()).collect();
    ids.sort_by_key(ToString::to_string);
    ids.dedup();
    assert_eq!(ids.len(), 300);
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error_and_free_once_the_fake_is_gone() {
    let fake = FakeRetab::start().await;
    let port = fake.base_url().rsplit(':').next().unwrap().parse().unwrap();
    let taken = FakeRetab::builder().port(port).start().await;
    assert!(taken.is_err());
    drop(fake);
    let again = FakeRetab::builder().port(port).start().await.unwrap();
    assert!(again.base_url().ends_with(&format!(":{port}")));
}

fn connect(fake: &FakeRetab) -> TcpStream {
    TcpStream::connect(fake.base_url().trim_start_matches("http://")).unwrap()
}

fn read(stream: &mut TcpStream) -> String {
    let mut answer = [0; 4096];
    let length = stream.read(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

#[tokio::test]
async fn an_empty_body_is_none_whatever_its_type_is() {
    let fake = FakeRetab::start().await;
    call(
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
        let answer = got(request.header("content-type", media_type)).await;
        assert_eq!(answer.status, 200, "{media_type}: {}", answer.text);
    }
    let create = format!("{}/v1/workflows/runs", fake.base_url());
    let request = crate::client().post(create).bearer_auth(FakeRetab::API_KEY);
    let answer = got(request.header("content-type", "application/json")).await;
    assert_eq!(
        answer.status, 422,
        "a body that is required: {}",
        answer.text
    );
}
