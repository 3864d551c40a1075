//! Reads the current state of a run.

use super::handle::RunHandle;
use super::snapshot::Run;
use crate::error::Error;

impl RunHandle {
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
}

impl Run {
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
}
