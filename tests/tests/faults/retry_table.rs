//! The retry table of `retab-api` in the docs of `RetryPolicy`, and its coverage by the table of faults.

use retab_api::runtime::{RetryDelay, RetryRule};

use crate::report;
use crate::table::FAULTS;

/// Renders the retry table as Markdown.
fn render() -> String {
    let mut table = String::from(
        "| fault | delay before a retry | may have taken effect | reason |\n| --- | --- | --- | --- |\n",
    );
    for rule in RetryRule::table() {
        let delay = match rule.delay {
            None => "no retry",
            Some(RetryDelay::Backoff) => "backoff",
            Some(RetryDelay::RetryAfter) => "`Retry-After` and backoff",
            Some(other) => panic!("unknown delay {other:?}"),
        };
        let effect = if rule.may_have_taken_effect {
            "yes"
        } else {
            "no"
        };
        let cells = [rule.fault, delay, effect, rule.reason].join(" | ");
        table.extend(["| ", &cells, " |\n"]);
    }
    table
}

#[test]
fn docs_of_retry_policy_match_retry_table() {
    report::check("../retab-api/src/runtime/retry/conditions.md", &render());
}

#[test]
fn every_status_of_the_retry_table_is_a_fault() {
    let tested = |status: &str| FAULTS.iter().any(|fault| fault.name.starts_with(status));
    let statuses = RetryRule::table().flat_map(|rule| rule.fault.split(", "));
    let mut count = 0;
    for status in statuses.filter(|status| status.starts_with(|first: char| first.is_ascii_digit()))
    {
        let status = status.split(' ').next().unwrap();
        let status = status.trim_end_matches('x');
        assert!(tested(status), "{status}");
        count += 1;
    }
    assert!(count > 15, "{count}");
}
