//! The workflow version operations.

use serde_json::{Value, json};

use super::blocks::BLOCK;
use super::diff::{changed, only_in};
use super::edges::EDGE;
use super::store::Workflows;
use super::workflow::{Version, Workflow};
use crate::response::Response;
use crate::service::pages::page;
use crate::service::request::Request;
use crate::service::timestamp;

const OPERATIONS: [&str; 4] = [
    "list_workflow_versions",
    "get_workflow_version",
    "diff_workflow_versions",
    "restore_workflow_version",
];

pub(super) fn handle(
    workflows: &mut Workflows,
    request: &Request,
) -> Option<Result<Response, Response>> {
    if !OPERATIONS.contains(&request.operation) {
        return None;
    }
    Some(
        workflows
            .of_query(request)
            .and_then(|workflow| match request.operation {
                "list_workflow_versions" => Ok(list(workflow, request)),
                "get_workflow_version" => get(workflow, request),
                "diff_workflow_versions" => diff(workflow, request),
                _ => restore(workflow, request),
            }),
    )
}

/// Lists versions, newest first. The spec declares no `order` parameter here.
fn list(workflow: &Workflow, request: &Request) -> Response {
    let versions = workflow.versions.iter().rev();
    let versions = versions.map(|version| to_json(version, &workflow.id));
    page(request, versions.collect(), "id")
}

fn get(workflow: &Workflow, request: &Request) -> Result<Response, Response> {
    let version = workflow.version(request.path("workflow_version_id"))?;
    Ok(Response::json(200, &to_json(version, &workflow.id)))
}

fn diff(workflow: &Workflow, request: &Request) -> Result<Response, Response> {
    let version = |name: &str| workflow.version(request.query_text(name).unwrap_or_default());
    let from = version("from_workflow_version_id")?;
    let to = version("to_workflow_version_id")?;
    let (before, after) = (&from.graph, &to.graph);
    let diff = json!({
        "from_workflow_version_id": from.id,
        "to_workflow_version_id": to.id,
        "added_block_ids": only_in(&after.blocks, &before.blocks),
        "removed_block_ids": only_in(&before.blocks, &after.blocks),
        "changed_block_ids": changed(&before.blocks, &after.blocks),
        "added_edge_ids": only_in(&after.edges, &before.edges),
        "removed_edge_ids": only_in(&before.edges, &after.edges),
        "changed_edge_ids": changed(&before.edges, &after.edges),
    });
    Ok(Response::json(200, &diff))
}

/// Replaces the draft with a version. The published version stays the same.
fn restore(workflow: &mut Workflow, request: &Request) -> Result<Response, Response> {
    workflow.draft = workflow
        .version(request.path("workflow_version_id"))?
        .graph
        .clone();
    workflow.updated_at = request.now;
    Ok(workflow.response(200))
}

fn to_json(version: &Version, workflow: &str) -> Value {
    json!({
        "id": version.id,
        "workflow_id": workflow,
        "blocks": version.graph.blocks_of_version(),
        "edges": version.graph.edges_of_version(),
        "block_version_ids": BLOCK.version_ids(workflow, version),
        "edge_version_ids": EDGE.version_ids(workflow, version),
        "created_at": timestamp::format(version.created_at),
    })
}
