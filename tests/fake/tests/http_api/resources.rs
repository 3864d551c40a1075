//! What is created, read, changed, listed and deleted: evals, experiments with their runs, templates.

use retab_fake::FakeRetab;
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
    let unknown = json!({"experiment_id": "exp_000009"});
    let refused = call(&fake, "POST /v1/workflows/experiments/runs", unknown).await;
    assert_eq!(
        (refused.status, refused.code()),
        (404, "experiment_not_found".to_owned())
    );
    let experiment = json!({"workflow_id": "wf_abc123xyz", "block_id": "extract-block-1"});
    let experiment = call(&fake, "POST /v1/workflows/experiments", experiment).await;
    let begin = async || {
        let body = json!({"experiment_id": experiment.json()["id"]});
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
    let id = run.rsplit('/').next().unwrap();
    let results = format!("/v1/workflows/experiments/results?run_id={id}");
    assert_eq!(get(&fake, &results).await.json()["data"], json!([]));
    for status in ["running", "completed", "completed"] {
        assert_eq!(get(&fake, &run).await.json()["lifecycle"]["status"], status);
    }
    let found = get(&fake, &results).await.json()["data"][0].clone();
    assert_eq!(found["experiment_run_id"], *id);
    let one = format!(
        "/v1/workflows/experiments/results/{}",
        found["id"].as_str().unwrap()
    );
    assert_eq!(get(&fake, &one).await.json(), found);
    for unknown in [
        "results/exrun_000009_result",
        "results?run_id=exrun_000009",
        "metrics?run_id=exrun_000009&view=summary",
    ] {
        let answer = get(&fake, &format!("/v1/workflows/experiments/{unknown}")).await;
        assert_eq!(answer.status, 404, "{unknown}: {}", answer.text);
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

#[tokio::test]
async fn what_belongs_to_nothing_that_is_there_is_refused() {
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
        let refused = call(&fake, &format!("POST /v1/{path}"), body).await;
        assert_eq!(
            (refused.status, refused.code()),
            (404, code.to_owned()),
            "{path}: {}",
            refused.text
        );
    }
    let edit = json!({"instructions": "sign", "document": document});
    assert_eq!(call(&fake, "POST /v1/edits", edit).await.status, 201);
}

#[tokio::test]
async fn a_null_of_a_patch_takes_away_what_can_be_null_alone() {
    let fake = FakeRetab::start().await;
    let one = "PATCH /v1/workflows/blocks/extract-block-1";
    let set = call(
        &fake,
        one,
        json!({"label": "Prices", "width": 40.0, "parent_id": "loop-1"}),
    )
    .await
    .json();
    assert_eq!(
        (&set["label"], &set["width"]),
        (&json!("Prices"), &json!(40.0))
    );
    let cleared = call(
        &fake,
        one,
        json!({"label": null, "width": null, "parent_id": null}),
    )
    .await
    .json();
    assert_eq!(cleared["label"], "Prices", "a label is always there");
    assert_eq!(
        (&cleared["width"], &cleared["parent_id"]),
        (&Value::Null, &Value::Null)
    );
}

#[tokio::test]
async fn a_seed_draws_samples_of_its_own_and_the_same_again() {
    let sample = async |seed| {
        let fake = FakeRetab::builder().seed(seed).start().await.unwrap();
        get(&fake, "/v1/usage/runs").await.text
    };
    assert_eq!(sample(7).await, sample(7).await);
    assert_ne!(sample(7).await, sample(8).await);
}
