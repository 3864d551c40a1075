//! Reads of the current run state.

use super::handle::RunHandle;
use super::snapshot::Run;
use crate::error::Error;

impl RunHandle {
    /// Reads the current state of the run.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let run = client.run("run_abc123xyz").get().await?;
    /// println!("{} is {}", run.id(), run.status());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the request fails; [`is_not_found`](Error::is_not_found) is true if the run does not exist.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the read. The run is not affected.
    pub async fn get(&self) -> Result<Run, Error> {
        let request = self.client.api().get_workflow_run();
        let response = request.run_id(&self.id).send().await?;
        Ok(Run::fetched(self.client.clone(), response.into_inner()))
    }
}

impl Run {
    /// Reads the current state of the run again.
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
    /// Returns an error if the request fails.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the read. The run is not affected.
    pub async fn refresh(&self) -> Result<Self, Error> {
        self.handle.get().await
    }
}
