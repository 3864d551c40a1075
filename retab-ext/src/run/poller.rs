//! Reads a run again and again until it has ended or the deadline has passed.

use std::time::{Duration, Instant};

use futures_core::Stream;
use futures_util::future::{Either, select};
use futures_util::stream;

use super::outcome::{self, Outcome};
use super::{Polling, Run};
use crate::error::Error;

/// How many times in a row a run may be missing before that is believed.
const MISSES: u32 = 3;

/// A run that is being waited for.
pub(super) struct Poller {
    run: Run,
    polling: Polling,
    ends_at: Option<Instant>,
    pause: Duration,
    misses: u32,
    fault: Option<Error>,
    timed_out: bool,
}

impl Poller {
    pub(super) fn new(run: Run, polling: Polling) -> Self {
        let pause = polling.first_pause();
        // Beyond what an `Instant` can hold there is no deadline.
        let ends_at = run.client.clock().now().checked_add(polling.deadline);
        Self {
            run,
            polling,
            ends_at,
            pause,
            misses: 0,
            fault: None,
            timed_out: false,
        }
    }

    /// How the waiting has ended, where it has.
    pub(super) fn outcome(&mut self) -> Option<Outcome> {
        Outcome::of(&self.run).or_else(|| {
            let run = self.run.clone();
            self.timed_out.then(|| Outcome::TimedOut {
                run,
                fault: self.fault.take(),
            })
        })
    }

    /// Pauses, then reads the run once.
    ///
    /// # Errors
    /// A fault that will not pass by itself.
    pub(super) async fn advance(&mut self) -> Result<(), Error> {
        let pause = self.pause.min(self.left());
        self.run.client.clock().sleep(pause).await;
        self.pause = self.polling.pause_after(self.pause);
        let left = self.left();
        if left.is_zero() {
            self.timed_out = true;
            return Ok(());
        }
        let read = Box::pin(self.run.refresh());
        let deadline = self.run.client.clock().sleep(left);
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
                self.run = run;
                self.misses = 0;
                self.fault = None;
                return Ok(());
            }
            Err(fault) if fault.is_not_found() && self.misses + 1 < MISSES => {
                self.misses += 1;
                self.fault = Some(fault);
            }
            Err(fault) if fault.is_retryable() => {
                self.misses = 0;
                self.fault = Some(fault);
            }
            Err(fault) => return Err(fault),
        }
        Ok(())
    }

    fn left(&self) -> Duration {
        let now = self.run.client.clock().now();
        self.ends_at.map_or(Duration::MAX, |ends_at| {
            ends_at.saturating_duration_since(now)
        })
    }

    /// Waits for the next lifecycle; `None` where there will be no other.
    async fn next_state(&mut self) -> Option<Result<Run, Error>> {
        let before = self.run.clone();
        loop {
            match self.outcome() {
                Some(Outcome::TimedOut { run, fault, .. }) => {
                    return Some(Err(outcome::timeout(&run, fault)));
                }
                Some(_) => return None,
                None => {}
            }
            if let Err(fault) = self.advance().await {
                return Some(Err(fault));
            }
            if self.run.lifecycle() != before.lifecycle() {
                return Some(Ok(self.run.clone()));
            }
        }
    }
}

/// The run now and after each change, until it has ended or an error has come.
pub(super) fn states(
    poller: Poller,
) -> impl Stream<Item = Result<Run, Error>> + Send + Unpin + use<> {
    /// What the stream does next.
    enum Next {
        ShowPresent,
        AwaitChange,
        End,
    }
    Box::pin(stream::unfold(
        (poller, Next::ShowPresent),
        async |(mut poller, next)| {
            let item = match next {
                Next::ShowPresent => Some(Ok(poller.run.clone())),
                Next::AwaitChange => poller.next_state().await,
                Next::End => None,
            }?;
            let next = if item.is_ok() {
                Next::AwaitChange
            } else {
                Next::End
            };
            Some((item, (poller, next)))
        },
    ))
}
