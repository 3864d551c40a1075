//! The blocks of a version or of a draft, and the edges between them.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::service::time;

/// Id and type.
pub(crate) type Block = (String, String);

/// Owned ids and types of blocks.
pub(crate) fn blocks<'b>(blocks: impl IntoIterator<Item = (&'b str, &'b str)>) -> Vec<Block> {
    let owned = |(id, kind): (&str, &str)| (id.to_owned(), kind.to_owned());
    blocks.into_iter().map(owned).collect()
}

/// Blocks and edges, as a draft shows them, without their workflow.
#[derive(Clone, Default)]
pub(super) struct Graph {
    pub(super) blocks: Vec<Value>,
    pub(super) edges: Vec<Value>,
}

/// What moves with a block and has no other name in a version.
const FIELDS: [&str; 7] = [
    "id",
    "type",
    "label",
    "width",
    "height",
    "config",
    "parent_id",
];

impl Graph {
    /// Blocks in a row, without edges.
    pub(super) fn of(blocks: &[Block], now: DateTime<Utc>) -> Self {
        let block = |(at, (id, kind)): (usize, &Block)| {
            let given = json!({"id": id, "type": kind, "label": id, "position_x": at * 300});
            block_of(&given, now)
        };
        Self {
            blocks: blocks.iter().enumerate().map(block).collect(),
            edges: Vec::new(),
        }
    }

    /// The blocks as a version shows them.
    pub(super) fn blocks_of_version(&self) -> Vec<Value> {
        let block = |block: &Value| {
            let mut shown: Map<String, Value> = FIELDS
                .iter()
                .map(|name| ((*name).to_owned(), block[*name].clone()))
                .collect();
            let position = json!({"x": block["position_x"], "y": block["position_y"]});
            shown.insert("position".to_owned(), position);
            Value::Object(shown)
        };
        self.blocks.iter().map(block).collect()
    }

    /// The edges as a version shows them.
    pub(super) fn edges_of_version(&self) -> Vec<Value> {
        let edge = |edge: &Value| {
            json!({
                "id": edge["id"],
                "source": edge["source_block"],
                "source_handle": edge["source_handle"],
                "target": edge["target_block"],
                "target_handle": edge["target_handle"],
            })
        };
        self.edges.iter().map(edge).collect()
    }
}

/// A block with every field, those that are not given by their defaults.
pub(super) fn block_of(given: &Value, now: DateTime<Utc>) -> Value {
    let or = |name: &str, default: Value| match &given[name] {
        Value::Null => default,
        value => value.clone(),
    };
    json!({
        "id": given["id"],
        "type": given["type"],
        "label": or("label", json!("")),
        "position_x": or("position_x", json!(0)),
        "position_y": or("position_y", json!(0)),
        "width": given["width"],
        "height": given["height"],
        "config": given["config"],
        "parent_id": given["parent_id"],
        "updated_at": time::text(now),
    })
}

/// What of these is in the first and not in the second, by id.
pub(super) fn only_in(these: &[Value], others: &[Value]) -> Vec<Value> {
    let is_other = |id: &Value| others.iter().any(|other| other["id"] == *id);
    let ids = these.iter().map(|one| one["id"].clone());
    ids.filter(|id| !is_other(id)).collect()
}

/// What is in both and not the same, by id, whenever it was changed.
pub(super) fn changed(from: &[Value], to: &[Value]) -> Vec<Value> {
    let without_time = |one: &Value| {
        let mut one = one.clone();
        one["updated_at"] = Value::Null;
        one
    };
    let differs = |one: &&Value| {
        let other = to.iter().find(|other| other["id"] == one["id"]);
        other.is_some_and(|other| without_time(other) != without_time(one))
    };
    let differing = from.iter().filter(differs);
    differing.map(|one| one["id"].clone()).collect()
}
