//! What is created, read, changed, listed and deleted: evals, experiments with their runs, templates.

use retab_tests::FakeRetab;
use serde_json::{Value, json};

use super::{call, get};

#[tokio::test]
async fn what_was_created_is_read_changed_listed_and_deleted() {
    let fake = FakeRetab::start().await;
    let experiment = json!({"workflow_id": "wf_abc123xyz", "block_id": "extract-block-1", "name": "prices", "n_consensus": 5});
    let template = json!({"name": "form", "document": {"filename": "a.pdf", "url": "data:application/pdf;base64,JVBERi0="}, "form_fields": []});
    for (path, query, body) in [
        (
            "workflows/experiments",
            "?workflow_id=wf_abc123xyz",
            experiment,
        ),
        ("edits/templates", "", template),
    ] {
        let created = call(&fake, &format!("POST /v1/{path}"), body.clone()).await;
        assert_eq!(created.status, 201, "{path}: {}", created.text);
        let created = created.json();
        assert_eq!(created["name"], body["name"], "{path}");
        let one = format!("/v1/{path}/{}", created["id"].as_str().unwrap());
        assert_eq!(get(&fake, &one).await.json(), created, "{path}");
        let renamed = call(&fake, &format!("PATCH {one}"), json!({"name": "new"})).await;
        assert_eq!(renamed.json()["name"], "new", "{path}");
        let list = format!("/v1/{path}{query}");
        let listed = get(&fake, &list).await.json();
        assert_eq!(listed["data"], json!([renamed.json()]), "{path}");
        assert_eq!(
            call(&fake, &format!("DELETE {one}"), Value::Null)
                .await
                .status,
            204
        );
        assert_eq!(get(&fake, &one).await.status, 404, "{path}");
        assert_eq!(get(&fake, &list).await.json()["data"], json!([]));
    }
}

#[tokio::test]
async fn a_run_of_an_experiment_moves_to_its_end_unless_it_is_cancelled() {
    let fake = FakeRetab::start().await;
    let begin = async || {
        let body = json!({"experiment_id": "exp_1"});
        let begun = call(&fake, "POST /v1/workflows/experiments/runs", body).await;
        assert_eq!(begun.status, 202, "{}", begun.text);
        let begun = begun.json();
        assert_eq!(begun["lifecycle"]["status"], "pending");
        format!(
            "/v1/workflows/experiments/runs/{}",
            begun["id"].as_str().unwrap()
        )
    };
    let run = begin().await;
    for status in ["running", "completed", "completed"] {
        assert_eq!(get(&fake, &run).await.json()["lifecycle"]["status"], status);
    }
    let other = begin().await;
    let cancelled = call(&fake, &format!("POST {other}/cancel"), Value::Null).await;
    assert_eq!(
        cancelled.json()["lifecycle"]["status"],
        "cancelled",
        "{}",
        cancelled.text
    );
    assert_eq!(
        get(&fake, &other).await.json()["lifecycle"]["status"],
        "cancelled"
    );
    let found = get(&fake, "/v1/workflows/experiments/runs?status=cancelled")
        .await
        .json();
    assert_eq!(found["data"].as_array().map(Vec::len), Some(1));
}
