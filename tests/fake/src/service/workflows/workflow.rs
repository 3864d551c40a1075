//! One workflow.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::graph::{Graph, blocks};
use super::nothing;
use crate::response::Response;
use crate::service::time;

/// The most versions of a workflow; the oldest that are not in production go first.
const MOST_VERSIONS: usize = 1000;

#[derive(Clone)]
pub(super) struct Workflow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) project_id: Option<String>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) published: Option<Published>,
    /// The oldest first.
    pub(super) versions: Vec<Version>,
    pub(super) draft: Graph,
}

/// What is in production.
#[derive(Clone)]
pub(super) struct Published {
    version: String,
    at: DateTime<Utc>,
    description: String,
}

/// A version, which never changes.
#[derive(Clone)]
pub(super) struct Version {
    pub(super) id: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) graph: Graph,
}

impl Workflow {
    /// A workflow that was just created.
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

    /// A workflow of two versions, which extracts what is in a document.
    pub(super) fn of_the_examples(now: DateTime<Utc>) -> Self {
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
        workflow.publish_graph("ver_0000first", Graph::of(&first, now), "", now);
        let second = Graph::of(&second, now);
        workflow.publish_graph("ver_0000production", second.clone(), "", now);
        workflow.draft = second;
        workflow
    }

    /// Adds a version, which is in production then.
    pub(super) fn publish_graph(
        &mut self,
        id: &str,
        graph: Graph,
        description: &str,
        now: DateTime<Utc>,
    ) {
        if self.versions.len() >= MOST_VERSIONS {
            self.versions.remove(0);
        }
        self.published = Some(Published {
            version: id.to_owned(),
            at: now,
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
        version.ok_or_else(|| nothing("workflow version"))
    }

    pub(super) fn document(&self) -> Value {
        let published = self.published.as_ref().map(|published| {
            json!({
                "version_id": published.version,
                "published_at": time::text(published.at),
                "description": published.description,
            })
        });
        json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "project_id": self.project_id,
            "published": published,
            "created_at": time::text(self.created_at),
            "updated_at": time::text(self.updated_at),
        })
    }

    pub(super) fn answer(&self, status: u16) -> Response {
        Response::json(status, &self.document())
    }

    /// `GET /v1/workflows/{workflow_id}/spec`: JSON is YAML as well.
    pub(super) fn spec(&self) -> Response {
        let spec = json!({
            "name": self.name,
            "description": self.description,
            "blocks": self.draft.blocks_of_version(),
            "edges": self.draft.edges_of_version(),
        });
        let spec = json!({"workflow_id": self.id, "yaml_definition": format!("{spec:#}\n")});
        Response::json(200, &spec)
    }
}
