//! The edges of drafts, and those of versions.

use http::StatusCode;
use serde_json::{Value, json};

use super::workflow::{Version, Workflow};
use super::{Workflows, changes, nothing};
use crate::answer::Answer;
use crate::service::call::Call;
use crate::service::pages::page;
use crate::service::time;

pub(super) fn answer(workflows: &mut Workflows, call: &Call<'_>) -> Option<Result<Answer, Answer>> {
    Some(match call.operation {
        "list_edges" => workflows
            .of_query(call)
            .map(|workflow| list(workflow, call)),
        "create_edge" => create(workflows, call),
        "get_edge" => find(workflows, call).map(|(workflow, at)| {
            Answer::json(200, &document(&workflow.draft.edges[at], &workflow.id))
        }),
        "delete_edge" => find(workflows, call).map(|(workflow, at)| {
            workflow.draft.edges.remove(at);
            workflow.updated_at = call.now;
            Answer::empty(204)
        }),
        "list_edge_versions" => workflows.of_query(call).map(|workflow| {
            let edge = call.query_text("edge_id");
            let mut shown = versions(workflow, call.query_text("workflow_version_id"));
            shown.retain(|version| edge.is_none_or(|edge| version["edge_id"] == edge));
            page(call, shown, "id")
        }),
        "get_edge_version" => find_version(workflows, call.path("edge_version_id"))
            .map(|version| Answer::json(200, &version)),
        "diff_edge_versions" => diff(workflows, call),
        "restore_edge_version" => restore(workflows, call),
        _ => return None,
    })
}

fn list(workflow: &Workflow, call: &Call<'_>) -> Answer {
    let fits = |edge: &&Value, name: &str| {
        let wanted = call.query_text(name);
        wanted.is_none_or(|wanted| edge[name] == wanted)
    };
    let edges = workflow.draft.edges.iter();
    let edges = edges.filter(|edge| fits(edge, "source_block") && fits(edge, "target_block"));
    page(
        call,
        edges.map(|edge| document(edge, &workflow.id)).collect(),
        "id",
    )
}

fn create(workflows: &mut Workflows, call: &Call<'_>) -> Result<Answer, Answer> {
    let body = call.body();
    let workflow = workflows.get(body["workflow_id"].as_str().unwrap_or_default())?;
    for name in ["source_block", "target_block"] {
        if workflow
            .draft
            .blocks
            .iter()
            .all(|block| block["id"] != body[name])
        {
            return Err(nothing("block"));
        }
    }
    let free = (1..).map(|at| format!("edge-{at}"));
    let has = |id: &str| workflow.draft.edges.iter().any(|edge| edge["id"] == id);
    let id = match body["id"].as_str() {
        Some(id) if has(id) => {
            let message = "The draft has an edge of this id already";
            return Err(Answer::coded(StatusCode::CONFLICT, "edge_exists", message));
        }
        Some(id) => Some(id.to_owned()),
        None => free.into_iter().find(|id| !has(id)),
    };
    let edge = json!({
        "id": id,
        "source_block": body["source_block"],
        "target_block": body["target_block"],
        "source_handle": body["source_handle"],
        "target_handle": body["target_handle"],
        "updated_at": time::text(call.now),
    });
    let answer = Answer::json(201, &document(&edge, &workflow.id));
    workflow.draft.edges.push(edge);
    workflow.updated_at = call.now;
    Ok(answer)
}

fn find<'w>(
    workflows: &'w mut Workflows,
    call: &Call<'_>,
) -> Result<(&'w mut Workflow, usize), Answer> {
    let id = call.path("edge_id");
    let position = |workflow: &Workflow| {
        let mut edges = workflow.draft.edges.iter();
        edges.position(|edge| edge["id"] == id)
    };
    let found = match call.query_text("workflow_id") {
        Some(workflow) => Some(workflows.get(workflow)?),
        None => workflows
            .by_id
            .values_mut()
            .find(|workflow| position(workflow).is_some()),
    };
    match found.and_then(|workflow| Some((position(workflow)?, workflow))) {
        Some((at, workflow)) => Ok((workflow, at)),
        None => Err(nothing("edge")),
    }
}

fn document(edge: &Value, workflow: &str) -> Value {
    let mut shown = edge.clone();
    shown["workflow_id"] = json!(workflow);
    shown
}

/// The ids of what a version has of edges.
pub(super) fn version_ids(workflow: &str, version: &Version) -> Vec<String> {
    let edges = version.graph.edges.iter();
    edges
        .map(|edge| version_id(workflow, version, edge))
        .collect()
}

fn version_id(workflow: &str, version: &Version, edge: &Value) -> String {
    format!(
        "{workflow}.{}.{}",
        version.id,
        edge["id"].as_str().unwrap_or_default()
    )
}

fn versions(workflow: &Workflow, only: Option<&str>) -> Vec<Value> {
    let versions = workflow.versions.iter().rev();
    let versions = versions.filter(|version| only.is_none_or(|only| version.id == only));
    versions
        .flat_map(|version| {
            version.graph.edges.iter().map(|edge| {
                json!({
                    "id": version_id(&workflow.id, version, edge),
                    "edge_id": edge["id"],
                    "workflow_id": workflow.id,
                    "workflow_version_id": version.id,
                    "source": edge["source_block"],
                    "source_handle": edge["source_handle"],
                    "target": edge["target_block"],
                    "target_handle": edge["target_handle"],
                    "created_at": time::text(version.created_at),
                })
            })
        })
        .collect()
}

fn find_version(workflows: &Workflows, id: &str) -> Result<Value, Answer> {
    let all = workflows.by_id.values();
    let mut all = all.flat_map(|workflow| versions(workflow, None));
    let found = all.find(|version| version["id"] == id);
    found.ok_or_else(|| nothing("edge version"))
}

fn diff(workflows: &Workflows, call: &Call<'_>) -> Result<Answer, Answer> {
    let version = |name: &str| find_version(workflows, call.query_text(name).unwrap_or_default());
    let from = version("from_edge_version_id")?;
    let to = version("to_edge_version_id")?;
    let content = |version: &Value| {
        let mut content = version.clone();
        for name in ["id", "workflow_version_id", "created_at"] {
            content[name] = Value::Null;
        }
        content
    };
    let diff = json!({
        "from_edge_version_id": from["id"],
        "to_edge_version_id": to["id"],
        "edge_id": to["edge_id"],
        "changes": changes(&content(&from), &content(&to)),
    });
    Ok(Answer::json(200, &diff))
}

fn restore(workflows: &mut Workflows, call: &Call<'_>) -> Result<Answer, Answer> {
    let version = find_version(workflows, call.path("edge_version_id"))?;
    let workflow = workflows.get(version["workflow_id"].as_str().unwrap_or_default())?;
    let edge = json!({
        "id": version["edge_id"],
        "source_block": version["source"],
        "target_block": version["target"],
        "source_handle": version["source_handle"],
        "target_handle": version["target_handle"],
        "updated_at": time::text(call.now),
    });
    let answer = Answer::json(200, &document(&edge, &workflow.id));
    workflow
        .draft
        .edges
        .retain(|other| other["id"] != edge["id"]);
    workflow.draft.edges.push(edge);
    workflow.updated_at = call.now;
    Ok(answer)
}
