//! Background jobs, extraction streams, rate limits and idempotency keys.

use std::time::Duration;

use retab_fake::{FakeRetab, Pace};
use serde_json::{Value, json};

use super::{TestResponse, execute, get, send};

/// The path of each job kind and the required fields of its request besides the document.
const KINDS: [(&str, &str); 6] = [
    (
        "extractions",
        r#"{"json_schema":{"type":"object","properties":{"total":{"type":"number"}}}}"#,
    ),
    ("parses", "{}"),
    (
        "splits",
        r#"{"subdocuments":[{"name":"invoice","description":"an invoice"}]}"#,
    ),
    (
        "classifications",
        r#"{"categories":[{"name":"invoice","description":"an invoice"}]}"#,
    ),
    ("edits", r#"{"instructions":"fill in the date"}"#),
    (
        "partitions",
        r#"{"key":"invoice","instructions":"one for each invoice"}"#,
    ),
];

fn document(name: &str) -> Value {
    json!({"filename": name, "url": "data:text/plain;base64,YQ=="})
}

/// Creates a job with additional request fields.
async fn create(fake: &FakeRetab, (path, body): (&str, &str), fields: Value) -> TestResponse {
    let mut body: Value = serde_json::from_str(body).unwrap();
    body["document"] = document("a.txt");
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    send(fake, &format!("POST /v1/{path}"), body).await
}

async fn read(fake: &FakeRetab, path: &str, job: &Value) -> Value {
    get(fake, &format!("/v1/{path}/{}", job["id"].as_str().unwrap()))
        .await
        .json()
}

#[tokio::test]
async fn background_jobs_pass_through_all_statuses_and_others_end_immediately() {
    for kind in KINDS {
        let (path, _) = kind;
        let fake = FakeRetab::start().await;
        let completed = create(&fake, kind, json!({})).await;
        assert_eq!(completed.status, 201, "{path}: {}", completed.text);
        let completed = completed.json();
        assert_eq!(completed["status"], "completed", "{path}");
        assert!(!completed["output"].is_null(), "{path}");

        let background = create(&fake, kind, json!({"background": true})).await;
        let accepted = if path == "extractions" { 202 } else { 201 };
        assert_eq!(background.status, accepted, "{path}");
        let background = background.json();
        assert_eq!(
            (&background["status"], &background["output"]),
            (&json!("pending"), &Value::Null)
        );
        for status in ["queued", "in_progress"] {
            let job = read(&fake, path, &background).await;
            assert_eq!(
                (&job["status"], &job["output"]),
                (&json!(status), &Value::Null)
            );
        }
        let job = read(&fake, path, &background).await;
        assert_eq!(job["status"], "completed", "{path}");
        assert!(!job["output"].is_null() && job["error"].is_null(), "{path}");

        let id = background["id"].as_str().unwrap();
        let without_output = get(&fake, &format!("/v1/{path}/{id}?include_output=false")).await;
        assert_eq!(without_output.json()["output"], Value::Null, "{path}");
        assert_eq!(without_output.json()["status"], "completed", "{path}");

        let list = get(&fake, &format!("/v1/{path}?limit=1&order=asc"))
            .await
            .json();
        assert_eq!(list["data"][0]["id"], completed["id"], "{path}");
        assert_eq!(list["list_metadata"]["after"], completed["id"], "{path}");

        let deleted = send(&fake, &format!("DELETE /v1/{path}/{id}"), Value::Null).await;
        assert_eq!(deleted.status, 204, "{path}");
        let response = get(&fake, &format!("/v1/{path}/{id}")).await;
        assert_eq!(response.status, 404, "{path}: {}", response.text);
    }
}

#[tokio::test]
async fn jobs_end_with_outcome_from_metadata_or_file_name() {
    for kind in KINDS {
        let (path, _) = kind;
        let fake = FakeRetab::builder()
            .pace(Pace::ByClock)
            .start()
            .await
            .unwrap();
        for outcome in ["completed", "failed", "cancelled"] {
            let name = format!("a.fake_end={outcome}.txt");
            let fields = json!({"document": document(&name), "background": true});
            let background = create(&fake, kind, fields).await.json();
            assert_eq!(read(&fake, path, &background).await["status"], "pending");
            fake.clock().advance(Duration::from_secs(2));
            assert_eq!(
                read(&fake, path, &background).await["status"],
                "in_progress"
            );
            fake.clock().advance(Duration::from_secs(1));
            let job = read(&fake, path, &background).await;
            assert_eq!(job["status"], outcome, "{path}");
            assert_eq!(job["error"].is_null(), outcome != "failed", "{path}");
            assert_eq!(job["output"].is_null(), outcome != "completed", "{path}");
        }
        let background = create(&fake, kind, json!({"background": true}))
            .await
            .json();
        let cancel = format!(
            "POST /v1/{path}/{}/cancel",
            background["id"].as_str().unwrap()
        );
        assert_eq!(
            send(&fake, &cancel, Value::Null).await.json()["status"],
            "cancelled"
        );
        fake.clock().advance(Duration::from_secs(9));
        assert_eq!(read(&fake, path, &background).await["status"], "cancelled");
    }
    let fake = FakeRetab::start().await;
    let fields = json!({"metadata": {"fake_end": "failed"}});
    assert_eq!(
        create(&fake, KINDS[0], fields).await.json()["status"],
        "failed"
    );
    let rejected = create(&fake, KINDS[0], json!({"metadata": {"fake_end": "lost"}})).await;
    assert_eq!(rejected.status, 422);
}

#[tokio::test]
async fn file_blueprint_requires_stored_file() {
    let fake = FakeRetab::start().await;
    let line = "POST /v1/files/blueprints";
    let unknown = send(&fake, line, json!({"file_id": "file_1"})).await;
    assert_eq!(unknown.status, 404);
    let file = fake.add_file("form.pdf", "%PDF-");
    let background = send(&fake, line, json!({"file_id": file, "background": true}))
        .await
        .json();
    assert_eq!(background["file"]["filename"], "form.pdf");
    assert_eq!(background["started_at"], Value::Null);
    for status in ["queued", "in_progress", "completed"] {
        assert_eq!(
            read(&fake, "files/blueprints", &background).await["status"],
            status
        );
    }
}

#[tokio::test]
async fn stream_lines_contain_growing_output() {
    let fake = FakeRetab::start().await;
    let schema = json!({"type": "object", "properties": {
        "number": {"type": "string"},
        "total": {"type": "number"},
    }});
    let body = json!({"document": document("a.txt"), "json_schema": schema});
    let from_endpoint = send(&fake, "POST /v1/extractions/stream", body.clone()).await;
    let mut with_option = body.clone();
    with_option["stream"] = json!(true);
    let from_option = send(&fake, "POST /v1/extractions", with_option).await;
    for response in [from_endpoint, from_option] {
        assert_eq!(response.status, 200, "{}", response.text);
        assert_eq!(response.headers["content-type"], "application/stream+json");
        let lines: Vec<Value> = response
            .text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let outputs: Vec<usize> = lines
            .iter()
            .map(|line| line["output"].as_object().unwrap().len())
            .collect();
        assert_eq!(outputs, [0, 1, 2]);
        assert_eq!(lines[2]["status"], "completed");
        let stored = read(&fake, "extractions", &lines[2]).await;
        assert_eq!(stored["output"], lines[2]["output"]);
        assert!(jsonschema::is_valid(&schema, &stored["output"]));
    }
}

#[tokio::test]
async fn lists_extractions_by_filter() {
    let fake = FakeRetab::start().await;
    for (name, tenant) in [("a.pdf.txt", "acme"), ("b.csv", "acme"), ("c.csv", "other")] {
        let fields = json!({"document": document(name), "metadata": {"tenant": tenant}});
        assert_eq!(create(&fake, KINDS[0], fields).await.status, 201);
    }
    for (query, expected) in [
        ("filename=b.csv", 1),
        ("filename_contains=.csv", 2),
        ("filename_regex=%5E%5Bab%5D", 2),
        ("document_type=csv&document_type=txt", 3),
        ("document_type=csv", 2),
        ("metadata=%7B%22tenant%22%3A%22acme%22%7D", 2),
        ("status=completed", 3),
        ("status=failed", 0),
        ("from_date=2026-03-09", 3),
        ("to_date=2026-03-08", 0),
    ] {
        let list = get(&fake, &format!("/v1/extractions?{query}")).await;
        let data = list.json()["data"].as_array().map(Vec::len);
        assert_eq!(data, Some(expected), "{query}: {}", list.text);
    }
    for query in ["filename_regex=%5B", "metadata=x"] {
        let rejected = get(&fake, &format!("/v1/extractions?{query}")).await;
        assert_eq!(rejected.status, 422, "{query}");
    }
}

#[tokio::test]
async fn sources_require_completed_extraction() {
    let fake = FakeRetab::start().await;
    let background = create(&fake, KINDS[0], json!({"background": true}))
        .await
        .json();
    let target = format!(
        "/v1/extractions/{}/sources",
        background["id"].as_str().unwrap()
    );
    assert_eq!(get(&fake, &target).await.status, 409);
    let completed = create(&fake, KINDS[0], json!({})).await.json();
    let target = format!(
        "/v1/extractions/{}/sources",
        completed["id"].as_str().unwrap()
    );
    let sources = get(&fake, &target).await.json();
    assert_eq!(sources["extraction_id"], completed["id"]);
    assert_eq!(sources["extraction"], completed["output"]);
}

#[tokio::test]
async fn rate_limits_extractions_and_parses_with_retry_after() {
    let fake = FakeRetab::start().await;
    fake.set_rate_limit(2);
    for kind in &KINDS[..2] {
        for status in [201, 201, 429] {
            let response = create(&fake, *kind, json!({})).await;
            assert_eq!(response.status, status, "{}", response.text);
            if status == 429 {
                assert_eq!(response.headers["retry-after"], "60");
            }
        }
    }
    assert_eq!(create(&fake, KINDS[3], json!({})).await.status, 201);
    fake.clock().advance(Duration::from_secs(60));
    assert_eq!(create(&fake, KINDS[0], json!({})).await.status, 201);
}

#[tokio::test]
async fn same_idempotency_key_returns_same_response() {
    let fake = FakeRetab::start().await;
    let generate = async |key: &str, name: &str| {
        let url = format!("{}/v1/schemas/generate", fake.base_url());
        let request = reqwest::Client::new()
            .post(url)
            .bearer_auth(FakeRetab::API_KEY)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(json!({"documents": [document(name)]}).to_string());
        execute(request).await
    };
    let first = generate("a", "a.txt").await;
    assert_eq!(first.status, 200, "{}", first.text);
    assert_eq!(generate("a", "a.txt").await.text, first.text);
    assert_eq!(generate("a", "b.txt").await.status, 409);
    assert_ne!(
        generate("b", "a.txt").await.json()["id"],
        first.json()["id"]
    );
}
