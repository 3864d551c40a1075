//! Instants as the service writes them, and the dates of filters.

use chrono::{DateTime, NaiveDate, SecondsFormat, SubsecRound as _, Utc};
use serde_json::Value;

use super::call::Call;
use super::violation::Violations;
use crate::response::Response;

/// RFC 3339, in UTC, to the microsecond, as Python's clock has it.
pub(crate) fn text(instant: DateTime<Utc>) -> String {
    instant
        .trunc_subsecs(6)
        .to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Keeps what is from the days that the query or the body asks for by `from_date` and `to_date`, both of them included;
/// `place` is where the instant stands. A date that is none is refused.
pub(crate) fn within(call: &Call<'_>, items: &mut Vec<Value>, place: &str) -> Result<(), Response> {
    let mut violations = Violations::default();
    let mut date = |name: &str| {
        let of_query = call.query_text(name).map(|text| ("query", text));
        let of_body = || Some(("body", call.body()[name].as_str()?));
        let (location, text) = of_query.or_else(of_body)?;
        let date = date_of(text);
        if date.is_none() {
            let message = "A date as YYYY-MM-DD is required";
            violations.add(&[location, name], message, "date_from_datetime_parsing");
        }
        date
    };
    let (from, to) = (date("from_date"), date("to_date"));
    if let Some(refusal) = violations.into_refusal() {
        return Err(refusal);
    }
    if from.is_some() || to.is_some() {
        items.retain(|item| {
            let day = item
                .pointer(place)
                .and_then(Value::as_str)
                .and_then(date_of);
            day.is_some_and(|day| {
                from.is_none_or(|from| day >= from) && to.is_none_or(|to| day <= to)
            })
        });
    }
    Ok(())
}

/// The day of a date or of an instant.
fn date_of(text: &str) -> Option<NaiveDate> {
    let date = text.parse::<NaiveDate>().ok();
    date.or_else(|| Some(text.parse::<DateTime<Utc>>().ok()?.date_naive()))
}
