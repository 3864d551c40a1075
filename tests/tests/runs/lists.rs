//! Listing and exporting runs.

use futures_util::TryStreamExt as _;
use retab_ext::{List as _, ListItem, Run};
use serde_json::json;

use crate::{fake_and_client, last_body, request_lines};

#[tokio::test]
async fn lists_runs_as_handles() {
    let (_fake, client) = fake_and_client().await;
    for _ in 0..5 {
        client.workflow("wf_1").run().send().await.unwrap();
    }
    client.workflow("wf_2").run().send().await.unwrap();
    let list = client
        .runs()
        .list()
        .workflow("wf_1")
        .limit(2)
        .oldest_first();
    let runs: Vec<Run> = list.runs().try_collect().await.unwrap();
    let ids: Vec<_> = runs.iter().map(|run| run.id().as_str()).collect();
    let oldest_first: Vec<_> = (1..6).map(|n| format!("run_{n:06}")).collect();
    assert_eq!(ids, oldest_first);
    assert_eq!(runs[4].refresh().await.unwrap().status(), "running");
}

#[tokio::test]
async fn sends_every_filter() {
    let (fake, client) = fake_and_client().await;
    let empty = json!({"data": [], "list_metadata": {"before": null, "after": null}});
    fake.queue_response(retab_fake::Response::json(200, &empty));
    let list = client
        .runs()
        .list()
        .workflow("wf_1")
        .status("failed")
        .exclude_status("queued")
        .trigger("restart")
        .metadata("tenant", "acme")
        .metadata("try", "2")
        .from_date("2026-03-01")
        .to_date("2026-03-31")
        .after("run_1");
    let runs: Vec<Run> = list.runs().try_collect().await.unwrap();
    assert!(runs.is_empty());
    assert_eq!(
        request_lines(&fake),
        [
            "GET /v1/workflows/runs?workflow_id=wf_1&status=failed&exclude_status=queued\
            &trigger_type=restart&from_date=2026-03-01&to_date=2026-03-31&after=run_1\
            &metadata=%7B%22tenant%22%3A%22acme%22%2C%22try%22%3A%222%22%7D"
        ]
    );
}

#[tokio::test]
async fn omits_unset_filters() {
    let (fake, client) = fake_and_client().await;
    let runs: Vec<Run> = client.runs().list().runs().try_collect().await.unwrap();
    assert!(runs.is_empty());
    assert_eq!(request_lines(&fake), ["GET /v1/workflows/runs"]);
}

#[tokio::test]
async fn run_list_supports_invalid_items_and_backward_pagination() {
    let (fake, client) = fake_and_client().await;
    client.workflow("wf_1").run().send().await.unwrap();
    fake.add_listed_run(json!({"id": "run_invalid"}));
    let items: Vec<_> = client
        .runs()
        .list()
        .keep_invalid_items()
        .items()
        .try_collect()
        .await
        .unwrap();
    assert!(matches!(
        items[..],
        [ListItem::Invalid(_), ListItem::Valid(_)]
    ));
    let earlier = client.runs().list().before("run_000001").backwards();
    let earlier: Vec<_> = earlier
        .skip_invalid_items()
        .items()
        .try_collect()
        .await
        .unwrap();
    assert!(earlier.is_empty());
}

#[tokio::test]
async fn exports_completed_runs_as_csv() {
    let (fake, client) = fake_and_client().await;
    fake.set_run_lifecycles([json!({"status": "completed"})]);
    for _ in 0..3 {
        client.workflow("wf_1").run().send().await.unwrap();
    }
    let export = client.runs().export("wf_1", "extract-block-1");
    let table = export.clone().send().await.unwrap();
    assert_eq!((table.rows(), table.columns()), (3, 2));
    assert!(table.csv().starts_with("run_id;total\nrun_000001;1284.5\n"));
    assert_eq!(
        last_body(&fake),
        json!({"workflow_id": "wf_1", "block_id": "extract-block-1"})
    );

    let export = export
        .inputs()
        .runs(["run_000002"])
        .document_types(["invoice"])
        .from_date("2026-03-01")
        .to_date("2026-03-31")
        .first_columns(["total"])
        .delimiter(",")
        .line_end("\r\n")
        .quote("'");
    let table = export.send().await.unwrap();
    assert_eq!(table.into_csv(), "run_id,total\r\nrun_000002,1284.5\r\n");
    assert_eq!(
        last_body(&fake),
        json!({
            "workflow_id": "wf_1",
            "block_id": "extract-block-1",
            "export_source": "inputs",
            "selected_run_ids": ["run_000002"],
            "selected_doc_types": ["invoice"],
            "from_date": "2026-03-01",
            "to_date": "2026-03-31",
            "preferred_columns": ["total"],
            "delimiter": ",",
            "line_delimiter": "\r\n",
            "quote": "'",
        })
    );
}
