//! Lookup, versions and comparison, shared by blocks and edges.

use serde_json::{Value, json};

use super::diff::field_changes;
use super::graph::Graph;
use super::store::Workflows;
use super::workflow::{Version, Workflow};
use crate::response::Response;
use crate::service::not_found::not_found;
use crate::service::pages::page;
use crate::service::request::Request;
use crate::service::timestamp;

/// A kind of graph part: block or edge.
pub(super) struct Kind {
    /// The name in ID parameters and error responses.
    pub(super) name: &'static str,
    /// Returns the parts of this kind in a graph.
    pub(super) parts: fn(&Graph) -> &Vec<Value>,
    /// Converts a part to its JSON representation in a version, without the fields that all part versions share.
    pub(super) in_version: fn(&Value) -> Value,
}

/// Version fields that comparisons ignore.
const IGNORED_FIELDS: [&str; 4] = ["id", "workflow_version_id", "created_at", "updated_at"];

impl Kind {
    /// Finds the part of the path parameter in a draft and returns its workflow and index.
    ///
    /// Searches the workflow of the query parameter, or all workflows if there is none.
    pub(super) fn find<'w>(
        &self,
        workflows: &'w mut Workflows,
        request: &Request,
    ) -> Result<(&'w mut Workflow, usize), Response> {
        let id = request.path(&format!("{}_id", self.name));
        let position = |workflow: &Workflow| {
            (self.parts)(&workflow.draft)
                .iter()
                .position(|part| part["id"] == id)
        };
        let found = if let Some(workflow) = request.query_text("workflow_id") {
            Some(workflows.get(workflow)?)
        } else {
            let mut all = workflows.by_id.values_mut();
            all.find(|workflow| position(workflow).is_some())
        };
        let found = found.and_then(|workflow| Some((position(workflow)?, workflow)));
        match found {
            Some((index, workflow)) => Ok((workflow, index)),
            None => Err(not_found(self.name)),
        }
    }

    /// Returns the part version IDs of a workflow version.
    pub(super) fn version_ids(&self, workflow: &str, version: &Version) -> Vec<String> {
        let all = (self.parts)(&version.graph).iter();
        all.map(|part| version_id(workflow, version, part))
            .collect()
    }

    /// Returns a page of part versions, newest workflow version first.
    pub(super) fn list_versions(&self, workflow: &Workflow, request: &Request) -> Response {
        let id = self.id_name();
        let expected = request.query_text(&id);
        let mut versions = self.versions(workflow, request.query_text("workflow_version_id"));
        versions.retain(|version| expected.is_none_or(|expected| version[&id] == expected));
        page(request, versions, "id")
    }

    fn id_name(&self) -> String {
        format!("{}_id", self.name)
    }

    fn versions(&self, workflow: &Workflow, only: Option<&str>) -> Vec<Value> {
        let versions = workflow.versions.iter().rev();
        let versions = versions.filter(|version| only.is_none_or(|only| version.id == only));
        let part_version = |version: &Version, part: &Value| {
            let mut value = (self.in_version)(part);
            value[self.id_name()] = part["id"].clone();
            value["id"] = json!(version_id(&workflow.id, version, part));
            value["workflow_id"] = json!(workflow.id);
            value["workflow_version_id"] = json!(version.id);
            value["created_at"] = json!(timestamp::format(version.created_at));
            value
        };
        versions
            .flat_map(|version| {
                (self.parts)(&version.graph)
                    .iter()
                    .map(move |part| (version, part))
            })
            .map(|(version, part)| part_version(version, part))
            .collect()
    }

    /// Returns a part version.
    pub(super) fn find_version(&self, workflows: &Workflows, id: &str) -> Result<Value, Response> {
        let all = workflows.by_id.values();
        let mut all = all.flat_map(|workflow| self.versions(workflow, None));
        let found = all.find(|version| version["id"] == id);
        found.ok_or_else(|| not_found(&format!("{} version", self.name)))
    }

    /// Compares two part versions.
    pub(super) fn diff(
        &self,
        workflows: &Workflows,
        request: &Request,
    ) -> Result<Response, Response> {
        let names = ["from", "to"].map(|side| format!("{side}_{}_version_id", self.name));
        let version =
            |name: &str| self.find_version(workflows, request.query_text(name).unwrap_or_default());
        let (from, to) = (version(&names[0])?, version(&names[1])?);
        let content = |version: &Value| {
            let mut content = version.clone();
            for name in IGNORED_FIELDS {
                content[name] = Value::Null;
            }
            content
        };
        let mut diff = json!({"changes": field_changes(&content(&from), &content(&to))});
        diff[&names[0]] = from["id"].clone();
        diff[&names[1]] = to["id"].clone();
        diff[self.id_name()] = to[self.id_name()].clone();
        Ok(Response::json(200, &diff))
    }
}

fn version_id(workflow: &str, version: &Version, part: &Value) -> String {
    let id = part["id"].as_str().unwrap_or_default();
    format!("{workflow}.{}.{id}", version.id)
}

/// Returns the JSON representation of a part of a draft.
pub(super) fn to_json(part: &Value, workflow: &str) -> Value {
    let mut value = part.clone();
    value["workflow_id"] = json!(workflow);
    value
}

/// Returns the requested ID, or the first unused ID with this prefix if none is requested.
///
/// # Errors
///
/// Returns a 409 response if the requested ID is already used.
pub(super) fn free_id(
    parts: &[Value],
    requested: &Value,
    prefix: &str,
) -> Result<String, Response> {
    let is_taken = |id: &str| parts.iter().any(|part| part["id"] == id);
    match requested.as_str() {
        Some(id) if is_taken(id) => {
            let message = "The draft already contains this ID";
            Err(Response::coded(
                http::StatusCode::CONFLICT,
                "id_is_taken",
                message,
            ))
        }
        Some(id) => Ok(id.to_owned()),
        None => {
            let mut number = 1;
            while is_taken(&format!("{prefix}-{number}")) {
                number += 1;
            }
            Ok(format!("{prefix}-{number}"))
        }
    }
}
