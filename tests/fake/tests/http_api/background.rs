//! Work in the background, the stream of an extraction, rate limits and idempotency keys.

use std::time::Duration;

use retab_fake::{FakeRetab, Pace};
use serde_json::{Value, json};

use super::{Got, call, get, got};

/// The operations of one kind of work: the path, and what a request needs beside the document.
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

/// Creates work of a kind, with these fields in its request.
async fn create(fake: &FakeRetab, (path, body): (&str, &str), more: Value) -> Got {
    let mut body: Value = serde_json::from_str(body).unwrap();
    body["document"] = document("a.txt");
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    call(fake, &format!("POST /v1/{path}"), body).await
}

async fn read(fake: &FakeRetab, path: &str, work: &Value) -> Value {
    get(
        fake,
        &format!("/v1/{path}/{}", work["id"].as_str().unwrap()),
    )
    .await
    .json()
}

#[tokio::test]
async fn work_in_the_background_goes_through_each_status_and_other_work_is_done_at_once() {
    for kind in KINDS {
        let (path, _) = kind;
        let fake = FakeRetab::start().await;
        let done = create(&fake, kind, json!({})).await;
        assert_eq!(done.status, 201, "{path}: {}", done.text);
        let done = done.json();
        assert_eq!(done["status"], "completed", "{path}");
        assert!(!done["output"].is_null(), "{path}");

        let begun = create(&fake, kind, json!({"background": true})).await;
        let accepted = if path == "extractions" { 202 } else { 201 };
        assert_eq!(begun.status, accepted, "{path}");
        let begun = begun.json();
        assert_eq!(
            (&begun["status"], &begun["output"]),
            (&json!("pending"), &Value::Null)
        );
        for status in ["queued", "in_progress"] {
            let seen = read(&fake, path, &begun).await;
            assert_eq!(
                (&seen["status"], &seen["output"]),
                (&json!(status), &Value::Null)
            );
        }
        let seen = read(&fake, path, &begun).await;
        assert_eq!(seen["status"], "completed", "{path}");
        assert!(
            !seen["output"].is_null() && seen["error"].is_null(),
            "{path}"
        );

        let id = begun["id"].as_str().unwrap();
        let cheap = get(&fake, &format!("/v1/{path}/{id}?include_output=false")).await;
        assert_eq!(cheap.json()["output"], Value::Null, "{path}");
        assert_eq!(cheap.json()["status"], "completed", "{path}");

        let all = get(&fake, &format!("/v1/{path}?limit=1&order=asc"))
            .await
            .json();
        assert_eq!(all["data"][0]["id"], done["id"], "{path}");
        assert_eq!(all["list_metadata"]["after"], done["id"], "{path}");

        let deleted = call(&fake, &format!("DELETE /v1/{path}/{id}"), Value::Null).await;
        assert_eq!(deleted.status, 204, "{path}");
        let gone = get(&fake, &format!("/v1/{path}/{id}")).await;
        assert_eq!(gone.status, 404, "{path}: {}", gone.text);
    }
}

#[tokio::test]
async fn work_ends_as_its_metadata_or_the_name_of_its_file_asks() {
    for kind in KINDS {
        let (path, _) = kind;
        let fake = FakeRetab::builder()
            .pace(Pace::ByClock)
            .start()
            .await
            .unwrap();
        for end in ["completed", "failed", "cancelled"] {
            let name = format!("a.fake_end={end}.txt");
            let more = json!({"document": document(&name), "background": true});
            let begun = create(&fake, kind, more).await.json();
            assert_eq!(read(&fake, path, &begun).await["status"], "pending");
            fake.clock().advance(Duration::from_secs(2));
            assert_eq!(read(&fake, path, &begun).await["status"], "in_progress");
            fake.clock().advance(Duration::from_secs(1));
            let seen = read(&fake, path, &begun).await;
            assert_eq!(seen["status"], end, "{path}");
            assert_eq!(seen["error"].is_null(), end != "failed", "{path}");
            assert_eq!(seen["output"].is_null(), end != "completed", "{path}");
        }
        let begun = create(&fake, kind, json!({"background": true}))
            .await
            .json();
        let cancel = format!("POST /v1/{path}/{}/cancel", begun["id"].as_str().unwrap());
        assert_eq!(
            call(&fake, &cancel, Value::Null).await.json()["status"],
            "cancelled"
        );
        fake.clock().advance(Duration::from_secs(9));
        assert_eq!(read(&fake, path, &begun).await["status"], "cancelled");
    }
    let fake = FakeRetab::start().await;
    let asked = json!({"metadata": {"fake_end": "failed"}});
    assert_eq!(
        create(&fake, KINDS[0], asked).await.json()["status"],
        "failed"
    );
    let asked = create(&fake, KINDS[0], json!({"metadata": {"fake_end": "lost"}})).await;
    assert_eq!(asked.status, 422);
}

#[tokio::test]
async fn a_blueprint_is_of_a_file_that_is_stored() {
    let fake = FakeRetab::start().await;
    let line = "POST /v1/files/blueprints";
    let unknown = call(&fake, line, json!({"file_id": "file_1"})).await;
    assert_eq!(unknown.status, 404);
    let file = fake.add_file("form.pdf", "%PDF-");
    let begun = call(&fake, line, json!({"file_id": file, "background": true}))
        .await
        .json();
    assert_eq!(begun["file"]["filename"], "form.pdf");
    assert_eq!(begun["started_at"], Value::Null);
    for status in ["queued", "in_progress", "completed"] {
        assert_eq!(
            read(&fake, "files/blueprints", &begun).await["status"],
            status
        );
    }
}

#[tokio::test]
async fn the_lines_of_a_stream_have_more_of_the_output_each_time() {
    let fake = FakeRetab::start().await;
    let schema = json!({"type": "object", "properties": {
        "number": {"type": "string"},
        "total": {"type": "number"},
    }});
    let body = json!({"document": document("a.txt"), "json_schema": schema});
    let whole = call(&fake, "POST /v1/extractions/stream", body.clone()).await;
    let mut as_option = body.clone();
    as_option["stream"] = json!(true);
    let by_option = call(&fake, "POST /v1/extractions", as_option).await;
    for answer in [whole, by_option] {
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.headers["content-type"], "application/stream+json");
        let lines: Vec<Value> = answer
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
        let kept = read(&fake, "extractions", &lines[2]).await;
        assert_eq!(kept["output"], lines[2]["output"]);
        assert!(jsonschema::is_valid(&schema, &kept["output"]));
    }
}

#[tokio::test]
async fn extractions_are_found_by_what_the_list_is_asked_for() {
    let fake = FakeRetab::start().await;
    for (name, tenant) in [("a.pdf.txt", "acme"), ("b.csv", "acme"), ("c.csv", "other")] {
        let more = json!({"document": document(name), "metadata": {"tenant": tenant}});
        assert_eq!(create(&fake, KINDS[0], more).await.status, 201);
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
        let found = get(&fake, &format!("/v1/extractions?{query}")).await;
        let data = found.json()["data"].as_array().map(Vec::len);
        assert_eq!(data, Some(expected), "{query}: {}", found.text);
    }
    for query in ["filename_regex=%5B", "metadata=x"] {
        let refused = get(&fake, &format!("/v1/extractions?{query}")).await;
        assert_eq!(refused.status, 422, "{query}");
    }
}

#[tokio::test]
async fn sources_are_those_of_a_completed_extraction() {
    let fake = FakeRetab::start().await;
    let begun = create(&fake, KINDS[0], json!({"background": true}))
        .await
        .json();
    let target = format!("/v1/extractions/{}/sources", begun["id"].as_str().unwrap());
    assert_eq!(get(&fake, &target).await.status, 409);
    let done = create(&fake, KINDS[0], json!({})).await.json();
    let target = format!("/v1/extractions/{}/sources", done["id"].as_str().unwrap());
    let sources = get(&fake, &target).await.json();
    assert_eq!(sources["extraction_id"], done["id"]);
    assert_eq!(sources["extraction"], done["output"]);
}

#[tokio::test]
async fn too_many_extractions_and_parses_in_a_minute_are_refused_with_a_hint() {
    let fake = FakeRetab::start().await;
    fake.set_rate_limit(2);
    for kind in &KINDS[..2] {
        for status in [201, 201, 429] {
            let answer = create(&fake, *kind, json!({})).await;
            assert_eq!(answer.status, status, "{}", answer.text);
            if status == 429 {
                assert_eq!(answer.headers["retry-after"], "60");
            }
        }
    }
    assert_eq!(create(&fake, KINDS[3], json!({})).await.status, 201);
    fake.clock().advance(Duration::from_secs(60));
    assert_eq!(create(&fake, KINDS[0], json!({})).await.status, 201);
}

#[tokio::test]
async fn the_same_idempotency_key_is_answered_the_same() {
    let fake = FakeRetab::start().await;
    let generate = async |key: &str, name: &str| {
        let url = format!("{}/v1/schemas/generate", fake.base_url());
        let request = reqwest::Client::new()
            .post(url)
            .bearer_auth(FakeRetab::API_KEY)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(json!({"documents": [document(name)]}).to_string());
        got(request).await
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
