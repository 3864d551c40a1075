//! The edges of drafts, and those of versions.

use serde_json::{Value, json};

use super::parts::{Kind, document, free_id};
use super::workflow::Workflow;
use super::{Workflows, nothing};
use crate::response::Response;
use crate::service::call::Call;
use crate::service::pages::page;
use crate::service::time;

pub(super) const EDGE: Kind = Kind {
    name: "edge",
    of: |graph| &graph.edges,
    in_version: |edge| {
        json!({
            "source": edge["source_block"],
            "source_handle": edge["source_handle"],
            "target": edge["target_block"],
            "target_handle": edge["target_handle"],
        })
    },
};

pub(super) fn answer(
    workflows: &mut Workflows,
    call: &Call<'_>,
) -> Option<Result<Response, Response>> {
    Some(match call.operation {
        "list_edges" => workflows
            .of_query(call)
            .map(|workflow| list(workflow, call)),
        "create_edge" => create(workflows, call),
        "get_edge" => EDGE.find(workflows, call).map(|(workflow, at)| {
            Response::json(200, &document(&workflow.draft.edges[at], &workflow.id))
        }),
        "delete_edge" => EDGE.find(workflows, call).map(|(workflow, at)| {
            workflow.draft.edges.remove(at);
            workflow.updated_at = call.now;
            Response::empty(204)
        }),
        "list_edge_versions" => workflows
            .of_query(call)
            .map(|workflow| EDGE.list_versions(workflow, call)),
        "get_edge_version" => EDGE
            .find_version(workflows, call.path("edge_version_id"))
            .map(|version| Response::json(200, &version)),
        "diff_edge_versions" => EDGE.diff(workflows, call),
        "restore_edge_version" => restore(workflows, call),
        _ => return None,
    })
}

fn list(workflow: &Workflow, call: &Call<'_>) -> Response {
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

fn create(workflows: &mut Workflows, call: &Call<'_>) -> Result<Response, Response> {
    let body = call.body();
    let workflow = workflows.get(body["workflow_id"].as_str().unwrap_or_default())?;
    for name in ["source_block", "target_block"] {
        let mut blocks = workflow.draft.blocks.iter();
        if blocks.all(|block| block["id"] != body[name]) {
            return Err(nothing("block"));
        }
    }
    let edge = json!({
        "id": free_id(&workflow.draft.edges, &body["id"], "edge")?,
        "source_block": body["source_block"],
        "target_block": body["target_block"],
        "source_handle": body["source_handle"],
        "target_handle": body["target_handle"],
        "updated_at": time::text(call.now),
    });
    let answer = Response::json(201, &document(&edge, &workflow.id));
    workflow.draft.edges.push(edge);
    workflow.updated_at = call.now;
    Ok(answer)
}

fn restore(workflows: &mut Workflows, call: &Call<'_>) -> Result<Response, Response> {
    let version = EDGE.find_version(workflows, call.path("edge_version_id"))?;
    let workflow = workflows.get(version["workflow_id"].as_str().unwrap_or_default())?;
    let edge = json!({
        "id": version["edge_id"],
        "source_block": version["source"],
        "target_block": version["target"],
        "source_handle": version["source_handle"],
        "target_handle": version["target_handle"],
        "updated_at": time::text(call.now),
    });
    let answer = Response::json(200, &document(&edge, &workflow.id));
    workflow
        .draft
        .edges
        .retain(|other| other["id"] != edge["id"]);
    workflow.draft.edges.push(edge);
    workflow.updated_at = call.now;
    Ok(answer)
}
