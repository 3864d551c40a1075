//! The versions of workflows: listed, read, compared, restored.

use serde_json::{Value, json};

use super::Workflows;
use super::blocks::BLOCK;
use super::edges::EDGE;
use super::graph::{changed, only_in};
use super::workflow::{Version, Workflow};
use crate::response::Response;
use crate::service::call::Call;
use crate::service::pages::page;
use crate::service::time;

const OPERATIONS: [&str; 4] = [
    "list_workflow_versions",
    "get_workflow_version",
    "diff_workflow_versions",
    "restore_workflow_version",
];

/// What a run of the draft names as its version.
pub(super) const DRAFT: &str = "ver_0000draft";

pub(super) fn answer(
    workflows: &mut Workflows,
    call: &Call<'_>,
) -> Option<Result<Response, Response>> {
    if !OPERATIONS.contains(&call.operation) {
        return None;
    }
    Some(
        workflows
            .of_query(call)
            .and_then(|workflow| match call.operation {
                "list_workflow_versions" => Ok(list(workflow, call)),
                "get_workflow_version" => get(workflow, call),
                "diff_workflow_versions" => diff(workflow, call),
                _ => restore(workflow, call),
            }),
    )
}

/// The newest first, for the document has no order here.
fn list(workflow: &Workflow, call: &Call<'_>) -> Response {
    let versions = workflow.versions.iter().rev();
    let documents = versions.map(|version| document(version, &workflow.id));
    page(call, documents.collect(), "id")
}

fn get(workflow: &Workflow, call: &Call<'_>) -> Result<Response, Response> {
    let version = workflow.version(call.path("workflow_version_id"))?;
    Ok(Response::json(200, &document(version, &workflow.id)))
}

fn diff(workflow: &Workflow, call: &Call<'_>) -> Result<Response, Response> {
    let version = |name: &str| workflow.version(call.query_text(name).unwrap_or_default());
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

/// Makes it the draft; what is in production stays.
fn restore(workflow: &mut Workflow, call: &Call<'_>) -> Result<Response, Response> {
    workflow.draft = workflow
        .version(call.path("workflow_version_id"))?
        .graph
        .clone();
    workflow.updated_at = call.now;
    Ok(workflow.answer(200))
}

fn document(version: &Version, workflow: &str) -> Value {
    json!({
        "id": version.id,
        "workflow_id": workflow,
        "blocks": version.graph.blocks_of_version(),
        "edges": version.graph.edges_of_version(),
        "block_version_ids": BLOCK.version_ids(workflow, version),
        "edge_version_ids": EDGE.version_ids(workflow, version),
        "created_at": time::text(version.created_at),
    })
}
