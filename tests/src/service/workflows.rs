//! The workflow of the fake: its versions, its draft, and what is published. Every workflow id is an id of it.

use http::StatusCode;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::answer::Answer;
use crate::received::Received;

const TIME: &str = "2026-03-09T10:30:00Z";

/// The workflow of the fake.
pub(crate) struct Workflows {
    /// The id of the version in production.
    pub(crate) published: Option<String>,
    /// The oldest first.
    versions: Vec<Version>,
    draft: Blocks,
}

struct Version {
    id: String,
    blocks: Blocks,
}

/// Ids and types.
type Blocks = Vec<(String, String)>;

impl Default for Workflows {
    fn default() -> Self {
        let first = [("start_document-block-1", "start_document")];
        let second = [
            ("start_document-block-1", "start_document"),
            ("start-json-block-1", "start_json"),
            ("extract-block-1", "extract"),
        ];
        let mut workflows = Self {
            published: None,
            versions: Vec::new(),
            draft: blocks(second),
        };
        workflows.publish("ver_0000first", blocks(first));
        workflows.publish("ver_0000production", blocks(second));
        workflows
    }
}

impl Workflows {
    /// Adds a version, which is in production then.
    pub(crate) fn publish(&mut self, id: &str, blocks: Blocks) {
        let id = id.to_owned();
        self.published = Some(id.clone());
        self.versions.push(Version { id, blocks });
    }

    /// Sets the blocks of the draft.
    pub(crate) fn edit_draft(&mut self, blocks: Blocks) {
        self.draft = blocks;
    }

    /// `GET /v1/workflows/{workflow_id}`
    pub(crate) fn read(&self, id: &str) -> Answer {
        let published = self.published.as_ref();
        Answer::json(
            200,
            &json!({
                "id": id,
                "name": "Invoices",
                "published": published.map(|id| json!({"version_id": id, "published_at": TIME})),
                "created_at": TIME,
                "updated_at": TIME,
            }),
        )
    }

    /// `GET /v1/workflows/versions`, the newest first
    pub(crate) fn list_versions(&self, request: &Received) -> Answer {
        let workflow = parameter(request, "workflow_id");
        let versions = self.versions.iter().rev();
        whole_list(versions.map(|version| version.document(&workflow)))
    }

    /// `GET /v1/workflows/versions/{workflow_version_id}`
    pub(crate) fn read_version(&self, id: &str, request: &Received) -> Answer {
        match self.version(id) {
            Some(version) => {
                Answer::json(200, &version.document(&parameter(request, "workflow_id")))
            }
            None => no_version(),
        }
    }

    /// `GET /v1/workflows/versions/diff`
    pub(crate) fn diff(&self, request: &Received) -> Answer {
        let from = parameter(request, "from_workflow_version_id");
        let to = parameter(request, "to_workflow_version_id");
        let (Some(from), Some(to)) = (self.version(&from), self.version(&to)) else {
            return no_version();
        };
        let only_in = |these: &Version, others: &Version| -> Vec<String> {
            let ids = these.blocks.iter().map(|(id, _)| id.clone());
            ids.filter(|id| others.blocks.iter().all(|(other, _)| other != id))
                .collect()
        };
        Answer::json(
            200,
            &json!({
                "from_workflow_version_id": from.id,
                "to_workflow_version_id": to.id,
                "added_block_ids": only_in(to, from),
                "removed_block_ids": only_in(from, to),
            }),
        )
    }

    /// `POST /v1/workflows/versions/{workflow_version_id}/restore`
    pub(crate) fn restore(&mut self, id: &str, request: &Received) -> Answer {
        let Some(version) = self.version(id) else {
            return no_version();
        };
        self.draft = version.blocks.clone();
        self.read(&parameter(request, "workflow_id"))
    }

    /// `GET /v1/workflows/blocks`
    pub(crate) fn list_blocks(&self, request: &Received) -> Answer {
        let workflow = parameter(request, "workflow_id");
        whole_list(self.draft.iter().map(
            |(id, kind)| json!({"id": id, "workflow_id": workflow, "type": kind, "updated_at": TIME}),
        ))
    }

    fn version(&self, id: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.id == id)
    }
}

impl Version {
    fn document(&self, workflow: &str) -> Value {
        let position = json!({"x": 0, "y": 0});
        let blocks = self
            .blocks
            .iter()
            .map(|(id, kind)| json!({"id": id, "type": kind, "label": id, "position": position}));
        json!({
            "id": self.id,
            "workflow_id": workflow,
            "blocks": blocks.collect::<Vec<_>>(),
            "created_at": TIME,
        })
    }
}

/// Owned ids and types of blocks.
pub(crate) fn blocks<'b>(blocks: impl IntoIterator<Item = (&'b str, &'b str)>) -> Blocks {
    let owned = |(id, kind): (&str, &str)| (id.to_owned(), kind.to_owned());
    blocks.into_iter().map(owned).collect()
}

/// The value of a query parameter; empty where it is not there.
pub(crate) fn parameter(request: &Received, name: &str) -> String {
    let mut pairs = form_urlencoded::parse(request.query.as_bytes());
    let value = pairs.find_map(|(other, value)| (other == name).then(|| value.into_owned()));
    value.unwrap_or_default()
}

/// A list that goes on one page.
pub(crate) fn whole_list(items: impl Iterator<Item = Value>) -> Answer {
    let data: Vec<Value> = items.collect();
    Answer::json(
        200,
        &json!({"data": data, "list_metadata": {"before": null, "after": null}}),
    )
}

fn no_version() -> Answer {
    Answer::coded(
        StatusCode::NOT_FOUND,
        "workflow_version_not_found",
        "There is no version of this id",
    )
}
