//! The retries of one call: what has been tried, and what comes next.

use std::error::Error as _;
use std::time::Duration;

use http::{Method, StatusCode};
use retab_api::runtime::{Request, Response, ResponseBody, ResponseFormat};
use retab_api::{Error, ErrorKind};

use super::decision::{RetryDecision, is_of_a_service_in_trouble};
use super::{Budget, Jitter, RetryPolicy};
use crate::clock::Clock;
use crate::deadline::Deadline;

/// The attempts of a call so far.
pub(crate) struct Retries<'a> {
    policy: RetryPolicy,
    budget: &'a Budget,
    clock: &'a dyn Clock,
    jitter: &'a Jitter,
    /// The end of the whole call.
    deadline: Option<Deadline>,
    attempts: u32,
    /// Whether an attempt may have taken effect without saying so.
    effect_unknown: bool,
    last: Option<Error>,
}

/// What comes after an attempt.
pub(crate) enum Next {
    /// Another one, after this pause.
    Attempt(Duration),
    /// Nothing: the call ends like this.
    End(Result<Response, Error>),
}

impl<'a> Retries<'a> {
    pub(crate) fn new(
        policy: RetryPolicy,
        budget: &'a Budget,
        clock: &'a dyn Clock,
        jitter: &'a Jitter,
        deadline: Option<Deadline>,
    ) -> Self {
        Self {
            policy,
            budget,
            clock,
            jitter,
            deadline,
            attempts: 0,
            effect_unknown: false,
            last: None,
        }
    }

    /// How many attempts have ended.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Takes in how an attempt has ended.
    pub(crate) fn after(&mut self, request: &Request, end: Result<Response, Error>) -> Next {
        self.attempts += 1;
        if self.effect_unknown
            && let Ok(answer) = &end
            && is_already_deleted(request, answer)
        {
            let headers = answer.headers.clone();
            let done = ResponseBody::Buffered(Vec::new().into());
            let done = Response::new(StatusCode::NO_CONTENT, headers, done);
            return self.end(request, Ok(done));
        }
        let decision = RetryDecision::of(&end, request.is_idempotent());
        match self.pause(request, decision) {
            Some(pause) => {
                self.effect_unknown |= match &end {
                    Ok(answer) => answer.may_have_taken_effect(),
                    Err(error) => error.may_have_taken_effect(),
                };
                self.last = end
                    .and_then(|answer| answer.into_success(request.operation()))
                    .err();
                Next::Attempt(pause)
            }
            None => self.end(request, end),
        }
    }

    /// The pause before another attempt; `None` where there is none.
    fn pause(&self, request: &Request, decision: RetryDecision) -> Option<Duration> {
        let RetryDecision::Retry(hint) = decision else {
            return None;
        };
        if !self.policy.allows_after(self.attempts) || !request.is_replayable() {
            return None;
        }
        let hint = hint.map_or(Duration::ZERO, |hint| hint.delay(self.clock.wall_time()));
        let pause = self.policy.pause(self.attempts, hint, (self.jitter)())?;
        let fits = |deadline: Deadline| deadline.remaining(self.clock.now()) > pause;
        (self.deadline.is_none_or(fits) && self.budget.take()).then_some(pause)
    }

    fn end(&mut self, request: &Request, end: Result<Response, Error>) -> Next {
        let outcome_known = request.is_idempotent().then_some(false);
        Next::End(match end {
            Ok(mut answer) => {
                if !is_of_a_service_in_trouble(answer.status) {
                    self.budget.give(self.attempts > 1);
                }
                answer.attempts = self.attempts;
                answer.outcome_unknown = outcome_known;
                Ok(answer)
            }
            Err(error) => {
                let error = error.with_attempts(self.attempts);
                let error = match outcome_known {
                    Some(known) => error.with_outcome_unknown(known),
                    None => error,
                };
                // Time says nothing of what is wrong; the attempt before may.
                Err(match self.last.take() {
                    Some(last)
                        if error.kind() == ErrorKind::Timeout && error.source().is_none() =>
                    {
                        error.with_source(last)
                    }
                    _ => error,
                })
            }
        })
    }
}

/// Whether this answers a deletion of what is not there, and the caller waits for nothing more.
fn is_already_deleted(request: &Request, answer: &Response) -> bool {
    *request.method() == Method::DELETE
        && request.response_format() == ResponseFormat::Empty
        && answer.status == StatusCode::NOT_FOUND
}
