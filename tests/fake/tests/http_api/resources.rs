//! Generic resources: edit templates, experiments and experiment runs.

use retab_fake::FakeRetab;
use serde_json::{Value, json};

use super::{get, send};

#[tokio::test]
async fn creates_reads_updates_lists_and_deletes_resources() {
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
        let created = send(&fake, &format!("POST /v1/{path}"), body.clone()).await;
        assert_eq!(created.status, 201, "{path}: {}", created.text);
        let created = created.json();
        assert_eq!(created["name"], body["name"], "{path}");
        let target = format!("/v1/{path}/{}", created["id"].as_str().unwrap());
        assert_eq!(get(&fake, &target).await.json(), created, "{path}");
        let renamed = send(&fake, &format!("PATCH {target}"), json!({"name": "new"})).await;
        assert_eq!(renamed.json()["name"], "new", "{path}");
        let list = format!("/v1/{path}{query}");
        let listed = get(&fake, &list).await.json();
        assert_eq!(listed["data"], json!([renamed.json()]), "{path}");
        assert_eq!(
            send(&fake, &format!("DELETE {target}"), Value::Null)
                .await
                .status,
            204
        );
        assert_eq!(get(&fake, &target).await.status, 404, "{path}");
        assert_eq!(get(&fake, &list).await.json()["data"], json!([]));
    }
}

#[tokio::test]
async fn experiment_run_completes_unless_cancelled() {
    let fake = FakeRetab::start().await;
    let unknown = json!({"experiment_id": "exp_000009"});
    let rejected = send(&fake, "POST /v1/workflows/experiments/runs", unknown).await;
    assert_eq!(
        (rejected.status, rejected.code()),
        (404, "experiment_not_found".to_owned())
    );
    let experiment = json!({"workflow_id": "wf_abc123xyz", "block_id": "extract-block-1"});
    let experiment = send(&fake, "POST /v1/workflows/experiments", experiment).await;
    let start = async || {
        let body = json!({"experiment_id": experiment.json()["id"]});
        let run = send(&fake, "POST /v1/workflows/experiments/runs", body).await;
        assert_eq!(run.status, 202, "{}", run.text);
        let run = run.json();
        assert_eq!(run["lifecycle"]["status"], "pending");
        format!(
            "/v1/workflows/experiments/runs/{}",
            run["id"].as_str().unwrap()
        )
    };
    let run = start().await;
    let id = run.rsplit('/').next().unwrap();
    let results = format!("/v1/workflows/experiments/results?run_id={id}");
    assert_eq!(get(&fake, &results).await.json()["data"], json!([]));
    for status in ["running", "completed", "completed"] {
        assert_eq!(get(&fake, &run).await.json()["lifecycle"]["status"], status);
    }
    let result = get(&fake, &results).await.json()["data"][0].clone();
    assert_eq!(result["experiment_run_id"], *id);
    let target = format!(
        "/v1/workflows/experiments/results/{}",
        result["id"].as_str().unwrap()
    );
    assert_eq!(get(&fake, &target).await.json(), result);
    for unknown in [
        "results/exrun_000009_result",
        "results?run_id=exrun_000009",
        "metrics?run_id=exrun_000009&view=summary",
    ] {
        let response = get(&fake, &format!("/v1/workflows/experiments/{unknown}")).await;
        assert_eq!(response.status, 404, "{unknown}: {}", response.text);
    }
    let other = start().await;
    let cancelled = send(&fake, &format!("POST {other}/cancel"), Value::Null).await;
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
    let list = get(&fake, "/v1/workflows/experiments/runs?status=cancelled")
        .await
        .json();
    assert_eq!(list["data"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn rejects_unknown_parents() {
    let fake = FakeRetab::start().await;
    let document = json!({"filename": "a.txt", "url": "data:text/plain;base64,YQ=="});
    for (path, body, code) in [
        (
            "edits",
            json!({"instructions": "sign", "template_id": "tmpl_000009"}),
            "template_not_found",
        ),
        (
            "workflows/experiments",
            json!({"workflow_id": "none"}),
            "workflow_not_found",
        ),
        (
            "workflows/evals/runs",
            json!({"workflow_id": "none"}),
            "workflow_not_found",
        ),
        (
            "workflows/blocks/executions",
            json!({"run_id": "run_000009", "block_id": "extract-block-1"}),
            "run_not_found",
        ),
    ] {
        let rejected = send(&fake, &format!("POST /v1/{path}"), body).await;
        assert_eq!(
            (rejected.status, rejected.code()),
            (404, code.to_owned()),
            "{path}: {}",
            rejected.text
        );
    }
    let edit = json!({"instructions": "sign", "document": document});
    assert_eq!(send(&fake, "POST /v1/edits", edit).await.status, 201);
}

#[tokio::test]
async fn null_in_patch_clears_only_nullable_properties() {
    let fake = FakeRetab::start().await;
    let line = "PATCH /v1/workflows/blocks/extract-block-1";
    let updated = send(
        &fake,
        line,
        json!({"label": "Prices", "width": 40.0, "parent_id": "loop-1"}),
    )
    .await
    .json();
    assert_eq!(
        (&updated["label"], &updated["width"]),
        (&json!("Prices"), &json!(40.0))
    );
    let cleared = send(
        &fake,
        line,
        json!({"label": null, "width": null, "parent_id": null}),
    )
    .await
    .json();
    assert_eq!(cleared["label"], "Prices", "the label is not nullable");
    assert_eq!(
        (&cleared["width"], &cleared["parent_id"]),
        (&Value::Null, &Value::Null)
    );
}

#[tokio::test]
async fn samples_are_deterministic_per_seed() {
    let sample = async |seed| {
        let fake = FakeRetab::builder().seed(seed).start().await.unwrap();
        get(&fake, "/v1/usage/runs").await.text
    };
    assert_eq!(sample(7).await, sample(7).await);
    assert_ne!(sample(7).await, sample(8).await);
}
