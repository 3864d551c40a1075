//! The collection of runs.

use std::fmt;

use super::export::Export;
use super::list::RunList;
use crate::client::Client;
use crate::error::Error;
use crate::id::{BlockId, RunId, WorkflowId};
use crate::run::{Run, RunHandle};

/// The runs of all workflows, from [`Client::runs`].
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// let run = client.runs().handle("run_abc123xyz").get().await?;
/// println!("{} is {}", run.id(), run.status());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Runs {
    client: Client,
}

impl Client {
    /// The runs of all workflows: by their id, in a list, as a table.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let outcome = client.runs().handle("run_abc123xyz").wait().await?;
    /// println!("{}", outcome.run().status());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn runs(&self) -> Runs {
        Runs::new(self.clone())
    }

    /// The run of this id, as it stands now.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let run = client.get_run("run_abc123xyz").await?;
    /// println!("{} is {}", run.id(), run.status());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) where there is no such run.
    pub async fn get_run(&self, id: impl Into<RunId>) -> Result<Run, Error> {
        self.runs().handle(id).get().await
    }
}

impl Runs {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The run of this id, such as one that was stored; it is not read.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let run = client.runs().handle("run_abc123xyz");
    /// println!("{}", run.wait().await?.run().status());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn handle(&self, id: impl Into<RunId>) -> RunHandle {
        RunHandle::new(self.client.clone(), id.into())
    }

    /// The runs of all workflows, to be filtered.
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

    /// What a block of a workflow gave in each completed run, as CSV.
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

impl fmt::Debug for Runs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runs").finish_non_exhaustive()
    }
}
