//! A workflow run and its latest known state.

use std::fmt;
use std::sync::Arc;

use retab_api::builder::{ListWorkflowArtifacts, ListWorkflowRunSteps};
use retab_api::types::{WorkflowRun, WorkflowRunLifecycle as Lifecycle};

use super::handle::RunHandle;
use crate::client::Client;
use crate::error::Error;
use crate::id::{RunId, WorkflowId};

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
    pub(super) handle: RunHandle,
    pub(super) workflow_id: WorkflowId,
    pub(super) snapshot: Arc<WorkflowRun>,
    /// Whether it was read, so that the service surely finds it; a new one may not be visible everywhere at once.
    pub(super) was_found: bool,
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
        &self.snapshot.workflow_version_id
    }

    /// The status as the service writes it, such as `running`; empty where the service left it out.
    #[must_use]
    pub fn status(&self) -> &str {
        status(self.lifecycle())
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
    pub fn lifecycle(&self) -> &Lifecycle {
        &self.snapshot.lifecycle
    }

    /// The whole run as the service describes it: its inputs, times and metadata.
    #[must_use]
    pub fn snapshot(&self) -> &WorkflowRun {
        &self.snapshot
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

    /// A run that was read.
    pub(crate) fn found(client: Client, snapshot: WorkflowRun) -> Self {
        Self {
            was_found: true,
            ..Self::created(client, snapshot)
        }
    }

    /// A run that was just created.
    pub(super) fn created(client: Client, snapshot: WorkflowRun) -> Self {
        Self {
            handle: RunHandle::new(client, RunId::from(&snapshot.id)),
            workflow_id: WorkflowId::from(&snapshot.workflow_id),
            snapshot: Arc::new(snapshot),
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

/// The tag of a lifecycle, as the service writes it.
fn status(lifecycle: &Lifecycle) -> &str {
    match lifecycle {
        Lifecycle::Pending(_) => "pending",
        Lifecycle::Running(_) => "running",
        Lifecycle::AwaitingReview(_) => "awaiting_review",
        Lifecycle::Completed(_) => "completed",
        Lifecycle::Error(_) => "error",
        Lifecycle::Cancelled(_) => "cancelled",
        Lifecycle::Unknown(unknown) => unknown.tag().unwrap_or_default(),
        _ => "",
    }
}
