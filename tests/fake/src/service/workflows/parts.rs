//! What blocks and edges have in common: where they stand in drafts, and how versions show them.

use serde_json::{Value, json};

use super::graph::Graph;
use super::workflow::{Version, Workflow};
use super::{Workflows, changes, nothing};
use crate::response::Response;
use crate::service::call::Call;
use crate::service::pages::page;
use crate::service::time;

/// One of the two.
pub(super) struct Kind {
    /// What it is called in ids and refusals.
    pub(super) name: &'static str,
    /// Those of a graph.
    pub(super) of: fn(&Graph) -> &Vec<Value>,
    /// One of a graph as a version shows it, without what all versions have.
    pub(super) in_version: fn(&Value) -> Value,
}

/// What says where and when a version has something, and not what.
const CIRCUMSTANCES: [&str; 4] = ["id", "workflow_version_id", "created_at", "updated_at"];

impl Kind {
    /// The workflow whose draft has it, and where in it: the one that is named, else the first that has one.
    pub(super) fn find<'w>(
        &self,
        workflows: &'w mut Workflows,
        call: &Call<'_>,
    ) -> Result<(&'w mut Workflow, usize), Response> {
        let id = call.path(&format!("{}_id", self.name));
        let position = |workflow: &Workflow| {
            (self.of)(&workflow.draft)
                .iter()
                .position(|one| one["id"] == id)
        };
        let found = if let Some(workflow) = call.query_text("workflow_id") {
            Some(workflows.get(workflow)?)
        } else {
            let mut all = workflows.by_id.values_mut();
            all.find(|workflow| position(workflow).is_some())
        };
        let found = found.and_then(|workflow| Some((position(workflow)?, workflow)));
        match found {
            Some((at, workflow)) => Ok((workflow, at)),
            None => Err(nothing(self.name)),
        }
    }

    /// The ids of what a version of a workflow has of them.
    pub(super) fn version_ids(&self, workflow: &str, version: &Version) -> Vec<String> {
        let all = (self.of)(&version.graph).iter();
        all.map(|one| version_id(workflow, version, one)).collect()
    }

    /// The page of what the versions of a workflow have of them, the newest version first.
    pub(super) fn list_versions(&self, workflow: &Workflow, call: &Call<'_>) -> Response {
        let id = self.id_name();
        let wanted = call.query_text(&id);
        let mut shown = self.versions(workflow, call.query_text("workflow_version_id"));
        shown.retain(|version| wanted.is_none_or(|wanted| version[&id] == wanted));
        page(call, shown, "id")
    }

    fn id_name(&self) -> String {
        format!("{}_id", self.name)
    }

    fn versions(&self, workflow: &Workflow, only: Option<&str>) -> Vec<Value> {
        let versions = workflow.versions.iter().rev();
        let versions = versions.filter(|version| only.is_none_or(|only| version.id == only));
        let shown = |version: &Version, one: &Value| {
            let mut shown = (self.in_version)(one);
            shown[self.id_name()] = one["id"].clone();
            shown["id"] = json!(version_id(&workflow.id, version, one));
            shown["workflow_id"] = json!(workflow.id);
            shown["workflow_version_id"] = json!(version.id);
            shown["created_at"] = json!(time::text(version.created_at));
            shown
        };
        versions
            .flat_map(|version| {
                (self.of)(&version.graph)
                    .iter()
                    .map(move |one| (version, one))
            })
            .map(|(version, one)| shown(version, one))
            .collect()
    }

    /// What a version has of one of them.
    pub(super) fn find_version(&self, workflows: &Workflows, id: &str) -> Result<Value, Response> {
        let all = workflows.by_id.values();
        let mut all = all.flat_map(|workflow| self.versions(workflow, None));
        let found = all.find(|version| version["id"] == id);
        found.ok_or_else(|| nothing(&format!("{} version", self.name)))
    }

    /// What has changed from one version of it to another.
    pub(super) fn diff(
        &self,
        workflows: &Workflows,
        call: &Call<'_>,
    ) -> Result<Response, Response> {
        let names = ["from", "to"].map(|side| format!("{side}_{}_version_id", self.name));
        let version =
            |name: &str| self.find_version(workflows, call.query_text(name).unwrap_or_default());
        let (from, to) = (version(&names[0])?, version(&names[1])?);
        let content = |version: &Value| {
            let mut content = version.clone();
            for name in CIRCUMSTANCES {
                content[name] = Value::Null;
            }
            content
        };
        let mut diff = json!({"changes": changes(&content(&from), &content(&to))});
        diff[&names[0]] = from["id"].clone();
        diff[&names[1]] = to["id"].clone();
        diff[self.id_name()] = to[self.id_name()].clone();
        Ok(Response::json(200, &diff))
    }
}

fn version_id(workflow: &str, version: &Version, one: &Value) -> String {
    let id = one["id"].as_str().unwrap_or_default();
    format!("{workflow}.{}.{id}", version.id)
}

/// One of a draft, with its workflow.
pub(super) fn document(one: &Value, workflow: &str) -> Value {
    let mut shown = one.clone();
    shown["workflow_id"] = json!(workflow);
    shown
}

/// An id that none of them has: the one that is given, else the first free one of this form.
pub(super) fn free_id(those: &[Value], given: &Value, form: &str) -> Result<String, Response> {
    let is_taken = |id: &str| those.iter().any(|other| other["id"] == id);
    match given.as_str() {
        Some(id) if is_taken(id) => {
            let message = "The draft has one of this id already";
            Err(Response::coded(
                http::StatusCode::CONFLICT,
                "id_is_taken",
                message,
            ))
        }
        Some(id) => Ok(id.to_owned()),
        None => {
            let mut at = 1;
            while is_taken(&format!("{form}-{at}")) {
                at += 1;
            }
            Ok(format!("{form}-{at}"))
        }
    }
}
