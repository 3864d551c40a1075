//! `GET /v1/workflows/runs`: which runs, in which order, and the page of them.

use http::StatusCode;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::mistake::Mistakes;
use super::runs::Runs;
use crate::answer::Answer;
use crate::received::Received;

const DEFAULT_LIMIT: usize = 20;
const MAX_LIMIT: usize = 100;

/// What the list is filtered by, with the place of it in a run.
const FILTERS: [(&str, &str); 3] = [
    ("workflow_id", "/workflow_id"),
    ("status", "/lifecycle/status"),
    ("trigger_type", "/trigger/type"),
];

/// A query that fits.
struct Query {
    filters: Vec<(&'static str, String)>,
    is_ascending: bool,
    limit: usize,
    after: Option<String>,
    before: Option<String>,
}

/// Answers one page of the runs.
pub(crate) fn answer(runs: &Runs, request: &Received) -> Answer {
    let query = match Query::check(&request.query) {
        Ok(query) => query,
        Err(refusal) => return refusal,
    };
    let mut listed = runs.documents();
    listed.retain(|run| {
        let has = |(place, wanted): &(&str, String)| text(run, place) == Some(wanted);
        query.filters.iter().all(has)
    });
    if !query.is_ascending {
        listed.reverse();
    }
    match page(&listed, &query) {
        Some(page) => Answer::json(200, &page),
        None => Answer::coded(
            StatusCode::NOT_FOUND,
            "cursor_not_found",
            "There is no run at this cursor",
        ),
    }
}

/// The page that a query asks for; nothing where its cursor is no run.
fn page(listed: &[Value], query: &Query) -> Option<Value> {
    let at = |cursor: &String| listed.iter().position(|run| id(run) == Some(cursor));
    let start = match (&query.after, &query.before) {
        (Some(after), _) => at(after)? + 1,
        (None, Some(before)) => at(before)?.saturating_sub(query.limit),
        (None, None) => 0,
    };
    let end = match (&query.after, &query.before) {
        (None, Some(before)) => at(before)?,
        _ => (start + query.limit).min(listed.len()),
    };
    let page = &listed[start..end];
    Some(json!({
        "data": page,
        "list_metadata": {
            "before": page.first().filter(|_| start > 0).and_then(id),
            "after": page.last().filter(|_| end < listed.len()).and_then(id),
        },
    }))
}

fn id(run: &Value) -> Option<&str> {
    text(run, "/id")
}

fn text<'r>(run: &'r Value, place: &str) -> Option<&'r str> {
    run.pointer(place)?.as_str()
}

impl Query {
    /// Checks the whole query, and names every mistake in it.
    fn check(query: &str) -> Result<Self, Answer> {
        let mut mistakes = Mistakes::default();
        let mut checked = Self {
            filters: Vec::new(),
            is_ascending: false,
            limit: DEFAULT_LIMIT,
            after: None,
            before: None,
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "limit" => match value.parse() {
                    Ok(limit @ 1..=MAX_LIMIT) => checked.limit = limit,
                    _ => mistakes.add(
                        &["query", "limit"],
                        "A number from 1 to 100 is required",
                        "value_error",
                    ),
                },
                "order" => match &*value {
                    "asc" => checked.is_ascending = true,
                    "desc" => checked.is_ascending = false,
                    _ => mistakes.add(
                        &["query", "order"],
                        "Input should be 'asc' or 'desc'",
                        "enum",
                    ),
                },
                "after" => checked.after = Some(value.into_owned()),
                "before" => checked.before = Some(value.into_owned()),
                _ => match FILTERS.iter().find(|(known, _)| *known == name) {
                    Some((_, place)) => checked.filters.push((place, value.into_owned())),
                    None => mistakes.add(
                        &["query", &name],
                        "The fake does not know this parameter",
                        "extra_forbidden",
                    ),
                },
            }
        }
        match mistakes.into_refusal() {
            Some(refusal) => Err(refusal),
            None => Ok(checked),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(limit: usize, after: Option<&str>, before: Option<&str>) -> Query {
        Query {
            filters: Vec::new(),
            is_ascending: true,
            limit,
            after: after.map(str::to_owned),
            before: before.map(str::to_owned),
        }
    }

    #[track_caller]
    fn gives(query: &Query, ids: &[&str], before: Option<&str>, after: Option<&str>) {
        let listed: Vec<Value> = ["a", "b", "c", "d"].map(|id| json!({"id": id})).into();
        let data: Vec<Value> = ids.iter().map(|id| json!({"id": id})).collect();
        let metadata = json!({"before": before, "after": after});
        assert_eq!(
            page(&listed, query).unwrap(),
            json!({"data": data, "list_metadata": metadata})
        );
    }

    #[test]
    fn a_page_starts_behind_after_and_ends_before_before() {
        gives(&query(2, None, None), &["a", "b"], None, Some("b"));
        gives(&query(2, Some("b"), None), &["c", "d"], Some("c"), None);
        gives(
            &query(2, None, Some("d")),
            &["b", "c"],
            Some("b"),
            Some("c"),
        );
        gives(&query(2, None, Some("b")), &["a"], None, Some("a"));
        gives(&query(9, None, None), &["a", "b", "c", "d"], None, None);
        gives(&query(2, Some("d"), None), &[], None, None);
    }

    #[test]
    fn a_cursor_of_nothing_gives_no_page() {
        assert!(page(&[json!({"id": "a"})], &query(1, Some("z"), None)).is_none());
    }

    #[test]
    fn a_query_that_does_not_fit_is_refused() {
        for query in ["limit=0", "limit=101", "limit=x", "order=up", "colour=red"] {
            assert!(Query::check(query).is_err(), "{query}");
        }
        assert!(Query::check("limit=100&order=desc&status=running").is_ok());
    }
}
