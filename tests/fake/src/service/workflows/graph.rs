//! The blocks and edges of a draft or version.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::service::timestamp;

/// The ID and type of a block.
pub(crate) type Block = (String, String);

/// Converts borrowed block IDs and types to owned ones.
pub(crate) fn blocks<'b>(blocks: impl IntoIterator<Item = (&'b str, &'b str)>) -> Vec<Block> {
    let owned = |(id, kind): (&str, &str)| (id.to_owned(), kind.to_owned());
    blocks.into_iter().map(owned).collect()
}

/// Blocks and edges in the JSON representation of a draft, without the workflow ID.
#[derive(Clone, Default)]
pub(super) struct Graph {
    pub(super) blocks: Vec<Value>,
    pub(super) edges: Vec<Value>,
}

/// The block fields that drafts and versions share.
const SHARED_FIELDS: [&str; 7] = [
    "id",
    "type",
    "label",
    "width",
    "height",
    "config",
    "parent_id",
];

impl Graph {
    /// Creates a graph with blocks in a row and without edges.
    pub(super) fn from_blocks(blocks: &[Block], now: DateTime<Utc>) -> Self {
        let block = |(index, (id, kind)): (usize, &Block)| {
            let fields = json!({"id": id, "type": kind, "label": id, "position_x": index * 300});
            block_from(&fields, now)
        };
        Self {
            blocks: blocks.iter().enumerate().map(block).collect(),
            edges: Vec::new(),
        }
    }

    /// Returns the blocks in the JSON representation of a version.
    pub(super) fn blocks_of_version(&self) -> Vec<Value> {
        let block = |block: &Value| {
            let mut version: Map<String, Value> = SHARED_FIELDS
                .iter()
                .map(|name| ((*name).to_owned(), block[*name].clone()))
                .collect();
            let position = json!({"x": block["position_x"], "y": block["position_y"]});
            version.insert("position".to_owned(), position);
            Value::Object(version)
        };
        self.blocks.iter().map(block).collect()
    }

    /// Returns the edges in the JSON representation of a version.
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

/// Returns a complete block with defaults for absent fields.
pub(super) fn block_from(fields: &Value, now: DateTime<Utc>) -> Value {
    let or = |name: &str, default: Value| match &fields[name] {
        Value::Null => default,
        value => value.clone(),
    };
    json!({
        "id": fields["id"],
        "type": fields["type"],
        "label": or("label", json!("")),
        "position_x": or("position_x", json!(0)),
        "position_y": or("position_y", json!(0)),
        "width": fields["width"],
        "height": fields["height"],
        "config": fields["config"],
        "parent_id": fields["parent_id"],
        "updated_at": timestamp::format(now),
    })
}
