//! What has become of the request to stop a run.

use std::fmt;

use retab_api::types::CancelWorkflowResponse;
use retab_api::types::CancelWorkflowResponseCancellationStatus as WireStatus;

use super::handle::RunHandle;
use super::snapshot::Run;
use crate::client::Client;
use crate::error::Error;

/// What has become of the request to stop a run.
///
/// ```
/// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
/// let cancellation = run.cancel().await?;
/// println!("{}: {}", cancellation.run().id(), cancellation.status());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "the service can fail to stop a run, and says so here"]
pub struct Cancellation {
    run: Run,
    status: CancellationStatus,
}

/// How far the service is with stopping a run.
///
/// ```
/// use retab_ext::CancellationStatus;
///
/// assert_eq!(CancellationStatus::Requested.to_string(), "cancellation_requested");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CancellationStatus {
    /// The run has stopped.
    Cancelled,
    /// The run is about to stop.
    Requested,
    /// The request did not get through; the run goes on.
    Failed,
    /// Something that this version does not know, as the service writes it.
    Unknown(String),
}

impl RunHandle {
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
}

impl Run {
    /// Asks the service to stop the run: see [`RunHandle::cancel`].
    ///
    /// # Errors
    /// Those of [`RunHandle::cancel`].
    pub async fn cancel(&self) -> Result<Cancellation, Error> {
        self.handle.cancel().await
    }
}

impl Cancellation {
    pub(super) fn new(client: Client, response: CancelWorkflowResponse) -> Self {
        let status = match response.cancellation_status {
            // What the document gives as the default.
            None | Some(WireStatus::CancellationRequested) => CancellationStatus::Requested,
            Some(WireStatus::Cancelled) => CancellationStatus::Cancelled,
            Some(WireStatus::CancellationFailed) => CancellationStatus::Failed,
            Some(other) => CancellationStatus::Unknown(other.to_string()),
        };
        Self {
            run: Run::found(client, response.run),
            status,
        }
    }

    /// How far the service is with it.
    #[must_use]
    pub fn status(&self) -> CancellationStatus {
        self.status.clone()
    }

    /// The run as it stood after the request.
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
