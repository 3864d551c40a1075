//! A run that is known by its id.

use std::fmt;

use futures_core::Stream;
use retab_api::builder::{ListWorkflowArtifacts, ListWorkflowRunSteps};

use super::poller::{self, Poller};
use super::{Cancellation, Outcome, Outputs, Polling, Run, RunRequest};
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

    /// Reads the run as it stands now.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let run = client.runs().handle("run_abc123xyz").get().await?;
    /// println!("{} is {}", run.id(), run.status());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) where there is no such run.
    pub async fn get(&self) -> Result<Run, Error> {
        let call = self.client.api().get_workflow_run();
        let response = call.run_id(self.id.as_str()).send().await?;
        Ok(Run::found(self.client.clone(), response.into_inner()))
    }

    /// Waits until the run has ended or needs a review, by the default [`Polling`]: for up to ten minutes.
    ///
    /// # Errors
    /// Those of [`wait_with`](Self::wait_with).
    pub async fn wait(&self) -> Result<Outcome, Error> {
        self.wait_with(Polling::default()).await
    }

    /// Waits until the run has ended or needs a review, or the deadline has passed: see [`Run::wait_with`]. The first read
    /// is made at once.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use std::time::Duration;
    /// use retab_ext::Polling;
    ///
    /// let hour = Polling::default().deadline(Duration::from_secs(3600));
    /// let outcome = client.runs().handle("run_abc123xyz").wait_with(hour).await?;
    /// println!("{}", outcome.run().status());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The first fault that will not pass by itself, and one of the kind [`Timeout`](crate::ErrorKind::Timeout) where the
    /// run was never read before the deadline.
    pub async fn wait_with(&self, polling: Polling) -> Result<Outcome, Error> {
        Poller::new(self, polling).wait().await
    }

    /// The run now and after each change of its lifecycle, by the default [`Polling`].
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    ///
    /// let mut states = client.runs().handle("run_abc123xyz").watch();
    /// while let Some(run) = states.try_next().await? {
    ///     println!("{} is {}", run.id(), run.status());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn watch(&self) -> impl Stream<Item = Result<Run, Error>> + Send + Unpin + use<> {
        self.watch_with(Polling::default())
    }

    /// The run now and after each change of its lifecycle: see [`Run::watch_with`].
    pub fn watch_with(
        &self,
        polling: Polling,
    ) -> impl Stream<Item = Result<Run, Error>> + Send + Unpin + use<> {
        poller::states(Poller::new(self, polling))
    }

    /// Asks the service to stop the run.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use retab_ext::CancellationStatus;
    ///
    /// let cancellation = client.runs().handle("run_abc123xyz").cancel().await?;
    /// if cancellation.status() == CancellationStatus::Requested {
    ///     let outcome = cancellation.run().wait().await?;
    ///     println!("{}", outcome.run().status());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The command has an id of its own, the same for each attempt, by which the service knows it again.
    ///
    /// # Errors
    /// Those of a call. That the service could not do it is none: see [`Cancellation::status`].
    pub async fn cancel(&self) -> Result<Cancellation, Error> {
        let call = self.client.api().cancel_workflow_run();
        let response = call.run_id(self.id.as_str()).send().await?;
        Ok(Cancellation::new(
            self.client.clone(),
            response.into_inner(),
        ))
    }

    /// Reads the run, and starts to describe one with the same workflow, inputs and metadata: see [`Run::restart`].
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let again = client.runs().handle("run_abc123xyz").restart().await?.send().await?;
    /// println!("{}", again.id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) where there is no such run.
    pub async fn restart(&self) -> Result<RunRequest, Error> {
        Ok(self.get().await?.restart())
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

    /// What the blocks have given so far, by the id of the block.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// #[derive(serde::Deserialize)]
    /// struct Invoice {
    ///     total: f64,
    /// }
    ///
    /// let outputs = client.runs().handle("run_abc123xyz").outputs().await?;
    /// let invoice: Invoice = outputs.get("extract-block-1")?;
    /// println!("{}", invoice.total);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of a call.
    pub async fn outputs(&self) -> Result<Outputs, Error> {
        Outputs::read(self).await
    }
}

impl fmt::Debug for RunHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RunHandle").field(&self.id.as_str()).finish()
    }
}
