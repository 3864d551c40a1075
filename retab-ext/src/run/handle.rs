//! A run that is known by its id.

use std::fmt;

use retab_api::builder::{ListWorkflowArtifacts, ListWorkflowRunSteps};

use crate::client::Client;
use crate::error::Error;
use crate::id::RunId;

/// A run that is known by its id, such as one that was stored; to have it costs no call.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// let completed = client.runs().handle("run_abc123xyz").wait().await?.into_result()?;
/// println!("{} ran version {}", completed.id(), completed.version_id());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RunHandle {
    pub(super) client: Client,
    pub(super) id: RunId,
}

impl RunHandle {
    pub(crate) fn new(client: Client, id: RunId) -> Self {
        Self { client, id }
    }

    /// The run's id.
    #[must_use]
    pub fn id(&self) -> &RunId {
        &self.id
    }

    /// Deletes the run.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// client.runs().handle("run_abc123xyz").delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) where there was no such run before the first attempt.
    pub async fn delete(&self) -> Result<(), Error> {
        let call = self.client.api().delete_workflow_run();
        call.run_id(self.id.as_str()).send().await?;
        Ok(())
    }

    /// The steps of the run, one for each time that a block was executed: a [`List`](crate::List), which takes filters.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    /// use retab_ext::List as _;
    ///
    /// let run = client.runs().handle("run_abc123xyz");
    /// let mut steps = run.steps().block_id("extract-block-1").items();
    /// while let Some(step) = steps.try_next().await? {
    ///     println!("{} by {}", step.step_id, step.block_label);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn steps(&self) -> ListWorkflowRunSteps {
        let list = self.client.api().list_workflow_run_steps();
        list.run_id(self.id.as_str())
    }

    /// What the steps have made, such as extractions: a [`List`](crate::List), which takes filters.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    /// use retab_ext::List as _;
    ///
    /// let run = client.runs().handle("run_abc123xyz");
    /// let mut artifacts = run.artifacts().operation("extraction").items();
    /// while let Some(artifact) = artifacts.try_next().await? {
    ///     println!("{} is a {}", artifact.id, artifact.operation);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn artifacts(&self) -> ListWorkflowArtifacts {
        let list = self.client.api().list_workflow_artifacts();
        list.run_id(self.id.as_str())
    }
}

impl fmt::Debug for RunHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RunHandle").field(&self.id.as_str()).finish()
    }
}
