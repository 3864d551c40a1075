//! A run of a workflow: described, started, read again, waited for, and what it gave.

mod cancellation;
mod documents;
mod handle;
mod outcome;
mod outputs;
mod poller;
mod polling;
mod request;
mod start_blocks;

use std::fmt;
use std::sync::Arc;

use futures_core::Stream;
use retab_api::builder::{ListWorkflowArtifacts, ListWorkflowRunSteps};
use retab_api::types::{WorkflowRun, WorkflowRunLifecycle};

use crate::client::Client;
use crate::error::Error;
use crate::id::{RunId, WorkflowId};
pub use cancellation::{Cancellation, CancellationStatus};
pub use handle::RunHandle;
pub use outcome::{Failure, Outcome};
pub use outputs::{Output, Outputs};
use poller::Poller;
pub use polling::Polling;
pub use request::RunRequest;

/// A run of a workflow, as it stood when it was last read.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use retab_ext::Outcome;
///
/// let run = client.get_run("run_abc123xyz").await?;
/// if let Outcome::Completed { run, .. } = run.wait().await? {
///     println!("{} ran version {}", run.id(), run.version_id());
/// }
/// # Ok(())
/// # }
/// ```
///
/// A clone is cheap. `Debug` shows the ids and the status, and nothing of what went in.
#[derive(Clone)]
pub struct Run {
    handle: RunHandle,
    workflow_id: WorkflowId,
    document: Arc<WorkflowRun>,
    /// Whether it was read, so that the service surely finds it; a new one may not be visible everywhere at once.
    was_found: bool,
}

impl Run {
    /// The run's id.
    #[must_use]
    pub fn id(&self) -> &RunId {
        &self.handle.id
    }

    /// The run by its id alone, whatever state it was last seen in.
    #[must_use]
    pub fn handle(&self) -> &RunHandle {
        &self.handle
    }

    /// The id of the workflow that runs.
    #[must_use]
    pub fn workflow_id(&self) -> &WorkflowId {
        &self.workflow_id
    }

    /// The id of the version that actually runs, whatever was asked for.
    ///
    /// ```
    /// # fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Version;
    ///
    /// let same_again = Version::pinned(run.version_id())?;
    /// # let _ = same_again;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn version_id(&self) -> &str {
        &self.document.workflow_version_id
    }

    /// The status as the service writes it, such as `running`; empty where the service left it out.
    #[must_use]
    pub fn status(&self) -> &str {
        outcome::status(self.lifecycle())
    }

    /// The state of the run, with what belongs to it.
    ///
    /// ```
    /// # fn demo(run: retab_ext::Run) {
    /// use retab_api::types::WorkflowRunLifecycle;
    ///
    /// if let WorkflowRunLifecycle::Error(error) = run.lifecycle() {
    ///     println!("{}: {}", run.id(), error.message);
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn lifecycle(&self) -> &WorkflowRunLifecycle {
        &self.document.lifecycle
    }

    /// The whole run as the service describes it: its inputs, times and metadata.
    #[must_use]
    pub fn document(&self) -> &WorkflowRun {
        &self.document
    }

    /// Reads the run again.
    ///
    /// ```
    /// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
    /// let now = run.refresh().await?;
    /// println!("{} was {}, is {}", run.id(), run.status(), now.status());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of a call.
    pub async fn refresh(&self) -> Result<Self, Error> {
        self.handle.get().await
    }

    /// Waits until the run has ended or needs a review, for up to ten minutes: [`wait_with`](Self::wait_with) the
    /// default [`Polling`].
    ///
    /// ```
    /// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
    /// let completed = run.wait().await?.into_result()?;
    /// println!("{} is done", completed.id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`wait_with`](Self::wait_with).
    pub async fn wait(&self) -> Result<Outcome, Error> {
        self.wait_with(Polling::default()).await
    }

    /// Waits until the run has ended or needs a review, or the deadline has passed.
    ///
    /// ```
    /// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
    /// use std::time::Duration;
    /// use retab_ext::{Outcome, Polling};
    ///
    /// let hour = Polling::default().deadline(Duration::from_secs(3600));
    /// if let Outcome::TimedOut { run, .. } = run.wait_with(hour).await? {
    ///     println!("{} is still {}", run.id(), run.status());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A fault that may pass (see [`Error::is_retryable`]) does not end the waiting: the next read tries again, after the
    /// time that the service asks for where it does, and no read is sent twice by itself, whatever the
    /// [`RetryPolicy`](crate::RetryPolicy) of the client. Until a read has found a new run, which may not be visible
    /// everywhere at once, it is taken as missing only at the third time in a row. A status that this version does not
    /// know is waited on.
    ///
    /// # Errors
    /// The first fault that will not pass by itself.
    pub async fn wait_with(&self, polling: Polling) -> Result<Outcome, Error> {
        Poller::of(self, polling).wait().await
    }

    /// The run now and after each change of its lifecycle, by the default [`Polling`].
    ///
    /// ```
    /// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    ///
    /// let mut states = run.watch();
    /// while let Some(run) = states.try_next().await? {
    ///     println!("{} is {}", run.id(), run.status());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn watch(&self) -> impl Stream<Item = Result<Self, Error>> + Send + Unpin + use<> {
        self.watch_with(Polling::default())
    }

    /// The run now and after each change of its lifecycle.
    ///
    /// ```
    /// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
    /// use std::time::Duration;
    /// use futures_util::TryStreamExt as _;
    /// use retab_ext::Polling;
    ///
    /// let often = Polling::default().interval(Duration::from_millis(500));
    /// let states: Vec<_> = run.watch_with(often).try_collect().await?;
    /// println!("{} states", states.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The stream ends after the state at which [`wait_with`](Self::wait_with) stops, or after an error: a fault that will
    /// not pass by itself, or one of the kind [`Timeout`](crate::ErrorKind::Timeout) once the deadline has passed.
    pub fn watch_with(
        &self,
        polling: Polling,
    ) -> impl Stream<Item = Result<Self, Error>> + Send + Unpin + use<> {
        poller::states(Poller::of(self, polling))
    }

    /// Asks the service to stop the run: see [`RunHandle::cancel`].
    ///
    /// # Errors
    /// Those of [`RunHandle::cancel`].
    pub async fn cancel(&self) -> Result<Cancellation, Error> {
        self.handle.cancel().await
    }

    /// Deletes the run: see [`RunHandle::delete`].
    ///
    /// # Errors
    /// Those of [`RunHandle::delete`].
    pub async fn delete(&self) -> Result<(), Error> {
        self.handle.delete().await
    }

    /// The steps of the run: see [`RunHandle::steps`].
    pub fn steps(&self) -> ListWorkflowRunSteps {
        self.handle.steps()
    }

    /// What the steps have made: see [`RunHandle::artifacts`].
    pub fn artifacts(&self) -> ListWorkflowArtifacts {
        self.handle.artifacts()
    }

    /// What the blocks have given so far, by the id of the block: see [`RunHandle::outputs`].
    ///
    /// # Errors
    /// Those of a call.
    pub async fn outputs(&self) -> Result<Outputs, Error> {
        self.handle.outputs().await
    }

    /// Starts to describe a run with the same workflow, inputs and metadata, which the service knows as a restart of this
    /// one.
    ///
    /// ```
    /// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Version;
    ///
    /// let same_version = Version::pinned(run.version_id())?;
    /// let again = run.restart().version(same_version).metadata("try", "2").send().await?;
    /// println!("{} repeats {}", again.id(), run.id());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The version in production runs unless another is set. Metadata that is set joins that of this run, in its place
    /// where the name is the same. The files are those that this run took: their addresses are asked for when it is sent.
    pub fn restart(&self) -> RunRequest {
        RunRequest::restart_of(self)
    }

    /// A run that was read.
    pub(crate) fn found(client: Client, document: WorkflowRun) -> Self {
        Self {
            was_found: true,
            ..Self::created(client, document)
        }
    }

    /// A run that was just created.
    fn created(client: Client, document: WorkflowRun) -> Self {
        Self {
            handle: RunHandle::new(client, RunId::from(&document.id)),
            workflow_id: WorkflowId::from(&document.workflow_id),
            document: Arc::new(document),
            was_found: false,
        }
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("id", &self.id().as_str())
            .field("workflow_id", &self.workflow_id.as_str())
            .field("version_id", &self.version_id())
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}
