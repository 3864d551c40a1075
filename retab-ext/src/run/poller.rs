//! Polls a run until it ends or the deadline passes.

use std::time::{Duration, Instant};

use futures_core::Stream;
use futures_util::future::{Either, select};
use futures_util::stream;
use retab_api::runtime::RetryAfter;
use retab_api::{RequestOptions, RetryPolicy};

use super::handle::RunHandle;
use super::outcome::{self, Outcome};
use super::polling::Polling;
use super::snapshot::Run;
use crate::error::Error;

/// The number of consecutive 404 responses after which a new run counts as missing.
const MAX_NOT_FOUND: u32 = 3;

/// The state of waiting for one run.
pub(super) struct Poller {
    handle: RunHandle,
    /// The same handle without retries. The poller itself retries, so the attempts of two loops would multiply.
    without_retries: RunHandle,
    polling: Polling,
    deadline: Option<Instant>,
    /// The latest known state, or `None` before the first successful read of a handle.
    run: Option<Run>,
    /// Whether a read has found the run. A new run may not be visible everywhere yet.
    was_found: bool,
    interval: Duration,
    not_found_count: u32,
    last_error: Option<Error>,
    timed_out: bool,
}

impl Poller {
    /// Creates a poller for a run with a known state.
    pub(super) fn from_run(run: &Run, polling: Polling) -> Self {
        Self {
            was_found: run.was_found,
            run: Some(run.clone()),
            ..Self::from_handle(&run.handle, polling)
        }
    }

    /// Creates a poller for a run known only by its id.
    pub(super) fn from_handle(handle: &RunHandle, polling: Polling) -> Self {
        let no_retries = RequestOptions::new().retry(RetryPolicy::never());
        Self {
            // An overflowing deadline means no deadline.
            deadline: handle.client.clock().now().checked_add(polling.deadline),
            without_retries: RunHandle::new(handle.client.with(no_retries), handle.id.clone()),
            handle: handle.clone(),
            polling,
            run: None,
            was_found: false,
            interval: polling.initial_interval(),
            not_found_count: 0,
            last_error: None,
            timed_out: false,
        }
    }

    /// Polls until the waiting ends.
    pub(super) async fn wait(mut self) -> Result<Outcome, Error> {
        loop {
            if let Some(result) = self.result() {
                return result;
            }
            self.advance().await?;
        }
    }

    /// Returns the result of the waiting, or `None` while it continues.
    fn result(&mut self) -> Option<Result<Outcome, Error>> {
        let outcome = self.run.as_ref().and_then(Outcome::from_run);
        if outcome.is_some() || !self.timed_out {
            return outcome.map(Ok);
        }
        let last_error = self.last_error.take();
        Some(match self.run.clone() {
            Some(run) => Ok(Outcome::TimedOut { run, last_error }),
            None => Err(outcome::never_read(&self.handle.id, last_error)),
        })
    }

    /// Waits for the interval, then reads the run once. The first read of a handle is immediate.
    ///
    /// # Errors
    /// Returns the error of the read unless it is retryable.
    async fn advance(&mut self) -> Result<(), Error> {
        if self.run.is_some() || self.last_error.is_some() {
            let delay = self.interval.max(self.retry_after()).min(self.remaining());
            self.handle.client.clock().sleep(delay).await;
            self.interval = self.polling.next_interval(self.interval);
        }
        let remaining = self.remaining();
        if remaining.is_zero() {
            self.timed_out = true;
            return Ok(());
        }
        let read = Box::pin(self.without_retries.get());
        let deadline = self.handle.client.clock().sleep(remaining);
        let read = match select(read, deadline).await {
            Either::Left((read, _)) => read,
            Either::Right(_) => {
                self.timed_out = true;
                return Ok(());
            }
        };
        self.record(read)
    }

    fn record(&mut self, read: Result<Run, Error>) -> Result<(), Error> {
        match read {
            Ok(run) => {
                let handle = self.handle.clone();
                self.run = Some(Run { handle, ..run });
                self.was_found = true;
                self.not_found_count = 0;
                self.last_error = None;
                return Ok(());
            }
            Err(error)
                if error.is_not_found()
                    && !self.was_found
                    && self.not_found_count + 1 < MAX_NOT_FOUND =>
            {
                self.not_found_count += 1;
                self.last_error = Some(error);
            }
            Err(error) if error.is_retryable() => {
                self.not_found_count = 0;
                self.last_error = Some(error);
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Returns the delay requested by `Retry-After`, by the client's clock.
    fn retry_after(&self) -> Duration {
        let headers = self.last_error.as_ref().and_then(Error::headers);
        let retry_after = headers.and_then(RetryAfter::of);
        let now = self.handle.client.clock().wall_time();
        retry_after.map_or(Duration::ZERO, |retry_after| retry_after.delay(now))
    }

    fn remaining(&self) -> Duration {
        let now = self.handle.client.clock().now();
        self.deadline.map_or(Duration::MAX, |deadline| {
            deadline.saturating_duration_since(now)
        })
    }

    /// Waits for the next change of the lifecycle. Returns `None` if there will be none.
    async fn next_state(&mut self, previous: Option<&Run>) -> Option<Result<Run, Error>> {
        loop {
            if let Some(run) = &self.run
                && previous.is_none_or(|previous| previous.lifecycle() != run.lifecycle())
            {
                return Some(Ok(run.clone()));
            }
            match self.result() {
                Some(Ok(Outcome::TimedOut {
                    run, last_error, ..
                })) => {
                    return Some(Err(outcome::timeout(&run, last_error)));
                }
                Some(Ok(_)) => return None,
                Some(Err(error)) => return Some(Err(error)),
                None => {}
            }
            if let Err(error) = self.advance().await {
                return Some(Err(error));
            }
        }
    }
}

/// Returns a stream of the current state and each change, until the run ends or an error occurs.
pub(super) fn states(
    poller: Poller,
) -> impl Stream<Item = Result<Run, Error>> + Send + Unpin + use<> {
    // The stream ends after an error.
    let initial = Some((poller, None));
    Box::pin(stream::unfold(initial, async |state| {
        let (mut poller, previous) = state?;
        let item = poller.next_state(previous.as_ref()).await?;
        let next = item.as_ref().ok().cloned().map(|run| (poller, Some(run)));
        Some((item, next))
    }))
}
