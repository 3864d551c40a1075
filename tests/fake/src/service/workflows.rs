//! Workflows, with their versions, their drafts, and what is published of them.

mod blocks;
mod edges;
mod graph;
mod parts;
mod versions;
mod workflow;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use super::pages::page;
use crate::clock::START;
use crate::response::Response;
pub(crate) use graph::{Block, blocks};
use workflow::Workflow;

/// The workflow of the examples, which every fake has.
const WELL_KNOWN: &str = "wf_abc123xyz";

/// The most workflows that come to be because they are named.
const MOST_NAMED: usize = 1000;

/// The workflows of the fake.
pub(crate) struct Workflows {
    by_id: BTreeMap<String, Workflow>,
    /// What workflows start as that nobody has created.
    template: Workflow,
    /// Whether an id that starts as ids of workflows do has one from its first use.
    appear_when_named: bool,
    deleted: BTreeSet<String>,
    /// How many were created, and how many versions published.
    created: usize,
    published: usize,
}

impl Default for Workflows {
    fn default() -> Self {
        let mut workflows = Self {
            by_id: BTreeMap::new(),
            template: Workflow::of_the_examples(START),
            appear_when_named: true,
            deleted: BTreeSet::new(),
            created: 0,
            published: 0,
        };
        workflows.add(WELL_KNOWN);
        workflows
    }
}

impl Workflows {
    /// Lets only these workflows be there, beside the one of the examples and those that are created.
    pub(crate) fn only(&mut self, ids: &[String]) {
        self.appear_when_named = false;
        for id in ids {
            self.add(id);
        }
    }

    /// Adds a workflow as the one of the examples is.
    fn add(&mut self, id: &str) {
        let workflow = Workflow {
            id: id.to_owned(),
            ..self.template.clone()
        };
        self.by_id.insert(id.to_owned(), workflow);
    }

    /// Publishes a version in every workflow, and in those that come.
    pub(crate) fn publish_in_all(&mut self, version: &str, blocks: &[Block], now: DateTime<Utc>) {
        for workflow in self.all() {
            workflow.publish_graph(version, graph::Graph::of(blocks, now), "", now);
        }
    }

    /// Takes what is published out of production in every workflow.
    pub(crate) fn unpublish_all(&mut self) {
        self.all().for_each(|workflow| workflow.published = None);
    }

    /// Sets the blocks of every draft.
    pub(crate) fn edit_all_drafts(&mut self, blocks: &[Block], now: DateTime<Utc>) {
        self.all()
            .for_each(|workflow| workflow.draft = graph::Graph::of(blocks, now));
    }

    fn all(&mut self) -> impl Iterator<Item = &mut Workflow> {
        std::iter::once(&mut self.template).chain(self.by_id.values_mut())
    }

    /// Whether there is a workflow of this id.
    pub(crate) fn has(&mut self, id: &str) -> bool {
        self.get(id).is_ok()
    }

    /// The workflow of this id.
    fn get(&mut self, id: &str) -> Result<&mut Workflow, Response> {
        let is_new = !self.by_id.contains_key(id) && !self.deleted.contains(id);
        let may_appear = self.appear_when_named && self.by_id.len() < MOST_NAMED;
        if is_new && may_appear && id.strip_prefix("wf_").is_some_and(|rest| !rest.is_empty()) {
            self.add(id);
        }
        self.by_id.get_mut(id).ok_or_else(no_workflow)
    }

    /// The id of the version that a run of a workflow takes.
    pub(crate) fn version_of_run(
        &mut self,
        workflow: &str,
        wanted: &str,
    ) -> Result<String, Response> {
        let workflow = self.get(workflow)?;
        match wanted {
            "draft" => Ok(versions::DRAFT.to_owned()),
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

    pub(crate) fn answer(&mut self, call: &Call<'_>) -> Option<Response> {
        let answer = match call.operation {
            "list_workflows" => Ok(self.list(call)),
            "create_workflow" => Ok(self.create(call)),
            "get_workflow" => self.of_path(call).map(|workflow| workflow.answer(200)),
            "update_workflow" => self.update(call),
            "delete_workflow" => self.delete(call),
            "publish_workflow" => self.publish(call),
            "discard_draft_workflow" => self.discard_draft(call),
            "export_workflow_spec" => self.of_path(call).map(|workflow| workflow.spec()),
            _ => return self.answer_of_parts(call),
        };
        Some(answer.unwrap_or_else(|refusal| refusal))
    }

    fn answer_of_parts(&mut self, call: &Call<'_>) -> Option<Response> {
        let answer = versions::answer(self, call)
            .or_else(|| blocks::answer(self, call))
            .or_else(|| edges::answer(self, call))?;
        Some(answer.unwrap_or_else(|refusal| refusal))
    }

    fn of_path(&mut self, call: &Call<'_>) -> Result<&mut Workflow, Response> {
        self.get(call.path("workflow_id"))
    }

    /// The workflow that a query names.
    fn of_query(&mut self, call: &Call<'_>) -> Result<&mut Workflow, Response> {
        self.get(call.query_text("workflow_id").unwrap_or_default())
    }

    fn list(&self, call: &Call<'_>) -> Response {
        let project = call.query_text("project_id");
        let mut workflows: Vec<&Workflow> = self.by_id.values().collect();
        workflows.retain(|workflow| project.is_none() || workflow.project_id.as_deref() == project);
        workflows.sort_by_key(|workflow| workflow.created_at);
        let documents = workflows.into_iter().map(Workflow::document);
        page(call, documents.collect(), "id")
    }

    fn create(&mut self, call: &Call<'_>) -> Response {
        self.created += 1;
        let body = call.body();
        let text = |name: &str| body[name].as_str().map(ToOwned::to_owned);
        let mut workflow = Workflow::empty(format!("wf_{:06}", self.created), call.now);
        workflow.name = text("name").unwrap_or(workflow.name);
        workflow.description = text("description").unwrap_or_default();
        workflow.project_id = text("project_id");
        let answer = workflow.answer(201);
        self.by_id.insert(workflow.id.clone(), workflow);
        answer
    }

    fn update(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let workflow = self.of_path(call)?;
        if let Some(name) = call.body()["name"].as_str() {
            name.clone_into(&mut workflow.name);
        }
        // Null takes the text away, as far as a text that is always there can be taken away.
        if let Some(description) = call.body().get("description") {
            let text = description.as_str().unwrap_or_default();
            text.clone_into(&mut workflow.description);
        }
        workflow.updated_at = call.now;
        Ok(workflow.answer(200))
    }

    fn delete(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let id = self.of_path(call)?.id.clone();
        self.by_id.remove(&id);
        self.deleted.insert(id);
        Ok(Response::empty(204))
    }

    fn publish(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let id = format!("ver_{:06}", self.published + 1);
        let workflow = self.of_path(call)?;
        let description = call.body()["description"].as_str().unwrap_or_default();
        workflow.publish_graph(&id, workflow.draft.clone(), description, call.now);
        let answer = workflow.answer(200);
        self.published += 1;
        Ok(answer)
    }

    fn discard_draft(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let workflow = self.of_path(call)?;
        let Some(published) = workflow.published_version().map(ToOwned::to_owned) else {
            let message = "The workflow is not published, so that there is nothing to go back to";
            return Err(Response::coded(
                StatusCode::CONFLICT,
                "workflow_not_published",
                message,
            ));
        };
        workflow.draft = workflow.version(&published)?.graph.clone();
        workflow.updated_at = call.now;
        Ok(workflow.answer(200))
    }
}

/// The refusal of an id that nothing has.
pub(crate) fn nothing(what: &str) -> Response {
    let code = format!("{}_not_found", what.replace(' ', "_"));
    let message = format!("There is no {what} of this id");
    Response::coded(StatusCode::NOT_FOUND, &code, &message)
}

fn no_workflow() -> Response {
    nothing("workflow")
}

/// What differs between two objects, by their fields.
fn changes(from: &Value, to: &Value) -> Value {
    let no_fields = serde_json::Map::new();
    let fields = |object: &Value| {
        object
            .as_object()
            .cloned()
            .unwrap_or_else(|| no_fields.clone())
    };
    let (from, to) = (fields(from), fields(to));
    let names: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    let changed = names
        .into_iter()
        .filter(|name| from.get(*name) != to.get(*name));
    changed
        .map(|name| json!({"field": name, "from_value": from.get(name), "to_value": to.get(name)}))
        .collect()
}
