//! Handles and ids: what they serialize to, and which ids are refused before anything is sent.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests and their helpers panic on failure"
)]

use futures_util::{StreamExt as _, TryStreamExt as _};
use retab_ext::{
    Client, Document, Error, ErrorKind, FileHandle, FileId, List as _, RunHandle, RunId, Version,
    WorkflowHandle, WorkflowId,
};
use retab_fake::FakeRetab;
use serde::{Serialize, Serializer};

async fn fake_and_client() -> (FakeRetab, Client) {
    let fake = FakeRetab::start().await;
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .build()
        .unwrap();
    (fake, client)
}

/// Checks that a request failed before anything was sent because an id belongs to another resource.
#[track_caller]
fn assert_refused<T>(fake: &FakeRetab, result: Result<T, Error>, expected: &str) {
    let Err(error) = result else {
        panic!("the id was accepted: {expected}");
    };
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    assert!(!error.outcome_unknown(), "{error}");
    let text = error.to_string();
    assert!(text.contains(expected), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    assert!(fake.requests().is_empty());
}

#[tokio::test]
async fn handles_serialize_to_their_id_and_come_back() {
    fn is_clone_send_sync<T: Clone + Send + Sync + Serialize>() {}
    is_clone_send_sync::<RunHandle>();
    is_clone_send_sync::<WorkflowHandle>();
    is_clone_send_sync::<FileHandle>();

    let (_fake, client) = fake_and_client().await;
    let run = client.workflow("wf_1").run().send().await.unwrap();
    let stored = serde_json::to_string(run.handle()).unwrap();
    assert_eq!(stored, r#""run_000001""#);
    let id: RunId = serde_json::from_str(&stored).unwrap();
    assert_eq!(client.run(id).get().await.unwrap().id(), run.id());

    let stored = serde_json::to_string(&client.workflow("wf_1")).unwrap();
    assert_eq!(stored, r#""wf_1""#);
    let id: WorkflowId = serde_json::from_str(&stored).unwrap();
    assert_eq!(client.workflow(id).get().await.unwrap().id, "wf_1");

    let upload = client.files().upload(Document::text("a text"));
    let file = upload.send().await.unwrap();
    let stored = serde_json::to_string(&client.file(file.id())).unwrap();
    let id: FileId = serde_json::from_str(&stored).unwrap();
    assert_eq!(client.file(id).get().await.unwrap().id, file.id().as_str());
}

#[tokio::test]
async fn collections_list_and_return_handles() {
    let (_fake, client) = fake_and_client().await;
    client.workflow("wf_1").run().send().await.unwrap();
    let upload = client.files().upload(Document::text("a text"));
    let file = upload.send().await.unwrap();

    let workflows: Vec<_> = client
        .workflows()
        .list()
        .items()
        .try_collect()
        .await
        .unwrap();
    assert!(workflows.iter().any(|workflow| workflow.id == "wf_1"));
    let files: Vec<_> = client.files().list().items().try_collect().await.unwrap();
    assert!(files.iter().any(|listed| listed.id == file.id().as_str()));

    let workflow = client.workflows().handle("wf_1").get().await.unwrap();
    assert_eq!(workflow.id, "wf_1");
    let run = client.runs().handle("run_000001").get().await.unwrap();
    assert_eq!(run.workflow_id().as_str(), "wf_1");
    let mut content = client
        .files()
        .handle(file.id())
        .download()
        .stream()
        .await
        .unwrap();
    assert_eq!(content.next().await.unwrap().unwrap(), "a text");
}

#[tokio::test]
async fn refuses_ids_of_other_resources_before_sending() {
    let (fake, client) = fake_and_client().await;
    let not_a_run = "`wf_...` belongs to a workflow, not to a run";
    let run = client.run("wf_hunter2");
    assert_refused(&fake, run.get().await, not_a_run);
    assert_refused(&fake, run.wait().await, not_a_run);
    assert_refused(&fake, run.watch().next().await.unwrap(), not_a_run);
    assert_refused(&fake, run.cancel().await, not_a_run);
    assert_refused(&fake, run.delete().await, not_a_run);
    assert_refused(&fake, run.outputs().await, not_a_run);
    assert_refused(&fake, run.restart().await, not_a_run);
    let artifact = run.artifacts().items().next().await;
    assert_refused(&fake, artifact.unwrap(), not_a_run);
    let run = client
        .runs()
        .list()
        .after("wrk_hunter2")
        .items()
        .next()
        .await;
    let not_a_run = "`wrk_...` belongs to a workflow, not to a run";
    assert_refused(&fake, run.unwrap(), not_a_run);
    let export = client.runs().export("wf_1", "block").runs(["wrk_hunter2"]);
    assert_refused(&fake, export.send().await, not_a_run);

    let not_a_workflow = "`run_...` belongs to a run, not to a workflow";
    let workflow = client.workflow("run_hunter2");
    assert_refused(&fake, workflow.get().await, not_a_workflow);
    assert_refused(&fake, workflow.pin().await, not_a_workflow);
    assert_refused(&fake, workflow.version("ver_1").await, not_a_workflow);
    assert_refused(&fake, workflow.restore("ver_1").await, not_a_workflow);
    let version = workflow.versions().items().next().await;
    assert_refused(&fake, version.unwrap(), not_a_workflow);
    let listed = client
        .runs()
        .list()
        .workflow("run_hunter2")
        .items()
        .next()
        .await;
    assert_refused(&fake, listed.unwrap(), not_a_workflow);
    let export = client.runs().export("run_hunter2", "block");
    assert_refused(&fake, export.send().await, not_a_workflow);

    let not_a_version = "`wph_...` belongs to a publication, not to a workflow version";
    let workflow = client.workflow("wf_1");
    let diff = workflow.diff("ver_1", "wph_hunter2").await;
    assert_refused(&fake, diff, not_a_version);

    let not_a_file = "`extr_...` belongs to an extraction, not to a file";
    let file = client.file("extr_hunter2");
    assert_refused(&fake, file.get().await, not_a_file);
    assert_refused(&fake, file.download().stream().await, not_a_file);
    let an_api_key = "`rt_...` belongs to an API key, not to a file";
    assert_refused(
        &fake,
        client.file("rt_live_hunter2").get().await,
        an_api_key,
    );
}

#[tokio::test]
async fn runs_refuse_ids_of_other_resources_before_sending() {
    let (fake, client) = fake_and_client().await;
    let stored = || Document::file("file_1");
    let invoice = || Document::text("an invoice");

    let not_a_workflow = "`ver_...` belongs to a workflow version, not to a workflow";
    let run = client.workflow("ver_hunter2").run();
    // Without the check, the lookup of the stored file or the upload would be sent first.
    let with_stored = run.clone().document("start", stored());
    assert_refused(&fake, with_stored.send().await, not_a_workflow);
    let with_upload = run.clone().document("start", invoice()).inline_limit(0);
    assert_refused(&fake, with_upload.send().await, not_a_workflow);
    assert_refused(
        &fake,
        run.only_document(invoice()).send().await,
        not_a_workflow,
    );

    let run = client.workflow("wf_1").run();
    let pinned = run.clone().version(Version::pinned("wf_hunter2"));
    let with_stored = pinned.document("start", stored());
    let not_a_version = "`wf_...` belongs to a workflow, not to a workflow version";
    assert_refused(&fake, with_stored.send().await, not_a_version);

    let not_a_file = "`run_...` belongs to a run, not to a file";
    let foreign = run.clone().document("first", stored());
    let foreign = foreign.document("second", Document::file("run_hunter2"));
    assert_refused(&fake, foreign.send().await, not_a_file);
    let foreign = run.only_document(Document::file("run_hunter2"));
    assert_refused(&fake, foreign.send().await, not_a_file);
}

#[tokio::test]
async fn sends_ids_with_unknown_prefixes_and_any_block_id() {
    let (fake, client) = fake_and_client().await;
    for id in ["runs_1", "xyz_1", "RUN_1", "1"] {
        let error = client.run(id).get().await.unwrap_err();
        assert!(error.is_not_found(), "{error}");
    }
    for id in ["wf_1", "wrk_1", "flow"] {
        drop(client.workflow(id).get().await);
    }
    assert_eq!(fake.take_requests().len(), 7);
    let run = client.workflow("wf_1").run();
    let run = run.document("run_of_wf_1", Document::text("an invoice"));
    run.send().await.unwrap();
    let body: serde_json::Value = serde_json::from_slice(&fake.requests()[0].body).unwrap();
    assert!(body["documents"]["run_of_wf_1"].is_object(), "{body}");
}

/// A value that cannot be serialized.
struct Unserializable;

impl Serialize for Unserializable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("no value"))
    }
}

#[tokio::test]
async fn send_reports_the_first_error_of_a_setter() {
    let (fake, client) = fake_and_client().await;
    let run = client.workflow("wf_1").run();
    for (run, block) in [
        (
            run.clone()
                .json("first", &Unserializable)
                .only_json(&Unserializable),
            "the block first",
        ),
        (
            run.only_json(&Unserializable).json("second", &1),
            "the only start block that accepts JSON",
        ),
    ] {
        let error = run.version(Version::Draft).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let message = format!("cannot serialize the value for {block}: no value");
        assert_eq!(error.to_string(), message);
    }
    assert!(fake.requests().is_empty());
}
