//! How far that which takes time has come.

use chrono::{DateTime, TimeDelta, Utc};

use super::call::Call;
use crate::clock::Pace;

/// How long a step takes by the fake's clock.
const STEP: TimeDelta = TimeDelta::seconds(1);

/// The steps that something has gone, from the moment at which it began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    pub(crate) begun: DateTime<Utc>,
    gone: usize,
}

impl Progress {
    /// What begins with this call.
    pub(crate) fn begin(call: &Call<'_>) -> Self {
        Self {
            begun: call.now,
            gone: 0,
        }
    }

    /// The step at which it is when it is read by itself, of which `last` is the last one.
    pub(crate) fn read(&mut self, call: &Call<'_>, last: usize) -> usize {
        if call.pace == Pace::ByReads {
            self.gone = last.min(self.gone + 1);
        }
        self.look(call.now, call.pace, last)
    }

    /// The step at which it is when it is seen among others, which moves nothing by itself.
    pub(crate) fn look(&mut self, now: DateTime<Utc>, pace: Pace, last: usize) -> usize {
        if pace == Pace::ByClock {
            let seconds = (now - self.begun).num_seconds() / STEP.num_seconds();
            let by_clock = usize::try_from(seconds).unwrap_or(0);
            // A clock that is turned back takes nothing back.
            self.gone = self.gone.max(by_clock);
        }
        self.gone = self.gone.min(last);
        self.gone
    }

    /// Lets it be at a step now, and go on from there.
    pub(crate) fn go_on(&mut self, call: &Call<'_>, step: usize) {
        self.gone = step;
        let steps = i32::try_from(step).unwrap_or(i32::MAX);
        let begun = call.now.checked_sub_signed(STEP * steps);
        self.begun = begun.unwrap_or(call.now);
    }

    /// The instant at which it came to a step.
    pub(crate) fn at(&self, step: usize) -> DateTime<Utc> {
        let steps = i32::try_from(step).unwrap_or(i32::MAX);
        self.begun
            .checked_add_signed(STEP * steps)
            .unwrap_or(self.begun)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, Method};
    use serde_json::Value;

    use super::*;
    use crate::received_request::ReceivedRequest;

    #[test]
    fn reads_or_the_clock_move_it_to_its_last_step_and_never_back() {
        let request = ReceivedRequest {
            method: Method::GET,
            path: String::new(),
            query: String::new(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        };
        let mut call = Call::of("get_workflow_run", Value::Null, &request);
        let mut progress = Progress::begin(&call);
        assert_eq!(progress.look(call.now, call.pace, 2), 0);
        assert_eq!([(); 3].map(|()| progress.read(&call, 2)), [1, 2, 2]);

        call.pace = Pace::ByClock;
        let mut progress = Progress::begin(&call);
        assert_eq!(progress.read(&call, 2), 0);
        call.now = progress.at(1);
        assert_eq!(progress.look(call.now, call.pace, 2), 1);
        call.now = progress.at(9);
        assert_eq!(progress.read(&call, 2), 2);
        call.now = progress.begun;
        assert_eq!(progress.read(&call, 2), 2);
    }
}
