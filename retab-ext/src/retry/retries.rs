//! The attempts of one request and the decision on the next one.

use std::error::Error as _;
use std::time::Duration;

use http::{Method, StatusCode};
use retab_api::runtime::{Request, Response, ResponseBody, ResponseFormat, RetryAfter};
use retab_api::{Error, ErrorKind, RetryPolicy};

use super::{Budget, Jitter};
use crate::clock::Clock;
use crate::deadline::Deadline;

/// The state of a request across its attempts.
pub(crate) struct Retries<'a> {
    policy: RetryPolicy,
    budget: &'a Budget,
    clock: &'a dyn Clock,
    jitter: &'a Jitter,
    /// The deadline of the overall timeout.
    deadline: Option<Deadline>,
    attempts: u32,
    /// Whether a failed attempt may have taken effect.
    effect_unknown: bool,
    /// The error of the previous attempt.
    last_error: Option<Error>,
}

/// The next step after an attempt.
pub(crate) enum Next {
    /// Retry after this delay.
    Retry(Duration),
    /// Return this result to the caller.
    Finish(Result<Response, Error>),
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
            last_error: None,
        }
    }

    /// Returns the number of completed attempts.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Records the result of an attempt and decides on the next step.
    pub(crate) fn after(&mut self, request: &Request, result: Result<Response, Error>) -> Next {
        self.attempts += 1;
        if self.effect_unknown
            && let Ok(response) = &result
            && is_already_deleted(request, response)
        {
            let headers = response.headers.clone();
            let body = ResponseBody::Buffered(Vec::new().into());
            let deleted = Response::new(StatusCode::NO_CONTENT, headers, body);
            return self.finish(request, Ok(deleted));
        }
        let (rule, headers) = match &result {
            Ok(response) => (response.retry_rule(), Some(&response.headers)),
            Err(error) => (error.retry_rule(), error.headers()),
        };
        let delay = if rule.allows_retry(request.is_idempotent()) {
            self.delay(request, headers.and_then(RetryAfter::of))
        } else {
            None
        };
        match delay {
            Some(delay) => {
                self.effect_unknown |= rule.may_have_taken_effect;
                self.last_error = result
                    .and_then(|response| response.into_success(request.operation()))
                    .err();
                Next::Retry(delay)
            }
            None => self.finish(request, result),
        }
    }

    /// Returns the delay before the next attempt, or `None` if there is none.
    fn delay(&self, request: &Request, retry_after: Option<RetryAfter>) -> Option<Duration> {
        if !self.policy.allows_after(self.attempts) || !request.is_replayable() {
            return None;
        }
        let retry_after = retry_after.map_or(Duration::ZERO, |retry_after| {
            retry_after.delay(self.clock.wall_time())
        });
        let delay = self
            .policy
            .delay(self.attempts, retry_after, (self.jitter)())?;
        let fits = |deadline: Deadline| deadline.remaining(self.clock.now()) > delay;
        (self.deadline.is_none_or(fits) && self.budget.take()).then_some(delay)
    }

    fn finish(&mut self, request: &Request, result: Result<Response, Error>) -> Next {
        let outcome_unknown = request.is_idempotent().then_some(false);
        Next::Finish(match result {
            Ok(mut response) => {
                if !response.retry_rule().is_retryable() {
                    self.budget.refund(self.attempts > 1);
                }
                response.attempts = self.attempts;
                response.outcome_unknown = outcome_unknown;
                Ok(response)
            }
            Err(error) => {
                let error = error.with_attempts(self.attempts);
                let error = match outcome_unknown {
                    Some(outcome_unknown) => error.with_outcome_unknown(outcome_unknown),
                    None => error,
                };
                // A timeout does not explain the failure. The error of the previous attempt may.
                Err(match self.last_error.take() {
                    Some(last_error)
                        if error.kind() == ErrorKind::Timeout && error.source().is_none() =>
                    {
                        error.with_source(last_error)
                    }
                    _ => error,
                })
            }
        })
    }
}

/// Returns true if a `DELETE` request without a response value got 404.
fn is_already_deleted(request: &Request, response: &Response) -> bool {
    *request.method() == Method::DELETE
        && request.response_format() == ResponseFormat::Empty
        && response.status == StatusCode::NOT_FOUND
}
