//! Steps and their outputs, each of which is decoded by itself.

use indexmap::IndexMap;
use retab_api::runtime::{InvalidItem, ListItem, RawJson};
use retab_api::types::FileRef;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::id::BlockId;

/// The members of a step that its outputs need.
#[derive(Deserialize)]
pub(super) struct StepOutputs {
    pub(super) block_id: BlockId,
    pub(super) step_id: String,
    /// The undecoded outputs by handle.
    pub(super) handle_outputs: Option<IndexMap<String, RawJson>>,
}

/// A decoded output, except for its data.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Payload {
    pub(super) data: Option<RawJson>,
    pub(super) document: Option<FileRef>,
}

impl StepOutputs {
    /// Decodes a step, whose outputs need not be valid JSON.
    pub(super) fn read(json: &RawJson) -> Result<Self, InvalidItem> {
        decode(json).or_else(|invalid| Self::split(json).ok_or(invalid))
    }

    fn split(json: &RawJson) -> Option<Self> {
        let members = json.members()?;
        Some(Self {
            block_id: decode(members.get("block_id")?).ok()?,
            step_id: decode(members.get("step_id")?).ok()?,
            handle_outputs: match members.get("handle_outputs").and_then(non_null) {
                Some(outputs) => Some(outputs.members()?),
                None => None,
            },
        })
    }
}

impl Payload {
    /// Decodes an output, whose data need not be valid JSON.
    pub(super) fn read(json: &RawJson) -> Result<Self, InvalidItem> {
        decode(json).or_else(|invalid| Self::split(json).ok_or(invalid))
    }

    fn split(json: &RawJson) -> Option<Self> {
        let members = json.members()?;
        Some(Self {
            data: members.get("data").and_then(non_null).cloned(),
            document: match members.get("document") {
                Some(document) => decode(document).ok()?,
                None => None,
            },
        })
    }

    /// Decodes the data, or null if there is none.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, InvalidItem> {
        match &self.data {
            Some(data) => decode(data),
            None => decode(&RawJson::default()),
        }
    }
}

fn decode<T: DeserializeOwned>(json: &RawJson) -> Result<T, InvalidItem> {
    ListItem::decode(json).into_result()
}

fn non_null(json: &RawJson) -> Option<&RawJson> {
    (json.text() != "null").then_some(json)
}
