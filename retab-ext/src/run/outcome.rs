//! How a run ended, as far as waiting for it goes.

use retab_api::types::WorkflowRunLifecycle as Lifecycle;

use super::snapshot::Run;
use crate::error::{Error, ErrorKind};
use crate::id::{BlockId, RunId};

/// How the waiting for a run ended.
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
#[must_use = "a run can end otherwise than completed"]
pub enum Outcome {
    /// The run went through.
    #[non_exhaustive]
    Completed {
        /// The run at its end.
        run: Run,
    },
    /// The run failed.
    #[non_exhaustive]
    Failed {
        /// The run at its end.
        run: Run,
        /// What failed.
        failure: Failure,
    },
    /// The run was cancelled.
    #[non_exhaustive]
    Cancelled {
        /// The run at its end.
        run: Run,
        /// Why, where that is known.
        reason: Option<String>,
    },
    /// The run has stopped until a person has reviewed what it has so far.
    #[non_exhaustive]
    AwaitingReview {
        /// The run as it waits.
        run: Run,
        /// The blocks that wait for a review.
        block_ids: Vec<BlockId>,
    },
    /// The deadline passed first; the run goes on.
    #[non_exhaustive]
    TimedOut {
        /// The run as it was last seen.
        run: Run,
        /// The last_error of the last read, where it had one.
        last_error: Option<Error>,
    },
}

/// What failed in a run.
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
    /// The stage that failed, such as `document_fetch` or `execution`.
    pub stage: Option<String>,
    /// The category of the failure: `transient`, `permanent` or `quota`.
    pub category: Option<String>,
    /// The id of the step that failed.
    pub step: Option<String>,
    /// The service's own words on it.
    pub message: String,
}

impl Outcome {
    /// The run as it was last seen.
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

    /// The completed run, or an error for any other outcome.
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
    /// Of the kind [`RunFailed`](ErrorKind::RunFailed), [`RunCancelled`](ErrorKind::RunCancelled),
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
                    "the run {} waits for a review of: {}",
                    run.id(),
                    blocks.join(", ")
                );
                Err(Error::new(ErrorKind::RunAwaitingReview, message))
            }
            Self::TimedOut { run, last_error } => Err(timeout(&run, last_error)),
        }
    }

    /// What has become of a run: `None` while it goes on.
    pub(super) fn of(run: &Run) -> Option<Self> {
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
            // The status filter of the list of runs has this one besides `error`.
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
            // `queued` among them, which that filter has besides `pending`.
            _ => None,
        }
    }
}

impl Failure {
    /// What is known of the failure, as the rest of a sentence.
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

/// The error for a run that goes on after the deadline.
pub(super) fn timeout(run: &Run, last_error: Option<Error>) -> Error {
    let message = format!(
        "the run {} was still {:?} at the deadline; it goes on",
        run.id(),
        run.status()
    );
    timed_out(message, last_error)
}

/// The error for a run that no read has found before the deadline.
pub(super) fn never_seen(id: &RunId, last_error: Option<Error>) -> Error {
    timed_out(
        format!("the run {id} was not read before the deadline"),
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
