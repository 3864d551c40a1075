//! The workflow store.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use http::StatusCode;

use super::graph::{Block, Graph};
use super::workflow::{DRAFT_VERSION, Workflow};
use crate::clock::START;
use crate::response::Response;
use crate::service::not_found::not_found;
use crate::service::request::Request;

/// The ID of the example workflow, which always exists initially.
const EXAMPLE_WORKFLOW: &str = "wf_abc123xyz";

/// The number of workflows above which none are created implicitly.
const MAX_IMPLICIT: usize = 1000;

/// The workflows of the fake.
pub(crate) struct Workflows {
    pub(super) by_id: BTreeMap<String, Workflow>,
    /// The initial state of workflows that were not created by a request.
    template: Workflow,
    /// Whether the first use of an ID that starts with `wf_` creates the workflow.
    creates_implicitly: bool,
    pub(super) deleted: BTreeSet<String>,
    /// The number of workflows created by requests, from which IDs are derived.
    pub(super) created: usize,
    /// The number of versions published by requests, from which IDs are derived.
    pub(super) published: usize,
}

impl Default for Workflows {
    fn default() -> Self {
        let mut workflows = Self {
            by_id: BTreeMap::new(),
            template: Workflow::example(START),
            creates_implicitly: true,
            deleted: BTreeSet::new(),
            created: 0,
            published: 0,
        };
        workflows.add(EXAMPLE_WORKFLOW);
        workflows
    }
}

impl Workflows {
    /// Adds these workflows and disables the implicit creation of others.
    pub(crate) fn restrict_to(&mut self, ids: &[String]) {
        self.creates_implicitly = false;
        for id in ids {
            self.add(id);
        }
    }

    /// Adds a copy of the template.
    fn add(&mut self, id: &str) {
        let workflow = Workflow {
            id: id.to_owned(),
            ..self.template.clone()
        };
        self.by_id.insert(id.to_owned(), workflow);
    }

    /// Publishes a version in every existing and future workflow.
    pub(crate) fn publish_in_all(&mut self, version: &str, blocks: &[Block], now: DateTime<Utc>) {
        for workflow in self.all() {
            workflow.publish_graph(version, Graph::from_blocks(blocks, now), "", now);
        }
    }

    /// Unpublishes every workflow.
    pub(crate) fn unpublish_all(&mut self) {
        self.all().for_each(|workflow| workflow.published = None);
    }

    /// Replaces the blocks of every draft.
    pub(crate) fn edit_all_drafts(&mut self, blocks: &[Block], now: DateTime<Utc>) {
        self.all()
            .for_each(|workflow| workflow.draft = Graph::from_blocks(blocks, now));
    }

    fn all(&mut self) -> impl Iterator<Item = &mut Workflow> {
        std::iter::once(&mut self.template).chain(self.by_id.values_mut())
    }

    /// Returns whether a workflow exists.
    pub(crate) fn contains(&mut self, id: &str) -> bool {
        self.get(id).is_ok()
    }

    /// Returns a workflow, which may be created implicitly.
    pub(super) fn get(&mut self, id: &str) -> Result<&mut Workflow, Response> {
        let is_new = !self.by_id.contains_key(id) && !self.deleted.contains(id);
        let may_create = self.creates_implicitly && self.by_id.len() < MAX_IMPLICIT;
        if is_new && may_create && id.strip_prefix("wf_").is_some_and(|rest| !rest.is_empty()) {
            self.add(id);
        }
        self.by_id.get_mut(id).ok_or_else(|| not_found("workflow"))
    }

    /// Returns the ID of the version that a run with the given `version` argument uses.
    pub(crate) fn version_of_run(
        &mut self,
        workflow: &str,
        version: &str,
    ) -> Result<String, Response> {
        let workflow = self.get(workflow)?;
        match version {
            "draft" => Ok(DRAFT_VERSION.to_owned()),
            "production" => workflow
                .published_version()
                .map(ToOwned::to_owned)
                .ok_or_else(|| {
                    let message = "The workflow is not published";
                    Response::coded(StatusCode::CONFLICT, "workflow_not_published", message)
                }),
            pinned => Ok(workflow.version(pinned)?.id.clone()),
        }
    }

    /// Returns the workflow of the path parameter.
    pub(super) fn of_path(&mut self, request: &Request) -> Result<&mut Workflow, Response> {
        self.get(request.path("workflow_id"))
    }

    /// Returns the workflow of the query parameter.
    pub(super) fn of_query(&mut self, request: &Request) -> Result<&mut Workflow, Response> {
        self.get(request.query_text("workflow_id").unwrap_or_default())
    }
}
