//! Blocks of drafts and versions.

use serde_json::{Value, json};

use super::graph::block_from;
use super::parts::{Kind, free_id, to_json};
use super::store::Workflows;
use super::workflow::Workflow;
use crate::response::Response;
use crate::service::pages::page;
use crate::service::patch::patch;
use crate::service::request::Request;
use crate::service::timestamp;

pub(super) const BLOCK: Kind = Kind {
    name: "block",
    parts: |graph| &graph.blocks,
    in_version: Value::clone,
};

pub(super) fn handle(
    workflows: &mut Workflows,
    request: &Request,
) -> Option<Result<Response, Response>> {
    Some(match request.operation {
        "list_blocks" => workflows.of_query(request).map(|workflow| {
            let blocks = workflow.draft.blocks.iter();
            let blocks = blocks.map(|block| to_json(block, &workflow.id));
            page(request, blocks.collect(), "id")
        }),
        "create_block" => create(workflows, request),
        "get_block" => BLOCK
            .find(workflows, request)
            .map(|(workflow, index)| block_response(workflow, index)),
        "update_block" => update(workflows, request),
        "delete_block" => delete(workflows, request),
        "list_block_versions" => workflows
            .of_query(request)
            .map(|workflow| BLOCK.list_versions(workflow, request)),
        "get_block_version" => BLOCK
            .find_version(workflows, request.path("block_version_id"))
            .map(|version| Response::json(200, &version)),
        "diff_block_versions" => BLOCK.diff(workflows, request),
        "restore_block_version" => restore(workflows, request),
        _ => return None,
    })
}

fn create(workflows: &mut Workflows, request: &Request) -> Result<Response, Response> {
    let body = request.body();
    let workflow = workflows.get(body["workflow_id"].as_str().unwrap_or_default())?;
    let prefix = format!("{}-block", body["type"].as_str().unwrap_or_default());
    let mut block = block_from(body, request.now);
    block["id"] = free_id(&workflow.draft.blocks, &body["id"], &prefix)?.into();
    let response = Response::json(201, &to_json(&block, &workflow.id));
    workflow.draft.blocks.push(block);
    workflow.updated_at = request.now;
    Ok(response)
}

fn update(workflows: &mut Workflows, request: &Request) -> Result<Response, Response> {
    let (workflow, index) = BLOCK.find(workflows, request)?;
    let body = request.body();
    let block = &mut workflow.draft.blocks[index];
    let config = block["config"].take();
    patch(block, request);
    block["config"] = config;
    match (&body["config"], block["config"].as_object_mut()) {
        (Value::Object(new), Some(config)) if body["config_mode"] != "replace" => {
            config.extend(new.clone());
        }
        (Value::Null, _) => {}
        (new, _) => block["config"] = new.clone(),
    }
    block["updated_at"] = json!(timestamp::format(request.now));
    workflow.updated_at = request.now;
    Ok(block_response(workflow, index))
}

fn delete(workflows: &mut Workflows, request: &Request) -> Result<Response, Response> {
    let (workflow, index) = BLOCK.find(workflows, request)?;
    let block = workflow.draft.blocks.remove(index);
    let is_connected =
        |edge: &Value| edge["source_block"] == block["id"] || edge["target_block"] == block["id"];
    workflow.draft.edges.retain(|edge| !is_connected(edge));
    workflow.updated_at = request.now;
    Ok(Response::empty(204))
}

fn block_response(workflow: &Workflow, index: usize) -> Response {
    Response::json(200, &to_json(&workflow.draft.blocks[index], &workflow.id))
}

fn restore(workflows: &mut Workflows, request: &Request) -> Result<Response, Response> {
    let version = BLOCK.find_version(workflows, request.path("block_version_id"))?;
    let workflow = workflows.get(version["workflow_id"].as_str().unwrap_or_default())?;
    let mut block = block_from(&version, request.now);
    block["id"] = version["block_id"].clone();
    let blocks = &mut workflow.draft.blocks;
    let existing = blocks.iter().position(|other| other["id"] == block["id"]);
    let index = existing.unwrap_or(blocks.len());
    if existing.is_some() {
        blocks[index] = block;
    } else {
        blocks.push(block);
    }
    workflow.updated_at = request.now;
    Ok(block_response(workflow, index))
}
