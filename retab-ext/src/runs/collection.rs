//! The collection of runs.

use super::export::Export;
use super::list::RunList;
use crate::client::Client;
use crate::id::{BlockId, RunId, WorkflowId};
use crate::run::RunHandle;

/// The runs of all workflows, from [`Client::runs`].
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// let table = client.runs().export("wf_abc123xyz", "extract-block-1").send().await?;
/// println!("{} rows", table.rows());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Runs {
    client: Client,
}

impl Client {
    /// Returns the collection of runs, for handles, lists and exports.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    ///
    /// let mut runs = client.runs().list().workflow("wf_abc123xyz").runs();
    /// while let Some(run) = runs.try_next().await? {
    ///     println!("{} is {}", run.id(), run.status());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn runs(&self) -> Runs {
        Runs::new(self.clone())
    }
}

impl Runs {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Returns a handle to a run, like [`Client::run`]. Sends no request.
    #[must_use]
    pub fn handle(&self, id: impl Into<RunId>) -> RunHandle {
        self.client.run(id)
    }

    /// Returns a builder for a filtered list of runs of all workflows.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    ///
    /// let mut running = client.runs().list().status("running").runs();
    /// while let Some(run) = running.try_next().await? {
    ///     println!("{} of {}", run.id(), run.workflow_id());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> RunList {
        RunList::new(self.client.clone())
    }

    /// Returns a builder for a CSV export of a block's outputs in the completed runs of a workflow.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let table = client.runs().export("wf_abc123xyz", "extract-block-1").send().await?;
    /// print!("{}", table.csv());
    /// # Ok(())
    /// # }
    /// ```
    pub fn export(&self, workflow: impl Into<WorkflowId>, block: impl Into<BlockId>) -> Export {
        Export::new(self.client.clone(), workflow.into(), block.into())
    }
}
