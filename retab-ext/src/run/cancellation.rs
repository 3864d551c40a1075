//! Cancellation of runs.

use std::fmt;

use retab_api::types::CancelWorkflowResponse;
use retab_api::types::CancelWorkflowResponseCancellationStatus as WireStatus;

use super::handle::RunHandle;
use super::snapshot::Run;
use crate::client::Client;
use crate::error::Error;

/// The result of a cancellation request.
///
/// ```
/// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
/// let cancellation = run.cancel().await?;
/// println!("{}: {}", cancellation.run().id(), cancellation.status());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "the status says whether the service could cancel the run"]
pub struct Cancellation {
    run: Run,
    status: CancellationStatus,
}

/// The status of a cancellation.
///
/// ```
/// use retab_ext::CancellationStatus;
///
/// assert_eq!(CancellationStatus::Requested.to_string(), "cancellation_requested");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CancellationStatus {
    /// The run is cancelled.
    Cancelled,
    /// The service is cancelling the run.
    Requested,
    /// The service could not cancel the run, which continues.
    Failed,
    /// A status unknown to this version of the crate.
    Unknown(String),
}

impl RunHandle {
    /// Requests the cancellation of the run.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use retab_ext::CancellationStatus;
    ///
    /// let cancellation = client.run("run_abc123xyz").cancel().await?;
    /// if cancellation.status() == CancellationStatus::Requested {
    ///     let outcome = cancellation.run().wait().await?;
    ///     println!("{}", outcome.run().status());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// All attempts of the request share one command id, so the service cancels the run at most once.
    ///
    /// # Errors
    /// Returns an error if the request fails. A refused cancellation is reported by [`Cancellation::status`], not as an
    /// error.
    ///
    /// # Cancel safety
    /// If the future is dropped, the service may still cancel the run.
    pub async fn cancel(&self) -> Result<Cancellation, Error> {
        let request = self.client.api().cancel_workflow_run();
        let response = request.run_id(&self.id).send().await?;
        Ok(Cancellation::new(
            self.client.clone(),
            response.into_inner(),
        ))
    }
}

impl Run {
    /// Requests the cancellation of the run: see [`RunHandle::cancel`].
    ///
    /// # Errors
    /// Returns the errors of [`RunHandle::cancel`].
    ///
    /// # Cancel safety
    /// The same as for [`RunHandle::cancel`].
    pub async fn cancel(&self) -> Result<Cancellation, Error> {
        self.handle.cancel().await
    }
}

impl Cancellation {
    pub(super) fn new(client: Client, response: CancelWorkflowResponse) -> Self {
        let status = match response.cancellation_status {
            // The spec declares this default.
            None | Some(WireStatus::CancellationRequested) => CancellationStatus::Requested,
            Some(WireStatus::Cancelled) => CancellationStatus::Cancelled,
            Some(WireStatus::CancellationFailed) => CancellationStatus::Failed,
            Some(other) => CancellationStatus::Unknown(other.to_string()),
        };
        Self {
            run: Run::fetched(client, response.run),
            status,
        }
    }

    /// Returns the status of the cancellation.
    #[must_use]
    pub fn status(&self) -> CancellationStatus {
        self.status.clone()
    }

    /// Returns the run as it was after the request.
    #[must_use]
    pub fn run(&self) -> &Run {
        &self.run
    }
}

impl fmt::Display for CancellationStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cancelled => "cancelled",
            Self::Requested => "cancellation_requested",
            Self::Failed => "cancellation_failed",
            Self::Unknown(status) => status,
        })
    }
}
