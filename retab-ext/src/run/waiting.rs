//! Reading a run, and waiting for it to end.

use futures_core::Stream;

use super::handle::RunHandle;
use super::outcome::Outcome;
use super::poller::{self, Poller};
use super::polling::Polling;
use super::snapshot::Run;
use crate::error::Error;

impl RunHandle {
    /// Waits until the run has ended or needs a review, by the default [`Polling`]: for up to ten minutes.
    ///
    /// # Errors
    /// Those of [`wait_with`](Self::wait_with).
    pub async fn wait(&self) -> Result<Outcome, Error> {
        self.wait_with(Polling::default()).await
    }

    /// Waits until the run has ended or needs a review, or the deadline has passed: see [`Run::wait_with`]. The first read
    /// is made at once.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use std::time::Duration;
    /// use retab_ext::Polling;
    ///
    /// let hour = Polling::default().deadline(Duration::from_secs(3600));
    /// let outcome = client.runs().handle("run_abc123xyz").wait_with(hour).await?;
    /// println!("{}", outcome.run().status());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The first fault that will not pass by itself, and one of the kind [`Timeout`](crate::ErrorKind::Timeout) where the
    /// run was never read before the deadline.
    pub async fn wait_with(&self, polling: Polling) -> Result<Outcome, Error> {
        Poller::new(self, polling).wait().await
    }

    /// The run now and after each change of its lifecycle, by the default [`Polling`].
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    ///
    /// let mut states = client.runs().handle("run_abc123xyz").watch();
    /// while let Some(run) = states.try_next().await? {
    ///     println!("{} is {}", run.id(), run.status());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn watch(&self) -> impl Stream<Item = Result<Run, Error>> + Send + Unpin + use<> {
        self.watch_with(Polling::default())
    }

    /// The run now and after each change of its lifecycle: see [`Run::watch_with`].
    pub fn watch_with(
        &self,
        polling: Polling,
    ) -> impl Stream<Item = Result<Run, Error>> + Send + Unpin + use<> {
        poller::states(Poller::new(self, polling))
    }
}

impl Run {
    /// Waits until the run has ended or needs a review, for up to ten minutes: [`wait_with`](Self::wait_with) the
    /// default [`Polling`].
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
    /// Those of [`wait_with`](Self::wait_with).
    pub async fn wait(&self) -> Result<Outcome, Error> {
        self.wait_with(Polling::default()).await
    }

    /// Waits until the run has ended or needs a review, or the deadline has passed.
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
    /// A fault that may pass (see [`Error::is_retryable`]) does not end the waiting: the next read tries again, after the
    /// time that the service asks for where it does, and no read is sent twice by itself, whatever the
    /// [`RetryPolicy`](crate::RetryPolicy) of the client. Until a read has found a new run, which may not be visible
    /// everywhere at once, it is taken as missing only at the third time in a row. A status that this version does not
    /// know is waited on.
    ///
    /// # Errors
    /// The first fault that will not pass by itself.
    pub async fn wait_with(&self, polling: Polling) -> Result<Outcome, Error> {
        Poller::of(self, polling).wait().await
    }

    /// The run now and after each change of its lifecycle, by the default [`Polling`].
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

    /// The run now and after each change of its lifecycle.
    ///
    /// ```
    /// # async fn demo(run: retab_ext::Run) -> Result<(), retab_ext::Error> {
    /// use std::time::Duration;
    /// use futures_util::TryStreamExt as _;
    /// use retab_ext::Polling;
    ///
    /// let often = Polling::default().interval(Duration::from_millis(500));
    /// let states: Vec<_> = run.watch_with(often).try_collect().await?;
    /// println!("{} states", states.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The stream ends after the state at which [`wait_with`](Self::wait_with) stops, or after an error: a fault that will
    /// not pass by itself, or one of the kind [`Timeout`](crate::ErrorKind::Timeout) once the deadline has passed.
    pub fn watch_with(
        &self,
        polling: Polling,
    ) -> impl Stream<Item = Result<Self, Error>> + Send + Unpin + use<> {
        poller::states(Poller::of(self, polling))
    }
}
