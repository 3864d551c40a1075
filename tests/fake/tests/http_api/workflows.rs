//! Workflows, drafts and versions.

use retab_fake::FakeRetab;
use serde_json::{Value, json};

use crate::{TestResponse, get, send};

async fn post(fake: &FakeRetab, target: &str, body: Value) -> TestResponse {
    send(fake, &format!("POST {target}"), body).await
}

#[tokio::test]
async fn workflow_lifecycle_from_creation_to_deletion() {
    let fake = FakeRetab::start().await;
    let created = post(
        &fake,
        "/v1/workflows",
        json!({"name": "Orders", "project_id": "proj_1"}),
    )
    .await;
    assert_eq!(created.status, 201);
    let id = created.json()["id"].as_str().unwrap().to_owned();
    let uri = |suffix: &str| format!("/v1/workflows/{id}{suffix}");
    assert_eq!(
        post(&fake, &uri("/discard-draft"), Value::Null)
            .await
            .status,
        409
    );
    let run = json!({"workflow_id": id});
    assert_eq!(
        post(&fake, "/v1/workflows/runs", run.clone()).await.status,
        409
    );

    // Publish a draft with two blocks and an edge.
    for kind in ["start_document", "extract"] {
        let block = json!({"workflow_id": id, "type": kind, "label": kind});
        let block = post(&fake, "/v1/workflows/blocks", block).await;
        assert_eq!(block.json()["id"], format!("{kind}-block-1"));
    }
    let edge = json!({
        "workflow_id": id,
        "source_block": "start_document-block-1",
        "target_block": "extract-block-1",
    });
    assert_eq!(post(&fake, "/v1/workflows/edges", edge).await.status, 201);
    let published = post(&fake, &uri("/publish"), json!({"description": "first"}))
        .await
        .json();
    let first = published["published"]["version_id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        post(&fake, "/v1/workflows/runs", run).await.json()["workflow_version_id"],
        first
    );

    // Change the draft and publish it again.
    let patch = json!({"label": "Extract it", "config": {"model": "retab-small"}});
    let line = format!("PATCH /v1/workflows/blocks/extract-block-1?workflow_id={id}");
    assert_eq!(
        send(&fake, &line, patch).await.json()["label"],
        "Extract it"
    );
    let note = json!({"workflow_id": id, "type": "note", "id": "note-1"});
    post(&fake, "/v1/workflows/blocks", note).await;
    let published = post(&fake, &uri("/publish"), Value::Null).await.json();
    let second = published["published"]["version_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let target = format!(
        "/v1/workflows/versions/diff?workflow_id={id}&from_workflow_version_id={first}&to_workflow_version_id={second}"
    );
    let diff = get(&fake, &target).await.json();
    assert_eq!(diff["added_block_ids"], json!(["note-1"]));
    assert_eq!(diff["changed_block_ids"], json!(["extract-block-1"]));
    assert_eq!(diff["removed_block_ids"], json!([]));
    let target = format!(
        "/v1/workflows/blocks/versions/diff?from_block_version_id={id}.{first}.extract-block-1\
        &to_block_version_id={id}.{second}.extract-block-1"
    );
    let changes = get(&fake, &target).await.json()["changes"].clone();
    let fields: Vec<_> = changes
        .as_array()
        .unwrap()
        .iter()
        .map(|change| &change["field"])
        .collect();
    assert_eq!(fields, ["config", "label"]);

    // Discarding resets the draft to the published version; restoring replaces it with an older one.
    let line = format!("DELETE /v1/workflows/blocks/extract-block-1?workflow_id={id}");
    assert_eq!(send(&fake, &line, Value::Null).await.status, 204);
    let blocks = async || -> usize {
        let blocks = get(&fake, &format!("/v1/workflows/blocks?workflow_id={id}"))
            .await
            .json();
        blocks["data"].as_array().unwrap().len()
    };
    let edges = async || -> usize {
        let edges = get(&fake, &format!("/v1/workflows/edges?workflow_id={id}"))
            .await
            .json();
        edges["data"].as_array().unwrap().len()
    };
    assert_eq!((blocks().await, edges().await), (2, 0));
    post(&fake, &uri("/discard-draft"), Value::Null).await;
    assert_eq!((blocks().await, edges().await), (3, 1));
    let target = format!("/v1/workflows/versions/{first}/restore?workflow_id={id}");
    let restored = post(&fake, &target, Value::Null).await.json();
    assert_eq!(restored["published"]["version_id"], second, "unchanged");
    assert_eq!(blocks().await, 2);

    let line = format!("DELETE {}", uri(""));
    assert_eq!(send(&fake, &line, Value::Null).await.status, 204);
    assert_eq!(get(&fake, &uri("")).await.status, 404);
}

#[tokio::test]
async fn workflow_exists_from_first_use_until_deletion() {
    let fake = FakeRetab::start().await;
    assert_eq!(
        get(&fake, "/v1/workflows/wf_dashboard").await.json()["name"],
        "Invoices"
    );
    let listed = get(&fake, "/v1/workflows?order=asc").await.json();
    let ids: Vec<_> = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|workflow| &workflow["id"])
        .collect();
    assert_eq!(ids, ["wf_abc123xyz", "wf_dashboard"]);
    send(&fake, "DELETE /v1/workflows/wf_dashboard", Value::Null).await;
    assert_eq!(get(&fake, "/v1/workflows/wf_dashboard").await.status, 404);
    // Only IDs with the prefix `wf_` create a workflow.
    assert_eq!(get(&fake, "/v1/workflows/nothing").await.status, 404);
    assert_eq!(get(&fake, "/v1/workflows/wf_").await.status, 404);
}

#[tokio::test]
async fn rejects_duplicate_ids() {
    let fake = FakeRetab::start().await;
    let block = json!({"workflow_id": "wf_1", "type": "note", "id": "note-1"});
    assert_eq!(
        post(&fake, "/v1/workflows/blocks", block.clone())
            .await
            .status,
        201
    );
    assert_eq!(post(&fake, "/v1/workflows/blocks", block).await.status, 409);
    let edge = json!({"workflow_id": "wf_1", "source_block": "note-1", "target_block": "nothing"});
    assert_eq!(post(&fake, "/v1/workflows/edges", edge).await.status, 404);
}

#[tokio::test]
async fn paginates_steps_of_all_runs() {
    let fake = FakeRetab::start().await;
    for _ in 0..3 {
        send(
            &fake,
            "POST /v1/workflows/runs",
            json!({"workflow_id": "wf_abc123xyz"}),
        )
        .await;
    }
    for _ in 0..2 {
        for run in 1..=3 {
            get(&fake, &format!("/v1/workflows/runs/run_00000{run}")).await;
        }
    }
    let mut seen = Vec::new();
    let mut target = "/v1/workflows/steps?limit=1".to_owned();
    while seen.len() < 9 {
        let page = get(&fake, &target).await.json();
        for step in page["data"].as_array().unwrap() {
            seen.push(step["run_id"].as_str().unwrap().to_owned());
        }
        let Some(cursor) = page["list_metadata"]["after"].as_str() else {
            break;
        };
        target = format!("/v1/workflows/steps?limit=1&after={cursor}");
    }
    seen.sort();
    assert_eq!(seen, ["run_000001", "run_000002", "run_000003"]);
}
