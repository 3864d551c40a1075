//! Lookup of start blocks for inputs without a block id.

use std::fmt;

use futures_util::TryStreamExt as _;
use retab_api::types::BlockType;

use crate::client::Client;
use crate::error::Error;
use crate::id::{BlockId, VersionId, WorkflowId};
use crate::pagination::List as _;
use crate::version::Version;

/// The start blocks of the version to run.
pub(super) struct StartBlocks {
    workflow: WorkflowId,
    version: Version,
    blocks: Vec<(BlockId, Input)>,
}

/// The kind of input that a start block accepts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Input {
    Document,
    Json,
}

impl StartBlocks {
    /// Requests the start blocks of a workflow version.
    pub(super) async fn fetch(
        client: &Client,
        workflow: &WorkflowId,
        version: &Version,
    ) -> Result<Self, Error> {
        let blocks = match version {
            Version::Draft => fetch_draft(client, workflow).await?,
            Version::Pinned(id) => fetch_version(client, workflow, id).await?,
            Version::Production => {
                let id = client
                    .workflow(workflow)
                    .require_production_version()
                    .await?;
                fetch_version(client, workflow, &id).await?
            }
        };
        Ok(Self {
            workflow: workflow.clone(),
            version: version.clone(),
            blocks,
        })
    }

    /// Returns the only block that accepts `input`.
    ///
    /// # Errors
    /// Returns an error that lists the candidates unless exactly one block accepts `input`.
    pub(super) fn only(&self, input: Input) -> Result<BlockId, Error> {
        let mut candidates = self
            .blocks
            .iter()
            .filter(|(_, accepted)| *accepted == input);
        let (Some((block, _)), None) = (candidates.next(), candidates.next()) else {
            return Err(self.selection_error(input));
        };
        Ok(block.clone())
    }

    fn selection_error(&self, input: Input) -> Error {
        let candidates = self
            .blocks
            .iter()
            .filter(|(_, accepted)| *accepted == input);
        let ids: Vec<&str> = candidates.map(|(block, _)| block.as_str()).collect();
        let workflow = format!("the workflow {} (version {})", self.workflow, self.version);
        Error::invalid_request(match ids[..] {
            [] => format!("cannot select a start block: {workflow} has none that accepts {input}"),
            _ => format!(
                "cannot select a start block: {workflow} has {} that accept {input}; name one of them: {}",
                ids.len(),
                ids.join(", ")
            ),
        })
    }
}

async fn fetch_draft(
    client: &Client,
    workflow: &WorkflowId,
) -> Result<Vec<(BlockId, Input)>, Error> {
    let list = client.api().list_blocks().workflow_id(workflow);
    let mut blocks = list.items();
    let mut found = Vec::new();
    while let Some(block) = blocks.try_next().await? {
        let input = Input::of(&block.type_);
        found.extend(input.map(|input| (block.id.into(), input)));
    }
    Ok(found)
}

async fn fetch_version(
    client: &Client,
    workflow: &WorkflowId,
    version: &VersionId,
) -> Result<Vec<(BlockId, Input)>, Error> {
    let version = client.workflow(workflow).version(version).await?;
    let blocks = version.blocks.unwrap_or_default().into_iter();
    let found = blocks.filter_map(|block| Some((block.id?.into(), Input::of(&block.type_)?)));
    Ok(found.collect())
}

impl Input {
    fn of(block: &BlockType) -> Option<Self> {
        match block {
            BlockType::StartDocument => Some(Self::Document),
            BlockType::StartJson => Some(Self::Json),
            _ => None,
        }
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Document => "a document",
            Self::Json => "JSON",
        })
    }
}
