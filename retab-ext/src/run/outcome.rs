//! Outcomes of waiting for a run.

use retab_api::types::WorkflowRunLifecycle as Lifecycle;

use super::snapshot::Run;
use crate::error::{Error, ErrorKind};
use crate::id::{BlockId, RunId};

/// The outcome of waiting for a run.
///
/// ```
/// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
/// use retab_ext::Outcome;
///
/// match run.wait().await? {
///     Outcome::Completed { run, .. } => println!("{} is done", run.id()),
///     Outcome::Failed { failure, .. } => println!("failed: {}", failure.message),
///     Outcome::Cancelled { reason, .. } => println!("cancelled: {reason:?}"),
///     Outcome::AwaitingReview { block_ids, .. } => println!("to review: {block_ids:?}"),
///     Outcome::TimedOut { run, .. } => println!("still {}", run.status()),
///     other => println!("{}", other.run().status()),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
#[must_use = "a run may end without completing"]
pub enum Outcome {
    /// The run completed.
    #[non_exhaustive]
    Completed {
        /// The final state of the run.
        run: Run,
    },
    /// The run failed.
    #[non_exhaustive]
    Failed {
        /// The final state of the run.
        run: Run,
        /// The cause of the failure.
        failure: Failure,
    },
    /// The run was cancelled.
    #[non_exhaustive]
    Cancelled {
        /// The final state of the run.
        run: Run,
        /// The reason, if known.
        reason: Option<String>,
    },
    /// The run is paused until a person reviews its intermediate results.
    #[non_exhaustive]
    AwaitingReview {
        /// The state of the paused run.
        run: Run,
        /// The blocks that require a review.
        block_ids: Vec<BlockId>,
    },
    /// The deadline passed first. The run continues.
    #[non_exhaustive]
    TimedOut {
        /// The latest known state of the run.
        run: Run,
        /// The error of the last read, if it failed.
        last_error: Option<Error>,
    },
}

/// The cause of a failed run.
///
/// ```
/// # fn demo(failure: retab_ext::Failure) {
/// if failure.category.as_deref() == Some("transient") {
///     println!("it may work when it is run again: {}", failure.message);
/// }
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The failed stage, such as `document_fetch` or `execution`.
    pub stage: Option<String>,
    /// The category of the failure: `transient`, `permanent` or `quota`.
    pub category: Option<String>,
    /// The id of the failed step.
    pub step: Option<String>,
    /// The message of the service.
    pub message: String,
}

impl Outcome {
    /// Returns the latest known state of the run.
    #[must_use]
    pub fn run(&self) -> &Run {
        match self {
            Self::Completed { run }
            | Self::Failed { run, .. }
            | Self::Cancelled { run, .. }
            | Self::AwaitingReview { run, .. }
            | Self::TimedOut { run, .. } => run,
        }
    }

    /// Returns the completed run, or an error for any other outcome.
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
    /// Returns an error of the kind [`RunFailed`](ErrorKind::RunFailed), [`RunCancelled`](ErrorKind::RunCancelled),
    /// [`RunAwaitingReview`](ErrorKind::RunAwaitingReview) or [`Timeout`](ErrorKind::Timeout).
    pub fn into_result(self) -> Result<Run, Error> {
        match self {
            Self::Completed { run } => Ok(run),
            Self::Failed { run, failure } => Err(Error::new(
                ErrorKind::RunFailed,
                format!("the run {} failed{}", run.id(), failure.details()),
            )),
            Self::Cancelled { run, reason } => {
                let reason = reason
                    .map(|reason| format!(": {reason}"))
                    .unwrap_or_default();
                Err(Error::new(
                    ErrorKind::RunCancelled,
                    format!("the run {} was cancelled{reason}", run.id()),
                ))
            }
            Self::AwaitingReview { run, block_ids } => {
                let blocks: Vec<&str> = block_ids.iter().map(BlockId::as_str).collect();
                let message = format!(
                    "the run {} is awaiting review of: {}",
                    run.id(),
                    blocks.join(", ")
                );
                Err(Error::new(ErrorKind::RunAwaitingReview, message))
            }
            Self::TimedOut { run, last_error } => Err(timeout(&run, last_error)),
        }
    }

    /// Returns the outcome of a run, or `None` while it is in progress.
    pub(super) fn from_run(run: &Run) -> Option<Self> {
        let run = run.clone();
        match run.lifecycle() {
            Lifecycle::Completed(_) => Some(Self::Completed { run }),
            Lifecycle::Error(error) => {
                let failure = Failure {
                    stage: error.stage.as_ref().map(ToString::to_string),
                    category: error.category.as_ref().map(ToString::to_string),
                    step: error.failing_step_id.clone(),
                    message: error.message.clone(),
                };
                Some(Self::Failed { run, failure })
            }
            Lifecycle::Cancelled(cancelled) => {
                let reason = cancelled.reason.clone();
                Some(Self::Cancelled { run, reason })
            }
            Lifecycle::AwaitingReview(awaiting) => {
                let block_ids = awaiting
                    .waiting_for_block_ids
                    .iter()
                    .flatten()
                    .map(BlockId::from)
                    .collect();
                Some(Self::AwaitingReview { run, block_ids })
            }
            // The spec lists this status only in the filter of the run list, next to `error`.
            Lifecycle::Unknown(unknown) if unknown.tag() == Some("failed") => {
                let text = |key| {
                    unknown
                        .get(key)
                        .and_then(|value| value.as_str())
                        .map(str::to_owned)
                };
                let failure = Failure {
                    stage: text("stage"),
                    category: text("category"),
                    step: text("failing_step_id"),
                    message: text("message").unwrap_or_default(),
                };
                Some(Self::Failed { run, failure })
            }
            // Includes `queued`, which the spec also lists only in that filter.
            _ => None,
        }
    }
}

impl Failure {
    /// Returns the known details of the failure, to append to a message.
    fn details(&self) -> String {
        let parts = [
            (", stage ", &self.stage),
            (", category ", &self.category),
            (", step ", &self.step),
        ];
        let parts = parts
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_deref()?)));
        let message =
            Some((": ", self.message.as_str())).filter(|(_, message)| !message.is_empty());
        parts
            .chain(message)
            .map(|(name, value)| format!("{name}{value}"))
            .collect::<Vec<_>>()
            .concat()
    }
}

/// Returns the error for a run that is still in progress at the deadline.
pub(super) fn timeout(run: &Run, last_error: Option<Error>) -> Error {
    let message = format!(
        "the run {} was still {:?} at the deadline and was not cancelled",
        run.id(),
        run.status()
    );
    timed_out(message, last_error)
}

/// Returns the error for a run that was not read successfully before the deadline.
pub(super) fn never_read(id: &RunId, last_error: Option<Error>) -> Error {
    timed_out(
        format!("cannot wait for the run {id}: no read succeeded before the deadline"),
        last_error,
    )
}

fn timed_out(message: String, last_error: Option<Error>) -> Error {
    match last_error {
        Some(last_error) => Error::new(
            ErrorKind::Timeout,
            format!("{message}; the last read failed: {last_error}"),
        )
        .caused_by(last_error),
        None => Error::new(ErrorKind::Timeout, message),
    }
}
