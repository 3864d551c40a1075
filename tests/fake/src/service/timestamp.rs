//! Timestamp formatting and date filters.

use chrono::{DateTime, NaiveDate, SecondsFormat, SubsecRound as _, Utc};
use serde_json::Value;

use super::request::Request;
use super::violation::Violations;
use crate::response::Response;

/// Formats a timestamp as RFC 3339 in UTC, with the microsecond precision of Python's clock.
pub(crate) fn format(timestamp: DateTime<Utc>) -> String {
    timestamp
        .trunc_subsecs(6)
        .to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Retains the items between `from_date` and `to_date`, inclusive, which are read from the query or the body.
///
/// `pointer` is the JSON pointer to the timestamp of an item.
///
/// # Errors
///
/// Returns a 422 response if a date is invalid.
pub(crate) fn retain_within(
    request: &Request,
    items: &mut Vec<Value>,
    pointer: &str,
) -> Result<(), Response> {
    let mut violations = Violations::default();
    let mut date = |name: &str| {
        let from_query = request.query_text(name).map(|text| ("query", text));
        let from_body = || Some(("body", request.body()[name].as_str()?));
        let (location, text) = from_query.or_else(from_body)?;
        let date = parse_date(text);
        if date.is_none() {
            let message = "A date in the format YYYY-MM-DD is required";
            violations.add(&[location, name], message, "date_from_datetime_parsing");
        }
        date
    };
    let (from, to) = (date("from_date"), date("to_date"));
    if let Some(error) = violations.into_error() {
        return Err(error);
    }
    if from.is_some() || to.is_some() {
        items.retain(|item| {
            let day = item
                .pointer(pointer)
                .and_then(Value::as_str)
                .and_then(parse_date);
            day.is_some_and(|day| {
                from.is_none_or(|from| day >= from) && to.is_none_or(|to| day <= to)
            })
        });
    }
    Ok(())
}

/// Parses a date, or the date of a timestamp.
fn parse_date(text: &str) -> Option<NaiveDate> {
    let date = text.parse::<NaiveDate>().ok();
    date.or_else(|| Some(text.parse::<DateTime<Utc>>().ok()?.date_naive()))
}
