//! The retries of one call: what has been tried, and what comes next.

use std::error::Error as _;
use std::time::Duration;

use http::{Method, StatusCode};
use retab_api::runtime::{Answer, AnswerBody, Expectation, Request};
use retab_api::{Error, ErrorKind};

use super::verdict::{Verdict, is_of_a_service_in_trouble};
use super::{Budget, Jitter, RetryPolicy};
use crate::clock::Clock;
use crate::transport::Bound;

/// The attempts of a call so far.
pub(crate) struct Retries<'a> {
    policy: RetryPolicy,
    budget: &'a Budget,
    clock: &'a dyn Clock,
    jitter: &'a Jitter,
    /// The end of the whole call.
    bound: Option<Bound>,
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
    End(Result<Answer, Error>),
}

impl<'a> Retries<'a> {
    pub(crate) fn new(
        policy: RetryPolicy,
        budget: &'a Budget,
        clock: &'a dyn Clock,
        jitter: &'a Jitter,
        bound: Option<Bound>,
    ) -> Self {
        Self {
            policy,
            budget,
            clock,
            jitter,
            bound,
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
    pub(crate) fn after(&mut self, request: &Request, end: Result<Answer, Error>) -> Next {
        self.attempts += 1;
        if self.effect_unknown
            && let Ok(answer) = &end
            && is_gone(request, answer)
        {
            let headers = answer.headers.clone();
            let done = AnswerBody::Read(Vec::new().into());
            let done = Answer::new(StatusCode::NO_CONTENT, headers, done);
            return self.end(request, Ok(done));
        }
        let verdict = Verdict::of(&end, request.is_idempotent());
        match self.pause(request, verdict) {
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
    fn pause(&self, request: &Request, verdict: Verdict) -> Option<Duration> {
        let Verdict::Again(hint) = verdict else {
            return None;
        };
        if !self.policy.allows_after(self.attempts) || !request.is_replayable() {
            return None;
        }
        let hint = hint.map_or(Duration::ZERO, |hint| hint.delay(self.clock.wall_time()));
        let pause = self.policy.pause(self.attempts, hint, (self.jitter)())?;
        let fits = |bound: Bound| bound.left(self.clock.now()) > pause;
        (self.bound.is_none_or(fits) && self.budget.take()).then_some(pause)
    }

    fn end(&mut self, request: &Request, end: Result<Answer, Error>) -> Next {
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
fn is_gone(request: &Request, answer: &Answer) -> bool {
    *request.method() == Method::DELETE
        && request.expectation() == Expectation::Empty
        && answer.status == StatusCode::NOT_FOUND
}
