//! The blocks of drafts, and those of versions.

use serde_json::{Value, json};

use super::graph::block_of;
use super::workflow::{Version, Workflow};
use super::{Workflows, changes, nothing};
use crate::answer::Answer;
use crate::service::call::Call;
use crate::service::pages::page;
use crate::service::time;

pub(super) fn answer(workflows: &mut Workflows, call: &Call<'_>) -> Option<Result<Answer, Answer>> {
    Some(match call.operation {
        "list_blocks" => workflows.of_query(call).map(|workflow| {
            let blocks = workflow.draft.blocks.iter();
            let shown = blocks.map(|block| document(block, &workflow.id));
            page(call, shown.collect(), "id")
        }),
        "create_block" => create(workflows, call),
        "get_block" => find(workflows, call).map(|(workflow, at)| answer_of(workflow, at)),
        "update_block" => update(workflows, call),
        "delete_block" => delete(workflows, call),
        "list_block_versions" => workflows.of_query(call).map(|workflow| {
            let block = call.query_text("block_id");
            let mut shown = versions(workflow, call.query_text("workflow_version_id"));
            shown.retain(|version| block.is_none_or(|block| version["block_id"] == block));
            page(call, shown, "id")
        }),
        "get_block_version" => find_version(workflows, call.path("block_version_id"))
            .map(|(_, version)| Answer::json(200, &version)),
        "diff_block_versions" => diff(workflows, call),
        "restore_block_version" => restore(workflows, call),
        _ => return None,
    })
}

fn create(workflows: &mut Workflows, call: &Call<'_>) -> Result<Answer, Answer> {
    let body = call.body();
    let workflow = workflows.get(body["workflow_id"].as_str().unwrap_or_default())?;
    let kind = body["type"].as_str().unwrap_or_default();
    let free = (1..).map(|at| format!("{kind}-block-{at}"));
    let mut free = free.filter(|id| workflow.draft.blocks.iter().all(|block| block["id"] != *id));
    let id = body["id"]
        .as_str()
        .map(ToOwned::to_owned)
        .or_else(|| free.next());
    let mut block = block_of(body, call.now);
    block["id"] = json!(id);
    if workflow
        .draft
        .blocks
        .iter()
        .any(|other| other["id"] == block["id"])
    {
        let message = "The draft has a block of this id already";
        return Err(Answer::coded(
            http::StatusCode::CONFLICT,
            "block_exists",
            message,
        ));
    }
    workflow.draft.blocks.push(block);
    workflow.updated_at = call.now;
    let created = workflow
        .draft
        .blocks
        .last()
        .map(|block| document(block, &workflow.id));
    Ok(Answer::json(201, &created.unwrap_or_default()))
}

fn update(workflows: &mut Workflows, call: &Call<'_>) -> Result<Answer, Answer> {
    let (workflow, at) = find(workflows, call)?;
    let body = call.body();
    let block = &mut workflow.draft.blocks[at];
    for name in [
        "label",
        "position_x",
        "position_y",
        "width",
        "height",
        "parent_id",
    ] {
        if !body[name].is_null() {
            block[name] = body[name].clone();
        }
    }
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

fn delete(workflows: &mut Workflows, call: &Call<'_>) -> Result<Answer, Answer> {
    let (workflow, at) = find(workflows, call)?;
    let block = workflow.draft.blocks.remove(at);
    let is_at =
        |edge: &Value| edge["source_block"] == block["id"] || edge["target_block"] == block["id"];
    workflow.draft.edges.retain(|edge| !is_at(edge));
    workflow.updated_at = call.now;
    Ok(Answer::empty(204))
}

/// The workflow whose draft has the block, and where in it: the one that is named, else the first that has one.
fn find<'w>(
    workflows: &'w mut Workflows,
    call: &Call<'_>,
) -> Result<(&'w mut Workflow, usize), Answer> {
    let id = call.path("block_id");
    let position = |workflow: &Workflow| {
        let mut blocks = workflow.draft.blocks.iter();
        blocks.position(|block| block["id"] == id)
    };
    let found = match call.query_text("workflow_id") {
        Some(workflow) => Some(workflows.get(workflow)?),
        None => workflows
            .by_id
            .values_mut()
            .find(|workflow| position(workflow).is_some()),
    };
    let found = found.and_then(|workflow| Some((position(workflow)?, workflow)));
    match found {
        Some((at, workflow)) => Ok((workflow, at)),
        None => Err(nothing("block")),
    }
}

fn document(block: &Value, workflow: &str) -> Value {
    let mut shown = block.clone();
    shown["workflow_id"] = json!(workflow);
    shown
}

fn answer_of(workflow: &Workflow, at: usize) -> Answer {
    Answer::json(200, &document(&workflow.draft.blocks[at], &workflow.id))
}

/// The ids of what a version has of blocks.
pub(super) fn version_ids(workflow: &str, version: &Version) -> Vec<String> {
    let blocks = version.graph.blocks.iter();
    blocks
        .map(|block| version_id(workflow, version, block))
        .collect()
}

fn version_id(workflow: &str, version: &Version, block: &Value) -> String {
    format!(
        "{workflow}.{}.{}",
        version.id,
        block["id"].as_str().unwrap_or_default()
    )
}

/// What the versions of a workflow have of blocks, the newest version first.
fn versions(workflow: &Workflow, only: Option<&str>) -> Vec<Value> {
    let versions = workflow.versions.iter().rev();
    let versions = versions.filter(|version| only.is_none_or(|only| version.id == only));
    versions
        .flat_map(|version| {
            version.graph.blocks.iter().map(|block| {
                let mut shown = document(block, &workflow.id);
                shown["block_id"] = shown["id"].take();
                shown["id"] = json!(version_id(&workflow.id, version, block));
                shown["workflow_version_id"] = json!(version.id);
                shown["created_at"] = json!(time::text(version.created_at));
                shown
            })
        })
        .collect()
}

fn find_version(workflows: &Workflows, id: &str) -> Result<(String, Value), Answer> {
    let mut all = workflows.by_id.values().flat_map(|workflow| {
        let versions = versions(workflow, None).into_iter();
        versions.map(|version| (workflow.id.clone(), version))
    });
    let found = all.find(|(_, version)| version["id"] == id);
    found.ok_or_else(|| nothing("block version"))
}

fn diff(workflows: &Workflows, call: &Call<'_>) -> Result<Answer, Answer> {
    let version = |name: &str| find_version(workflows, call.query_text(name).unwrap_or_default());
    let (_, from) = version("from_block_version_id")?;
    let (_, to) = version("to_block_version_id")?;
    let diff = json!({
        "from_block_version_id": from["id"],
        "to_block_version_id": to["id"],
        "block_id": to["block_id"],
        "changes": changes(&content(&from), &content(&to)),
    });
    Ok(Answer::json(200, &diff))
}

/// What a block is, wherever and whenever it stands.
fn content(version: &Value) -> Value {
    let mut content = version.clone();
    for name in ["id", "workflow_version_id", "created_at", "updated_at"] {
        content[name] = Value::Null;
    }
    content
}

fn restore(workflows: &mut Workflows, call: &Call<'_>) -> Result<Answer, Answer> {
    let (workflow, version) = find_version(workflows, call.path("block_version_id"))?;
    let workflow = workflows.get(&workflow)?;
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
