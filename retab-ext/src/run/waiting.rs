//! Waiting for runs and watching their state.

use futures_core::Stream;

use super::handle::RunHandle;
use super::outcome::Outcome;
use super::poller::{self, Poller};
use super::polling::Polling;
use super::snapshot::Run;
use crate::error::Error;

impl RunHandle {
    /// Waits until the run ends or requires a review, for up to 600 s, with the default [`Polling`].
    ///
    /// # Errors
    /// Returns the errors of [`wait_with`](Self::wait_with).
    ///
    /// # Cancel safety
    /// Dropping the future stops polling. The run continues and can be waited for again.
    pub async fn wait(&self) -> Result<Outcome, Error> {
        self.wait_with(Polling::default()).await
    }

    /// Waits until the run ends, requires a review, or the deadline passes: see [`Run::wait_with`].
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use std::time::Duration;
    /// use retab_ext::Polling;
    ///
    /// let hour = Polling::default().deadline(Duration::from_secs(3600));
    /// let outcome = client.run("run_abc123xyz").wait_with(hour).await?;
    /// println!("{}", outcome.run().status());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The first read is immediate.
    ///
    /// # Errors
    /// Returns the first error that is not retryable, or an error of the kind [`Timeout`](crate::ErrorKind::Timeout) if
    /// no read succeeds before the deadline.
    ///
    /// # Cancel safety
    /// Dropping the future stops polling. The run continues and can be waited for again.
    pub async fn wait_with(&self, polling: Polling) -> Result<Outcome, Error> {
        Poller::from_handle(self, polling).wait().await
    }

    /// Returns a stream of the current state and each lifecycle change, with the default [`Polling`].
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    ///
    /// let mut states = client.run("run_abc123xyz").watch();
    /// while let Some(run) = states.try_next().await? {
    ///     println!("{} is {}", run.id(), run.status());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn watch(&self) -> impl Stream<Item = Result<Run, Error>> + Send + Unpin + use<> {
        self.watch_with(Polling::default())
    }

    /// Returns a stream of the current state and each lifecycle change: see [`Run::watch_with`].
    pub fn watch_with(
        &self,
        polling: Polling,
    ) -> impl Stream<Item = Result<Run, Error>> + Send + Unpin + use<> {
        poller::states(Poller::from_handle(self, polling))
    }
}

impl Run {
    /// Waits until the run ends or requires a review, for up to 600 s, with the default [`Polling`].
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
    /// Returns the errors of [`wait_with`](Self::wait_with).
    ///
    /// # Cancel safety
    /// Dropping the future stops polling. The run continues and can be waited for again.
    pub async fn wait(&self) -> Result<Outcome, Error> {
        self.wait_with(Polling::default()).await
    }

    /// Waits until the run ends, requires a review, or the deadline passes.
    ///
    /// ```
    /// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
    /// use std::time::Duration;
    /// use retab_ext::{Outcome, Polling};
    ///
    /// let hour = Polling::default().deadline(Duration::from_secs(3600));
    /// if let Outcome::TimedOut { run, .. } = run.wait_with(hour).await? {
    ///     println!("{} is still {}", run.id(), run.status());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Polling continues after retryable errors (see [`Error::is_retryable`]) and respects `Retry-After`. Each read is
    /// sent once, whatever the client's [`RetryPolicy`](crate::RetryPolicy). A new run may not be visible everywhere
    /// yet, so the first two consecutive 404 responses are ignored until a read has found it. Unknown statuses count as
    /// in progress.
    ///
    /// # Errors
    /// Returns the first error that is not retryable.
    ///
    /// # Cancel safety
    /// Dropping the future stops polling. The run continues and can be waited for again.
    pub async fn wait_with(&self, polling: Polling) -> Result<Outcome, Error> {
        Poller::from_run(self, polling).wait().await
    }

    /// Returns a stream of the current state and each lifecycle change, with the default [`Polling`].
    ///
    /// ```
    /// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    ///
    /// let mut states = run.watch();
    /// while let Some(run) = states.try_next().await? {
    ///     println!("{} is {}", run.id(), run.status());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn watch(&self) -> impl Stream<Item = Result<Self, Error>> + Send + Unpin + use<> {
        self.watch_with(Polling::default())
    }

    /// Returns a stream of the current state and each lifecycle change.
    ///
    /// ```
    /// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
    /// use std::time::Duration;
    /// use futures_util::TryStreamExt as _;
    /// use retab_ext::Polling;
    ///
    /// let frequent = Polling::default().interval(Duration::from_millis(500));
    /// let states: Vec<_> = run.watch_with(frequent).try_collect().await?;
    /// println!("{} states", states.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The stream ends after the state at which [`wait_with`](Self::wait_with) returns, or after an error: the first
    /// error that is not retryable, or one of the kind [`Timeout`](crate::ErrorKind::Timeout) once the deadline has
    /// passed.
    pub fn watch_with(
        &self,
        polling: Polling,
    ) -> impl Stream<Item = Result<Self, Error>> + Send + Unpin + use<> {
        poller::states(Poller::from_run(self, polling))
    }
}
