//! Reads a run again and again until it has ended or the deadline has passed.

use std::time::{Duration, Instant};

use futures_core::Stream;
use futures_util::future::{Either, select};
use futures_util::stream;
use retab_api::runtime::RetryAfter;

use super::handle::RunHandle;
use super::outcome::{self, Outcome};
use super::polling::Polling;
use super::snapshot::Run;
use crate::error::Error;
use crate::options::RequestOptions;
use crate::retry::RetryPolicy;

/// How many times in a row a new run may be missing before that is believed.
const MISSES: u32 = 3;

/// A run that is being waited for.
pub(super) struct Poller {
    handle: RunHandle,
    /// The same, each read of which is sent once: the poller is what tries again, and two such loops would multiply.
    once: RunHandle,
    polling: Polling,
    ends_at: Option<Instant>,
    /// The run as it was last seen; `None` before the first read of one that is known by its id alone.
    run: Option<Run>,
    /// Whether a read has found the run. Until then it may be too new to be found everywhere.
    was_found: bool,
    pause: Duration,
    misses: u32,
    last_error: Option<Error>,
    timed_out: bool,
}

impl Poller {
    /// Waits for a run that was seen already.
    pub(super) fn of(run: &Run, polling: Polling) -> Self {
        Self {
            was_found: run.was_found,
            run: Some(run.clone()),
            ..Self::new(&run.handle, polling)
        }
    }

    /// Waits for a run of which nothing but the id is known.
    pub(super) fn new(handle: &RunHandle, polling: Polling) -> Self {
        let never_again = RequestOptions::new().retry(RetryPolicy::never());
        Self {
            // Beyond what an `Instant` can hold there is no deadline.
            ends_at: handle.client.clock().now().checked_add(polling.deadline),
            once: RunHandle::new(handle.client.with(never_again), handle.id.clone()),
            handle: handle.clone(),
            polling,
            run: None,
            was_found: false,
            pause: polling.first_pause(),
            misses: 0,
            last_error: None,
            timed_out: false,
        }
    }

    /// Waits to the end.
    pub(super) async fn wait(mut self) -> Result<Outcome, Error> {
        loop {
            if let Some(end) = self.end() {
                return end;
            }
            self.advance().await?;
        }
    }

    /// How the waiting has ended, where it has.
    fn end(&mut self) -> Option<Result<Outcome, Error>> {
        let outcome = self.run.as_ref().and_then(Outcome::of);
        if outcome.is_some() || !self.timed_out {
            return outcome.map(Ok);
        }
        let last_error = self.last_error.take();
        Some(match self.run.clone() {
            Some(run) => Ok(Outcome::TimedOut { run, last_error }),
            None => Err(outcome::never_seen(&self.handle.id, last_error)),
        })
    }

    /// Pauses, then reads the run once. What was never read is read at once.
    ///
    /// # Errors
    /// A last_error that will not pass by itself.
    async fn advance(&mut self) -> Result<(), Error> {
        if self.run.is_some() || self.last_error.is_some() {
            let pause = self.pause.max(self.asked()).min(self.left());
            self.handle.client.clock().sleep(pause).await;
            self.pause = self.polling.pause_after(self.pause);
        }
        let left = self.left();
        if left.is_zero() {
            self.timed_out = true;
            return Ok(());
        }
        let read = Box::pin(self.once.get());
        let deadline = self.handle.client.clock().sleep(left);
        let read = match select(read, deadline).await {
            Either::Left((read, _)) => read,
            Either::Right(_) => {
                self.timed_out = true;
                return Ok(());
            }
        };
        self.take(read)
    }

    fn take(&mut self, read: Result<Run, Error>) -> Result<(), Error> {
        match read {
            Ok(run) => {
                let handle = self.handle.clone();
                self.run = Some(Run { handle, ..run });
                self.was_found = true;
                self.misses = 0;
                self.last_error = None;
                return Ok(());
            }
            Err(last_error)
                if last_error.is_not_found() && !self.was_found && self.misses + 1 < MISSES =>
            {
                self.misses += 1;
                self.last_error = Some(last_error);
            }
            Err(last_error) if last_error.is_retryable() => {
                self.misses = 0;
                self.last_error = Some(last_error);
            }
            Err(last_error) => return Err(last_error),
        }
        Ok(())
    }

    /// How long the service has asked to be left alone, by the client's clock.
    fn asked(&self) -> Duration {
        let headers = self.last_error.as_ref().and_then(Error::headers);
        let hint = headers.and_then(RetryAfter::of);
        let now = self.handle.client.clock().wall_time();
        hint.map_or(Duration::ZERO, |hint| hint.delay(now))
    }

    fn left(&self) -> Duration {
        let now = self.handle.client.clock().now();
        self.ends_at.map_or(Duration::MAX, |ends_at| {
            ends_at.saturating_duration_since(now)
        })
    }

    /// Waits for a lifecycle other than the one shown last; `None` where there will be no other.
    async fn next_state(&mut self, shown: Option<&Run>) -> Option<Result<Run, Error>> {
        loop {
            if let Some(run) = &self.run
                && shown.is_none_or(|shown| shown.lifecycle() != run.lifecycle())
            {
                return Some(Ok(run.clone()));
            }
            match self.end() {
                Some(Ok(Outcome::TimedOut {
                    run, last_error, ..
                })) => {
                    return Some(Err(outcome::timeout(&run, last_error)));
                }
                Some(Ok(_)) => return None,
                Some(Err(error)) => return Some(Err(error)),
                None => {}
            }
            if let Err(last_error) = self.advance().await {
                return Some(Err(last_error));
            }
        }
    }
}

/// The run now and after each change, until it has ended or an error has come.
pub(super) fn states(
    poller: Poller,
) -> impl Stream<Item = Result<Run, Error>> + Send + Unpin + use<> {
    // Nothing comes after an error.
    let start = Some((poller, None));
    Box::pin(stream::unfold(start, async |state| {
        let (mut poller, shown) = state?;
        let item = poller.next_state(shown.as_ref()).await?;
        let rest = item.as_ref().ok().cloned().map(|run| (poller, Some(run)));
        Some((item, rest))
    }))
}
