//! Handles to runs.

use retab_api::builder::{ListWorkflowArtifacts, ListWorkflowRunSteps};

use crate::client::Client;
use crate::error::Error;
use crate::handle::handle;
use crate::id::RunId;

handle! {
    /// A handle to a run by its id. Creating one sends no request.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let completed = client.run("run_abc123xyz").wait().await?.into_result()?;
    /// println!("{} ran version {}", completed.id(), completed.version_id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A handle serializes to its id, so that another process can resume the work:
    ///
    /// ```
    /// # fn demo(client: retab_ext::Client) -> Result<(), serde_json::Error> {
    /// use retab_ext::RunId;
    ///
    /// let stored = serde_json::to_string(&client.run("run_abc123xyz"))?;
    /// let id: RunId = serde_json::from_str(&stored)?;
    /// assert_eq!(client.run(id).id().as_str(), "run_abc123xyz");
    /// # Ok(())
    /// # }
    /// ```
    RunHandle, RunId
}

impl Client {
    /// Returns a handle to a run. Sends no request.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let run = client.run("run_abc123xyz").get().await?;
    /// println!("{} is {}", run.id(), run.status());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The methods of the handle return an error if the id is that of another resource, such as `wf_abc123xyz`. To start
    /// a run, use [`WorkflowHandle::run`](crate::WorkflowHandle::run).
    #[must_use]
    pub fn run(&self, id: impl Into<RunId>) -> RunHandle {
        RunHandle::new(self.clone(), id.into())
    }
}

impl RunHandle {
    /// Deletes the run.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// client.run("run_abc123xyz").delete().await?;
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
        request.run_id(&self.id).send().await?;
        Ok(())
    }

    /// Returns a [`List`](crate::List) of the steps of the run, one per block execution, with optional filters.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    /// use retab_ext::List as _;
    ///
    /// let run = client.run("run_abc123xyz");
    /// let mut steps = run.steps().block_id("extract-block-1").items();
    /// while let Some(step) = steps.try_next().await? {
    ///     println!("{} by {}", step.step_id, step.block_label);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn steps(&self) -> ListWorkflowRunSteps {
        let list = self.client.api().list_workflow_run_steps();
        list.run_id(&self.id)
    }

    /// Returns a [`List`](crate::List) of the artifacts of the run, such as extractions, with optional filters.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    /// use retab_ext::List as _;
    ///
    /// let run = client.run("run_abc123xyz");
    /// let mut artifacts = run.artifacts().operation("extraction").items();
    /// while let Some(artifact) = artifacts.try_next().await? {
    ///     println!("{} is a {}", artifact.id, artifact.operation);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn artifacts(&self) -> ListWorkflowArtifacts {
        let list = self.client.api().list_workflow_artifacts();
        list.run_id(&self.id)
    }
}
