//! The rows of the retry table.

use http::StatusCode;

use super::rule::RetryDelay::{self, Backoff, RetryAfter};
use super::rule::RetryRule;

/// A fault without a complete response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No complete request was sent, for a reason that will not change.
    Unsendable,
    /// No connection was established.
    NoConnection,
    /// The request was sent at least partially, and there is no complete response.
    NoResponse,
}

/// The responses or the fault that a row applies to.
#[derive(Clone, Copy)]
enum Condition {
    Fault(Fault),
    Statuses(&'static [u16]),
    /// The status of a response with a valid `Retry-After` header.
    WithRetryAfter(u16),
    /// The statuses from the first to the second one, unless an earlier row applies.
    Range(u16, u16),
}

struct Row {
    condition: Condition,
    rule: RetryRule,
}

/// The first row that applies decides.
static ROWS: [Row; 18] = [
    row(
        Condition::Fault(Fault::Unsendable),
        "invalid request, unreadable document",
        None,
        false,
        "no complete request was sent",
    ),
    row(
        Condition::Fault(Fault::NoConnection),
        "no connection",
        Some(Backoff),
        false,
        "nothing was sent",
    ),
    row(
        Condition::Fault(Fault::NoResponse),
        "timeout, lost connection",
        Some(Backoff),
        true,
        "the service may have received the request",
    ),
    row(
        Condition::Range(100, 199),
        "1xx as the final response",
        None,
        true,
        "101 ends HTTP on the connection",
    ),
    row(
        Condition::Range(200, 299),
        "2xx with an unexpected body",
        None,
        true,
        "the request succeeded",
    ),
    row(
        Condition::Statuses(&[302, 303]),
        "302, 303",
        None,
        true,
        "they can point to a result; redirects are not followed",
    ),
    row(
        Condition::Range(300, 399),
        "other 3xx",
        None,
        false,
        "the resource has another URL; redirects are not followed",
    ),
    row(
        Condition::Statuses(&[408]),
        "408",
        Some(RetryAfter),
        true,
        "RFC 9110 allows a retry; proxies also send it for requests they have forwarded",
    ),
    row(
        Condition::Statuses(&[425]),
        "425",
        Some(RetryAfter),
        false,
        "RFC 8470: not processed, and a retry without early data is expected; the client never sends early data",
    ),
    row(
        Condition::Statuses(&[429]),
        "429",
        Some(RetryAfter),
        false,
        "RFC 6585: rejected by the rate limit",
    ),
    row(
        Condition::Range(400, 499),
        "other 4xx",
        None,
        false,
        "rejected, and the same request would be rejected again",
    ),
    row(
        Condition::WithRetryAfter(503),
        "503 with `Retry-After`",
        Some(RetryAfter),
        false,
        "RFC 9110: rejected because of overload or maintenance",
    ),
    row(
        Condition::Statuses(&[500, 502, 503, 504]),
        "500, 502, 503, 504",
        Some(RetryAfter),
        true,
        "a failure of the service or of a proxy that often passes; processing may have started",
    ),
    row(
        Condition::Statuses(&[501, 505]),
        "501, 505",
        None,
        false,
        "RFC 9110: the server does not support the method or the HTTP version",
    ),
    row(
        Condition::Statuses(&[506, 508, 510]),
        "506, 508, 510",
        None,
        true,
        "faults in the configuration of the server",
    ),
    row(
        Condition::Statuses(&[507]),
        "507",
        None,
        true,
        "RFC 4918 forbids automatic retries",
    ),
    row(
        Condition::Statuses(&[511]),
        "511",
        None,
        false,
        "RFC 6585: a network on the way requires a login, so the request did not reach the service",
    ),
    row(
        Condition::Range(500, 999),
        "other 5xx, 6xx to 9xx",
        Some(RetryAfter),
        true,
        "RFC 9110, section 15: unknown statuses are treated as 500",
    ),
];

const fn row(
    condition: Condition,
    fault: &'static str,
    delay: Option<RetryDelay>,
    may_have_taken_effect: bool,
    reason: &'static str,
) -> Row {
    Row {
        condition,
        rule: RetryRule {
            fault,
            delay,
            may_have_taken_effect,
            reason,
        },
    }
}

/// Returns the row for a fault without a complete response.
pub(crate) fn of_fault(fault: Fault) -> &'static RetryRule {
    find(|condition| matches!(condition, Condition::Fault(found) if found == fault))
}

/// Returns the row for a response, with a valid `Retry-After` header or without.
pub(crate) fn of_status(status: StatusCode, has_retry_after: bool) -> &'static RetryRule {
    let status = status.as_u16();
    find(|condition| match condition {
        Condition::Fault(_) => false,
        Condition::Statuses(statuses) => statuses.contains(&status),
        Condition::WithRetryAfter(found) => has_retry_after && found == status,
        Condition::Range(first, last) => (first..=last).contains(&status),
    })
}

fn find(applies: impl Fn(Condition) -> bool) -> &'static RetryRule {
    let [.., last] = &ROWS;
    let row = ROWS.iter().find(|row| applies(row.condition));
    &row.unwrap_or(last).rule
}

impl RetryRule {
    /// Returns the rows of the retry table.
    pub fn table() -> impl Iterator<Item = &'static Self> {
        ROWS.iter().map(|row| &row.rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_a_row() {
        let stop = (None, false);
        let stop_with_effect = (None, true);
        let retry = (Some(RetryAfter), false);
        let retry_with_effect = (Some(RetryAfter), true);
        for status in 100..=999 {
            let (without, with) = match status {
                100..=299 | 302 | 303 | 506 | 507 | 508 | 510 => {
                    (stop_with_effect, stop_with_effect)
                }
                425 | 429 => (retry, retry),
                503 => (retry_with_effect, retry),
                408 | 500 | 502 | 504 | 509 | 512..=999 => (retry_with_effect, retry_with_effect),
                _ => (stop, stop),
            };
            for (has_retry_after, expected) in [(false, without), (true, with)] {
                let rule = of_status(StatusCode::from_u16(status).unwrap(), has_retry_after);
                let found = (rule.delay, rule.may_have_taken_effect);
                assert_eq!(found, expected, "{status}");
            }
        }
    }

    #[test]
    fn every_fault_has_a_row() {
        for (fault, retryable, effect) in [
            (Fault::Unsendable, false, false),
            (Fault::NoConnection, true, false),
            (Fault::NoResponse, true, true),
        ] {
            let rule = of_fault(fault);
            assert_eq!(rule.is_retryable(), retryable, "{fault:?}");
            assert_eq!(rule.may_have_taken_effect, effect, "{fault:?}");
        }
    }

    #[test]
    fn descriptions_name_the_statuses_of_their_row() {
        for row in &ROWS {
            let named = row
                .rule
                .fault
                .split(|character: char| !character.is_ascii_digit());
            let named: Vec<u16> = named
                .filter(|number| number.len() == 3)
                .map(|number| number.parse().unwrap())
                .collect();
            match row.condition {
                Condition::Statuses(statuses) => assert_eq!(named, statuses),
                Condition::WithRetryAfter(status) => assert_eq!(named, [status]),
                Condition::Fault(_) | Condition::Range(..) => assert_eq!(named, [0; 0]),
            }
        }
    }

    #[test]
    fn only_requests_without_effect_are_retried_if_not_idempotent() {
        let rule =
            |status, retry_after| of_status(StatusCode::from_u16(status).unwrap(), retry_after);
        for (rule, expected) in [
            (rule(500, true), [true, false]),
            (rule(503, false), [true, false]),
            (rule(503, true), [true, true]),
            (rule(429, false), [true, true]),
            (rule(501, true), [false, false]),
        ] {
            assert_eq!(
                [true, false].map(|idempotent| rule.allows_retry(idempotent)),
                expected,
                "{rule:?}"
            );
        }
    }
}
