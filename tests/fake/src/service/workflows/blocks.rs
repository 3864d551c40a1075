//! The blocks of drafts, and those of versions.

use serde_json::{Value, json};

use super::Workflows;
use super::graph::block_of;
use super::parts::{Kind, document, free_id};
use super::workflow::Workflow;
use crate::response::Response;
use crate::service::call::Call;
use crate::service::pages::page;
use crate::service::patch::patch;
use crate::service::time;

pub(super) const BLOCK: Kind = Kind {
    name: "block",
    of: |graph| &graph.blocks,
    in_version: Value::clone,
};

pub(super) fn answer(
    workflows: &mut Workflows,
    call: &Call<'_>,
) -> Option<Result<Response, Response>> {
    Some(match call.operation {
        "list_blocks" => workflows.of_query(call).map(|workflow| {
            let blocks = workflow.draft.blocks.iter();
            let shown = blocks.map(|block| document(block, &workflow.id));
            page(call, shown.collect(), "id")
        }),
        "create_block" => create(workflows, call),
        "get_block" => BLOCK
            .find(workflows, call)
            .map(|(workflow, at)| answer_of(workflow, at)),
        "update_block" => update(workflows, call),
        "delete_block" => delete(workflows, call),
        "list_block_versions" => workflows
            .of_query(call)
            .map(|workflow| BLOCK.list_versions(workflow, call)),
        "get_block_version" => BLOCK
            .find_version(workflows, call.path("block_version_id"))
            .map(|version| Response::json(200, &version)),
        "diff_block_versions" => BLOCK.diff(workflows, call),
        "restore_block_version" => restore(workflows, call),
        _ => return None,
    })
}

fn create(workflows: &mut Workflows, call: &Call<'_>) -> Result<Response, Response> {
    let body = call.body();
    let workflow = workflows.get(body["workflow_id"].as_str().unwrap_or_default())?;
    let form = format!("{}-block", body["type"].as_str().unwrap_or_default());
    let mut block = block_of(body, call.now);
    block["id"] = free_id(&workflow.draft.blocks, &body["id"], &form)?.into();
    let answer = Response::json(201, &document(&block, &workflow.id));
    workflow.draft.blocks.push(block);
    workflow.updated_at = call.now;
    Ok(answer)
}

fn update(workflows: &mut Workflows, call: &Call<'_>) -> Result<Response, Response> {
    let (workflow, at) = BLOCK.find(workflows, call)?;
    let body = call.body();
    let block = &mut workflow.draft.blocks[at];
    let config = block["config"].take();
    patch(block, call);
    block["config"] = config;
    match (&body["config"], block["config"].as_object_mut()) {
        (Value::Object(new), Some(config)) if body["config_mode"] != "replace" => {
            config.extend(new.clone());
        }
        (Value::Null, _) => {}
        (new, _) => block["config"] = new.clone(),
    }
    block["updated_at"] = json!(time::text(call.now));
    workflow.updated_at = call.now;
    Ok(answer_of(workflow, at))
}

fn delete(workflows: &mut Workflows, call: &Call<'_>) -> Result<Response, Response> {
    let (workflow, at) = BLOCK.find(workflows, call)?;
    let block = workflow.draft.blocks.remove(at);
    let is_at =
        |edge: &Value| edge["source_block"] == block["id"] || edge["target_block"] == block["id"];
    workflow.draft.edges.retain(|edge| !is_at(edge));
    workflow.updated_at = call.now;
    Ok(Response::empty(204))
}

fn answer_of(workflow: &Workflow, at: usize) -> Response {
    Response::json(200, &document(&workflow.draft.blocks[at], &workflow.id))
}

fn restore(workflows: &mut Workflows, call: &Call<'_>) -> Result<Response, Response> {
    let version = BLOCK.find_version(workflows, call.path("block_version_id"))?;
    let workflow = workflows.get(version["workflow_id"].as_str().unwrap_or_default())?;
    let mut block = block_of(&version, call.now);
    block["id"] = version["block_id"].clone();
    let blocks = &mut workflow.draft.blocks;
    let before = blocks.iter().position(|other| other["id"] == block["id"]);
    let at = before.unwrap_or(blocks.len());
    if before.is_some() {
        blocks[at] = block;
    } else {
        blocks.push(block);
    }
    workflow.updated_at = call.now;
    Ok(answer_of(workflow, at))
}
