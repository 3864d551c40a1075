//! Progress of runs and background jobs.

use chrono::{DateTime, TimeDelta, Utc};

use super::request::Request;
use crate::clock::Pace;

/// The duration of a step on the fake's clock.
const STEP: TimeDelta = TimeDelta::seconds(1);

/// The current step of a run or job and its start time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    pub(crate) started_at: DateTime<Utc>,
    step: usize,
}

impl Progress {
    /// Starts at the time of the request.
    pub(crate) fn start(request: &Request) -> Self {
        Self {
            started_at: request.now,
            step: 0,
        }
    }

    /// Returns the step after an individual read, at most `last`.
    ///
    /// The read itself advances it with [`Pace::ByReads`].
    pub(crate) fn advance_on_read(&mut self, request: &Request, last: usize) -> usize {
        if request.pace == Pace::ByReads {
            self.step = last.min(self.step + 1);
        }
        self.current_step(request.now, request.pace, last)
    }

    /// Returns the current step, at most `last`, without counting a read.
    pub(crate) fn current_step(&mut self, now: DateTime<Utc>, pace: Pace, last: usize) -> usize {
        if pace == Pace::ByClock {
            let seconds = (now - self.started_at).num_seconds() / STEP.num_seconds();
            let by_clock = usize::try_from(seconds).unwrap_or(0);
            // Progress is monotonic, even if the clock is set back.
            self.step = self.step.max(by_clock);
        }
        self.step = self.step.min(last);
        self.step
    }

    /// Moves to a step now and continues from there.
    pub(crate) fn jump_to(&mut self, request: &Request, step: usize) {
        self.step = step;
        let steps = i32::try_from(step).unwrap_or(i32::MAX);
        let started_at = request.now.checked_sub_signed(STEP * steps);
        self.started_at = started_at.unwrap_or(request.now);
    }

    /// Returns the time at which a step is reached.
    pub(crate) fn time_of_step(&self, step: usize) -> DateTime<Utc> {
        let steps = i32::try_from(step).unwrap_or(i32::MAX);
        self.started_at
            .checked_add_signed(STEP * steps)
            .unwrap_or(self.started_at)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn advances_by_reads_or_clock_up_to_last_step() {
        let mut request = Request::for_test("get_workflow_run", Value::Null);
        let mut progress = Progress::start(&request);
        assert_eq!(progress.current_step(request.now, request.pace, 2), 0);
        assert_eq!(
            [(); 3].map(|()| progress.advance_on_read(&request, 2)),
            [1, 2, 2]
        );

        request.pace = Pace::ByClock;
        let mut progress = Progress::start(&request);
        assert_eq!(progress.advance_on_read(&request, 2), 0);
        request.now = progress.time_of_step(1);
        assert_eq!(progress.current_step(request.now, request.pace, 2), 1);
        request.now = progress.time_of_step(9);
        assert_eq!(progress.advance_on_read(&request, 2), 2);
        request.now = progress.started_at;
        assert_eq!(progress.advance_on_read(&request, 2), 2);
    }
}
