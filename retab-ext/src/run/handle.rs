//! Handles to runs.

use retab_api::builder::{ListWorkflowArtifacts, ListWorkflowRunSteps};

use crate::client::Client;
use crate::error::Error;
use crate::id::RunId;

/// A handle to a run by its id. Creating one sends no request.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// let completed = client.runs().handle("run_abc123xyz").wait().await?.into_result()?;
/// println!("{} ran version {}", completed.id(), completed.version_id());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RunHandle {
    pub(super) client: Client,
    pub(super) id: RunId,
}

impl RunHandle {
    pub(crate) fn new(client: Client, id: RunId) -> Self {
        Self { client, id }
    }

    /// Returns the run id.
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
    /// Returns an error if the request fails; [`is_not_found`](Error::is_not_found) is true if the run did not exist
    /// before the first attempt.
    ///
    /// # Cancel safety
    /// If the future is dropped, the service may still delete the run.
    pub async fn delete(&self) -> Result<(), Error> {
        let request = self.client.api().delete_workflow_run();
        request.run_id(self.id.as_str()).send().await?;
        Ok(())
    }

    /// Returns a [`List`](crate::List) of the steps of the run, one per block execution, with optional filters.
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

    /// Returns a [`List`](crate::List) of the artifacts of the run, such as extractions, with optional filters.
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
