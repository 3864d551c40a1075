//! Edges of drafts and versions.

use serde_json::{Value, json};

use super::parts::{Kind, free_id, to_json};
use super::store::Workflows;
use super::workflow::Workflow;
use crate::response::Response;
use crate::service::not_found::not_found;
use crate::service::pages::page;
use crate::service::request::Request;
use crate::service::timestamp;

pub(super) const EDGE: Kind = Kind {
    name: "edge",
    parts: |graph| &graph.edges,
    in_version: |edge| {
        json!({
            "source": edge["source_block"],
            "source_handle": edge["source_handle"],
            "target": edge["target_block"],
            "target_handle": edge["target_handle"],
        })
    },
};

pub(super) fn handle(
    workflows: &mut Workflows,
    request: &Request,
) -> Option<Result<Response, Response>> {
    Some(match request.operation {
        "list_edges" => workflows
            .of_query(request)
            .map(|workflow| list(workflow, request)),
        "create_edge" => create(workflows, request),
        "get_edge" => EDGE.find(workflows, request).map(|(workflow, index)| {
            Response::json(200, &to_json(&workflow.draft.edges[index], &workflow.id))
        }),
        "delete_edge" => EDGE.find(workflows, request).map(|(workflow, index)| {
            workflow.draft.edges.remove(index);
            workflow.updated_at = request.now;
            Response::empty(204)
        }),
        "list_edge_versions" => workflows
            .of_query(request)
            .map(|workflow| EDGE.list_versions(workflow, request)),
        "get_edge_version" => EDGE
            .find_version(workflows, request.path("edge_version_id"))
            .map(|version| Response::json(200, &version)),
        "diff_edge_versions" => EDGE.diff(workflows, request),
        "restore_edge_version" => restore(workflows, request),
        _ => return None,
    })
}

fn list(workflow: &Workflow, request: &Request) -> Response {
    let matches = |edge: &&Value, name: &str| {
        let expected = request.query_text(name);
        expected.is_none_or(|expected| edge[name] == expected)
    };
    let edges = workflow.draft.edges.iter();
    let edges = edges.filter(|edge| matches(edge, "source_block") && matches(edge, "target_block"));
    page(
        request,
        edges.map(|edge| to_json(edge, &workflow.id)).collect(),
        "id",
    )
}

fn create(workflows: &mut Workflows, request: &Request) -> Result<Response, Response> {
    let body = request.body();
    let workflow = workflows.get(body["workflow_id"].as_str().unwrap_or_default())?;
    for name in ["source_block", "target_block"] {
        let mut blocks = workflow.draft.blocks.iter();
        if blocks.all(|block| block["id"] != body[name]) {
            return Err(not_found("block"));
        }
    }
    let edge = json!({
        "id": free_id(&workflow.draft.edges, &body["id"], "edge")?,
        "source_block": body["source_block"],
        "target_block": body["target_block"],
        "source_handle": body["source_handle"],
        "target_handle": body["target_handle"],
        "updated_at": timestamp::format(request.now),
    });
    let response = Response::json(201, &to_json(&edge, &workflow.id));
    workflow.draft.edges.push(edge);
    workflow.updated_at = request.now;
    Ok(response)
}

fn restore(workflows: &mut Workflows, request: &Request) -> Result<Response, Response> {
    let version = EDGE.find_version(workflows, request.path("edge_version_id"))?;
    let workflow = workflows.get(version["workflow_id"].as_str().unwrap_or_default())?;
    let edge = json!({
        "id": version["edge_id"],
        "source_block": version["source"],
        "target_block": version["target"],
        "source_handle": version["source_handle"],
        "target_handle": version["target_handle"],
        "updated_at": timestamp::format(request.now),
    });
    let response = Response::json(200, &to_json(&edge, &workflow.id));
    workflow
        .draft
        .edges
        .retain(|other| other["id"] != edge["id"]);
    workflow.draft.edges.push(edge);
    workflow.updated_at = request.now;
    Ok(response)
}
