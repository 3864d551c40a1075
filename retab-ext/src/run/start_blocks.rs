//! The start blocks of a workflow, for inputs that name none.

use std::fmt;

use futures_util::TryStreamExt as _;
use retab_api::types::BlockType;

use crate::client::Client;
use crate::error::Error;
use crate::id::{BlockId, WorkflowId};
use crate::pagination::List as _;
use crate::version::{Version, VersionId};

/// The start blocks of the version that is about to run.
pub(super) struct StartBlocks {
    workflow: WorkflowId,
    version: Version,
    blocks: Vec<(BlockId, Input)>,
}

/// What a start block takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Input {
    Document,
    Json,
}

impl StartBlocks {
    /// Looks them up.
    pub(super) async fn of(
        client: &Client,
        workflow: &WorkflowId,
        version: &Version,
    ) -> Result<Self, Error> {
        let blocks = match version {
            Version::Draft => of_draft(client, workflow).await?,
            Version::Pinned(id) => of_version(client, workflow, id).await?,
            Version::Production => {
                let id = client
                    .workflow(workflow)
                    .require_production_version()
                    .await?;
                of_version(client, workflow, &id).await?
            }
        };
        Ok(Self {
            workflow: workflow.clone(),
            version: version.clone(),
            blocks,
        })
    }

    /// The one that takes this, where exactly one does.
    pub(super) fn only(&self, input: Input) -> Result<BlockId, Error> {
        let mut fitting = self.blocks.iter().filter(|(_, takes)| *takes == input);
        let (Some((block, _)), None) = (fitting.next(), fitting.next()) else {
            return Err(self.not_one(input));
        };
        Ok(block.clone())
    }

    fn not_one(&self, input: Input) -> Error {
        let fitting = self.blocks.iter().filter(|(_, takes)| *takes == input);
        let ids: Vec<&str> = fitting.map(|(block, _)| block.as_str()).collect();
        let of = format!("the workflow {} (version {})", self.workflow, self.version);
        Error::invalid_request(match ids[..] {
            [] => format!("{of} has no start block that takes {input}"),
            _ => format!(
                "{of} has {} start blocks that take {input}, name one of them: {}",
                ids.len(),
                ids.join(", ")
            ),
        })
    }
}

async fn of_draft(client: &Client, workflow: &WorkflowId) -> Result<Vec<(BlockId, Input)>, Error> {
    let list = client.api().list_blocks().workflow_id(workflow.as_str());
    let mut blocks = list.items();
    let mut found = Vec::new();
    while let Some(block) = blocks.try_next().await? {
        let input = Input::of(&block.type_);
        found.extend(input.map(|input| (block.id.into(), input)));
    }
    Ok(found)
}

async fn of_version(
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
