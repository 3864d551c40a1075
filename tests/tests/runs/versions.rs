//! Listing, pinning, comparing and restoring workflow versions.

use futures_util::TryStreamExt as _;
use retab_ext::{ErrorKind, List as _, Version, VersionId};
use retab_fake::Response;
use serde_json::json;

use crate::{fake_and_client, last_body, request_lines};

fn id(text: &str) -> VersionId {
    text.into()
}

#[tokio::test]
async fn lists_versions() {
    let (fake, client) = fake_and_client().await;
    let versions = client.workflow("wf_1").versions().items();
    let versions: Vec<_> = versions.try_collect().await.unwrap();
    let ids: Vec<_> = versions.iter().map(|version| &*version.id).collect();
    assert_eq!(ids, ["ver_0000production", "ver_0000first"]);
    assert_eq!(
        request_lines(&fake),
        ["GET /v1/workflows/versions?workflow_id=wf_1"]
    );
}

#[tokio::test]
async fn returns_production_version() {
    let (fake, client) = fake_and_client().await;
    let workflow = client.workflow("wf_1");
    let production = workflow.production_version().await.unwrap();
    assert_eq!(production, Some(id("ver_0000production")));
    assert_eq!(request_lines(&fake), ["GET /v1/workflows/wf_1"]);

    fake.unpublish();
    assert_eq!(workflow.production_version().await.unwrap(), None);

    let malformed = json!({"id": "wf_1", "created_at": "2026-03-09T10:30:00Z",
        "updated_at": "2026-03-09T10:30:00Z", "published": {"version_id": "wph_1"}});
    fake.queue_response(Response::json(200, &malformed));
    let error = workflow.production_version().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    let start = "cannot read the production version of workflow wf_1: the id `wph_...` belongs to a publication";
    assert!(error.to_string().starts_with(start), "{error}");
}

#[tokio::test]
async fn pinned_version_is_unaffected_by_publishing() {
    let (fake, client) = fake_and_client().await;
    let workflow = client.workflow("wf_1");
    let pinned = workflow.pin().await.unwrap();
    assert_eq!(pinned, Version::Pinned(id("ver_0000production")));

    fake.publish("ver_0000next", [("start-1", "start_json")]);
    let run = workflow.run().version(pinned).send().await.unwrap();
    assert_eq!(last_body(&fake)["version"], "ver_0000production");
    assert_eq!(run.version_id(), "ver_0000production");
    let run = workflow.run().send().await.unwrap();
    assert_eq!(run.version_id(), "ver_0000next");
}

#[tokio::test]
async fn pin_fails_without_production_version() {
    let (fake, client) = fake_and_client().await;
    fake.unpublish();
    let error = client.workflow("wf_1").pin().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(
        error.to_string(),
        "cannot resolve the production version of workflow wf_1: the workflow is not published; publish it or use the draft"
    );
}

#[tokio::test]
async fn compares_two_versions() {
    let (fake, client) = fake_and_client().await;
    let (from, to) = (id("ver_0000first"), id("ver_0000production"));
    let diff = client.workflow("wf_1").diff(&from, &to).await.unwrap();
    assert_eq!(
        diff.added_block_ids.unwrap(),
        ["start-json-block-1", "extract-block-1"]
    );
    assert_eq!(diff.removed_block_ids.unwrap(), [""; 0]);
    assert_eq!(
        request_lines(&fake),
        ["GET /v1/workflows/versions/diff?workflow_id=wf_1\
            &from_workflow_version_id=ver_0000first&to_workflow_version_id=ver_0000production"]
    );
}

#[tokio::test]
async fn restores_version_as_draft() {
    let (fake, client) = fake_and_client().await;
    let workflow = client.workflow("wf_1");
    let restored = workflow.restore(&id("ver_0000first")).await.unwrap();
    let published = restored.published.unwrap().version_id.unwrap();
    assert_eq!(published, "ver_0000production");
    assert_eq!(
        request_lines(&fake),
        ["POST /v1/workflows/versions/ver_0000first/restore?workflow_id=wf_1"]
    );
    let unknown = workflow.restore(&id("ver_unknown")).await.unwrap_err();
    assert!(unknown.is_not_found());
}
