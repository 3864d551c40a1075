//! A workflow run and its latest known state.

use std::fmt;
use std::sync::Arc;

use retab_api::builder::{ListWorkflowArtifacts, ListWorkflowRunSteps};
use retab_api::types::{WorkflowRun, WorkflowRunLifecycle as Lifecycle};

use super::handle::RunHandle;
use crate::client::Client;
use crate::error::Error;
use crate::id::{RunId, WorkflowId};

/// A workflow run and its latest known state.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use retab_ext::Outcome;
///
/// let run = client.run("run_abc123xyz").get().await?;
/// if let Outcome::Completed { run, .. } = run.wait().await? {
///     println!("{} ran version {}", run.id(), run.version_id());
/// }
/// # Ok(())
/// # }
/// ```
///
/// Clones are cheap. `Debug` shows the ids and the status, but no inputs.
#[derive(Clone)]
pub struct Run {
    pub(super) handle: RunHandle,
    pub(super) workflow_id: WorkflowId,
    pub(super) snapshot: Arc<WorkflowRun>,
    /// Whether a read has found the run. A new run may not be visible everywhere yet.
    pub(super) was_found: bool,
}

impl Run {
    /// Returns the run id.
    #[must_use]
    pub fn id(&self) -> &RunId {
        &self.handle.id
    }

    /// Returns a handle to the run.
    #[must_use]
    pub fn handle(&self) -> &RunHandle {
        &self.handle
    }

    /// Returns the workflow id.
    #[must_use]
    pub fn workflow_id(&self) -> &WorkflowId {
        &self.workflow_id
    }

    /// Returns the id of the workflow version that the run uses, whichever version was requested.
    ///
    /// ```
    /// # fn demo(run: retab_ext::Run) {
    /// use retab_ext::Version;
    ///
    /// let same_again = Version::pinned(run.version_id());
    /// # let _ = same_again;
    /// # }
    /// ```
    #[must_use]
    pub fn version_id(&self) -> &str {
        &self.snapshot.workflow_version_id
    }

    /// Returns the raw status, such as `running`, or an empty string if the service omitted it.
    #[must_use]
    pub fn status(&self) -> &str {
        status(self.lifecycle())
    }

    /// Returns the state of the run with its details.
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

    /// Returns the snapshot: the raw state of the run with its inputs, timing and metadata.
    #[must_use]
    pub fn snapshot(&self) -> &WorkflowRun {
        &self.snapshot
    }

    /// Deletes the run: see [`RunHandle::delete`].
    ///
    /// # Errors
    /// Returns the errors of [`RunHandle::delete`].
    ///
    /// # Cancel safety
    /// The same as for [`RunHandle::delete`].
    pub async fn delete(&self) -> Result<(), Error> {
        self.handle.delete().await
    }

    /// Returns a list of the steps of the run: see [`RunHandle::steps`].
    pub fn steps(&self) -> ListWorkflowRunSteps {
        self.handle.steps()
    }

    /// Returns a list of the artifacts of the run: see [`RunHandle::artifacts`].
    pub fn artifacts(&self) -> ListWorkflowArtifacts {
        self.handle.artifacts()
    }

    /// Creates a run from the response to a read.
    pub(crate) fn fetched(client: Client, snapshot: WorkflowRun) -> Self {
        Self {
            was_found: true,
            ..Self::created(client, snapshot)
        }
    }

    /// Creates a run from the response to its creation.
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

/// Returns the raw tag of a lifecycle.
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
