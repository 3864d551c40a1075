//! The client methods under test, with the responses of a healthy server.

use std::path::Path;

use futures_util::StreamExt as _;
use http::Method;
use retab_ext::{Client, Document, Error, List as _, Outcome};
use retab_fake::ReceivedRequest;
use retab_fake::scripted_server::Script;
use serde_json::json;

/// The content of the downloaded file.
pub(crate) const CONTENT: &str = "HUNTER2 of the stored file";

/// A client method; the fault hits one of its requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scenario {
    /// `get_workflow_run`, which is idempotent.
    Read,
    /// `create_workflow_run`, which is not idempotent.
    Create,
    /// `files().upload(path)`: the fault hits the `PUT` to object storage.
    Upload,
    /// `run.wait()`: the fault hits the first poll.
    Wait,
    /// The items of a list: the fault hits the second page.
    Page,
    /// `file(id).download().to_path(path)`: the fault hits the `GET` from object storage.
    Download,
}

impl Scenario {
    pub(crate) const ALL: [Self; 6] = [
        Self::Read,
        Self::Create,
        Self::Upload,
        Self::Wait,
        Self::Page,
        Self::Download,
    ];

    /// Returns the operation of the request that hits the fault, as recorded in traces.
    pub(crate) fn operation(self) -> &'static str {
        match self {
            Self::Read | Self::Wait => "get_workflow_run",
            Self::Create => "create_workflow_run",
            Self::Upload => "upload_to_storage",
            Self::Page => "list_workflow_runs",
            Self::Download => "download_from_storage",
        }
    }

    /// Returns the number of attempts of that operation before the fault.
    pub(crate) fn attempts_before(self) -> usize {
        usize::from(self == Self::Page)
    }

    pub(crate) fn targets_storage(self) -> bool {
        matches!(self, Self::Upload | Self::Download)
    }

    /// Returns whether this request hits the fault or retries one that did.
    pub(crate) fn is_target(self, request: &ReceivedRequest) -> bool {
        match self {
            Self::Read | Self::Wait => request.path == "/v1/workflows/runs/run_1",
            Self::Create => request.method == Method::POST,
            Self::Upload => request.method == Method::PUT,
            Self::Page => request.query.contains("after=a"),
            Self::Download => request.path == "/object",
        }
    }

    /// Returns the status and the body of the valid response.
    pub(crate) fn valid_response(self) -> (u16, String) {
        match self {
            Self::Read => (200, run_json("run_1", "running")),
            Self::Create => (202, run_json("run_1", "running")),
            Self::Upload => (200, "HUNTER2 is stored".to_owned()),
            Self::Wait => (200, run_json("run_1", "completed")),
            Self::Page => (200, page("run_2", None)),
            Self::Download => (200, CONTENT.to_owned()),
        }
    }

    /// Returns the responses of the service before the request that hits the fault.
    pub(crate) fn preceding_responses(self, storage: &str, presigned_urls: usize) -> Vec<Script> {
        match self {
            Self::Read | Self::Create => Vec::new(),
            Self::Upload => vec![session(storage); presigned_urls],
            Self::Wait => vec![Script::json(202, &run_json("run_1", "running"))],
            Self::Page => vec![Script::json(200, &page("run_1", Some("a")))],
            Self::Download => vec![link(storage); presigned_urls],
        }
    }

    /// Runs the method and checks its output. Returns `ok`, or `timed out` for a wait.
    pub(crate) async fn run(self, client: Client, folder: &Path) -> Result<&'static str, Error> {
        match self {
            Self::Read => assert_eq!(client.run("run_1").get().await?.id().as_str(), "run_1"),
            Self::Create => {
                let request = client.workflow("wf_1").run();
                let document = Document::path(folder.join("upload.txt"));
                let run = request.document("block-1", document).send().await?;
                assert_eq!(run.id().as_str(), "run_1");
            }
            Self::Upload => {
                let document = Document::path(folder.join("upload.txt"));
                let stored = client.files().upload(document).send().await?;
                assert_eq!(stored.id().as_str(), "file_1");
            }
            Self::Wait => match client.workflow("wf_1").run().send().await?.wait().await? {
                Outcome::Completed { run, .. } => assert_eq!(run.id().as_str(), "run_1"),
                Outcome::TimedOut { .. } => return Ok("timed out"),
                other => panic!("{other:?}"),
            },
            Self::Page => {
                let mut items = client.api().list_workflow_runs().items();
                for id in ["run_1", "run_2"] {
                    assert_eq!(items.next().await.unwrap()?.id, id);
                }
                assert!(items.next().await.is_none());
            }
            Self::Download => {
                let path = folder.join("download.txt");
                client.file("file_1").download().to_path(path).await?;
            }
        }
        Ok("ok")
    }
}

/// Returns a run as JSON.
pub(crate) fn run_json(id: &str, status: &str) -> String {
    json!({
        "id": id,
        "workflow_id": "wf_1",
        "workflow_version_id": "ver_1",
        "trigger": {"type": "api"},
        "lifecycle": {"status": status},
        "timing": {"created_at": "2026-03-09T10:30:00Z"},
    })
    .to_string()
}

fn page(id: &str, after: Option<&str>) -> String {
    let after = json!({"before": null, "after": after});
    format!(
        r#"{{"data":[{}],"list_metadata":{after}}}"#,
        run_json(id, "completed")
    )
}

fn session(storage: &str) -> Script {
    let session = json!({
        "fileId": "file_1",
        "uploadUrl": format!("{storage}/object?signature=HUNTER2"),
        "uploadMethod": "PUT",
        "uploadHeaders": {"x-upload-token": "token"},
        "expiresAt": "2026-03-09T11:30:00Z",
    });
    Script::json(200, &session.to_string())
}

pub(crate) fn completion() -> Script {
    let stored = json!({"filename": "upload.txt", "url": "https://storage.retab.example/file_1"});
    Script::json(200, &stored.to_string())
}

fn link(storage: &str) -> Script {
    let link = json!({
        "download_url": format!("{storage}/object?signature=HUNTER2"),
        "expires_in": "60 minutes",
        "filename": "download.txt",
    });
    Script::json(200, &link.to_string())
}
