//! A workflow and its versions.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::graph::{Graph, blocks};
use crate::response::Response;
use crate::service::not_found::not_found;
use crate::service::timestamp;

/// The version ID of runs of a draft.
pub(super) const DRAFT_VERSION: &str = "ver_0000draft";

/// The maximum number of versions per workflow. The oldest version is dropped first.
const MAX_VERSIONS: usize = 1000;

/// A workflow.
#[derive(Clone)]
pub(super) struct Workflow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) project_id: Option<String>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) published: Option<Publication>,
    /// Versions, oldest first.
    pub(super) versions: Vec<Version>,
    pub(super) draft: Graph,
}

/// The published version.
#[derive(Clone)]
pub(super) struct Publication {
    version: String,
    published_at: DateTime<Utc>,
    description: String,
}

/// An immutable version.
#[derive(Clone)]
pub(super) struct Version {
    pub(super) id: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) graph: Graph,
}

impl Workflow {
    /// Creates a workflow with an empty draft.
    pub(super) fn empty(id: String, now: DateTime<Utc>) -> Self {
        Self {
            id,
            name: "Untitled Workflow".to_owned(),
            description: String::new(),
            project_id: None,
            created_at: now,
            updated_at: now,
            published: None,
            versions: Vec::new(),
            draft: Graph::default(),
        }
    }

    /// Creates a workflow with two versions, the second of which extracts data from a document.
    pub(super) fn example(now: DateTime<Utc>) -> Self {
        let first = blocks([("start_document-block-1", "start_document")]);
        let second = blocks([
            ("start_document-block-1", "start_document"),
            ("start-json-block-1", "start_json"),
            ("extract-block-1", "extract"),
        ]);
        let mut workflow = Self {
            name: "Invoices".to_owned(),
            ..Self::empty(String::new(), now)
        };
        workflow.publish_graph("ver_0000first", Graph::from_blocks(&first, now), "", now);
        let second = Graph::from_blocks(&second, now);
        workflow.publish_graph("ver_0000production", second.clone(), "", now);
        workflow.draft = second;
        workflow
    }

    /// Adds and publishes a version.
    pub(super) fn publish_graph(
        &mut self,
        id: &str,
        graph: Graph,
        description: &str,
        now: DateTime<Utc>,
    ) {
        if self.versions.len() >= MAX_VERSIONS {
            self.versions.remove(0);
        }
        self.published = Some(Publication {
            version: id.to_owned(),
            published_at: now,
            description: description.to_owned(),
        });
        self.versions.push(Version {
            id: id.to_owned(),
            created_at: now,
            graph,
        });
        self.updated_at = now;
    }

    pub(super) fn published_version(&self) -> Option<&str> {
        self.published
            .as_ref()
            .map(|published| published.version.as_str())
    }

    pub(super) fn version(&self, id: &str) -> Result<&Version, Response> {
        let version = self.versions.iter().find(|version| version.id == id);
        version.ok_or_else(|| not_found("workflow version"))
    }

    pub(super) fn to_json(&self) -> Value {
        let published = self.published.as_ref().map(|published| {
            json!({
                "version_id": published.version,
                "published_at": timestamp::format(published.published_at),
                "description": published.description,
            })
        });
        json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "project_id": self.project_id,
            "published": published,
            "created_at": timestamp::format(self.created_at),
            "updated_at": timestamp::format(self.updated_at),
        })
    }

    pub(super) fn response(&self, status: u16) -> Response {
        Response::json(status, &self.to_json())
    }

    /// Handles `GET /v1/workflows/{workflow_id}/spec`. The definition is JSON, which is valid YAML.
    pub(super) fn definition(&self) -> Response {
        let definition = json!({
            "name": self.name,
            "description": self.description,
            "blocks": self.draft.blocks_of_version(),
            "edges": self.draft.edges_of_version(),
        });
        let body = json!({"workflow_id": self.id, "yaml_definition": format!("{definition:#}\n")});
        Response::json(200, &body)
    }
}
