//! `POST /v1/tables/{table_id}/query`: which rows, in which order, with which columns.
//!
//! Groups and aggregations are refused: what the service makes of them is not in its document.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::no_column;
use super::table::{Table, compare, text};
use crate::response::Response;
use crate::service::violation::Violations;

/// A row, and its place in the table.
type Row<'t> = (usize, &'t Vec<Value>);

/// The rows that a query asks for; null asks for all.
pub(super) fn answer(table: &Table, query: &Value) -> Result<Response, Response> {
    for name in ["group_by", "aggregations"] {
        if query[name]
            .as_array()
            .is_some_and(|asked| !asked.is_empty())
        {
            let mut violations = Violations::default();
            let message = "The fake neither groups nor aggregates";
            violations.add(&["body", name], message, "not_supported");
            return Err(violations.into_answer());
        }
    }
    let mut rows: Vec<Row<'_>> = table.rows.iter().enumerate().collect();
    filter(table, query, &mut rows)?;
    search(table, query, &mut rows)?;
    sort(table, query, &mut rows)?;
    distinct(table, query, &mut rows)?;
    let size = |of: &str| {
        query[of]["size"]
            .as_u64()
            .and_then(|size| usize::try_from(size).ok())
    };
    if let Some(size) = size("tail") {
        rows.drain(..rows.len().saturating_sub(size));
    }
    // The first rows are as good a sample as others, and the same each time.
    rows.truncate(size("sample").unwrap_or(usize::MAX));

    let number = |name: &str| {
        query[name]
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
    };
    let offset = number("offset").unwrap_or(0);
    let found = rows.len();
    let limit = number("limit").unwrap_or(usize::MAX);
    let rows = rows.into_iter().skip(offset).take(limit);
    let shown: Vec<Value> = if query["count_only"] == true {
        Vec::new()
    } else {
        let selected = selected(table, query)?;
        rows.map(|row| shown(table, row, &selected)).collect()
    };
    let has_more = offset.saturating_add(shown.len()) < found && query["count_only"] != true;
    Ok(Response::json(
        200,
        &json!({
            "table_id": table.id,
            "columns": table.columns(),
            "rows": shown,
            "row_count": table.rows.len(),
            "filtered_row_count": found,
            "offset": offset,
            "limit": query["limit"],
            "has_more": has_more,
            "next_cursor": null,
            "previous_cursor": null,
            "explain": null,
        }),
    ))
}

fn shown(table: &Table, (at, row): Row<'_>, selected: &[&str]) -> Value {
    let data = table.data(row);
    let data: Map<String, Value> = if selected.is_empty() {
        data
    } else {
        let value = |name: &&str| ((*name).to_owned(), data[*name].clone());
        selected.iter().map(value).collect()
    };
    json!({"id": format!("row_{at:06}"), "data": data, "position": at})
}

fn selected<'q>(table: &Table, query: &'q Value) -> Result<Vec<&'q str>, Response> {
    let names = query["select"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let known = |name: &'q str| column(table, name, &["body", "select"]).map(|_| name);
    names.map(known).collect()
}

fn filter(table: &Table, query: &Value, rows: &mut Vec<Row<'_>>) -> Result<(), Response> {
    for rule in query["filters"].as_array().into_iter().flatten() {
        let name = rule["column"].as_str().unwrap_or_default();
        let at = column(table, name, &["body", "filters"])?;
        let operator = rule["operator"].as_str().unwrap_or_default();
        let case = Case::of(query);
        rows.retain(|(_, row)| fits(&row[at], operator, &rule["value"], case));
    }
    Ok(())
}

/// Whether upper and lower case are told apart.
#[derive(Clone, Copy)]
enum Case {
    Told,
    Folded,
}

impl Case {
    fn of(query: &Value) -> Self {
        if query["case_sensitive"] == true {
            Self::Told
        } else {
            Self::Folded
        }
    }

    fn text(self, value: &Value) -> String {
        match self {
            Self::Told => text(value),
            Self::Folded => text(value).to_lowercase(),
        }
    }
}

fn fits(value: &Value, operator: &str, wanted: &Value, case: Case) -> bool {
    let texts = || (case.text(value), case.text(wanted));
    let equals = |wanted: &Value| case.text(value) == case.text(wanted);
    let among = || {
        wanted
            .as_array()
            .is_some_and(|wanted| wanted.iter().any(equals))
    };
    let ordered = |wanted: &Value| (!value.is_null()).then(|| compare(value, wanted));
    let bound = |at: usize| wanted.get(at).and_then(ordered);
    match operator {
        "eq" => equals(wanted),
        "ne" => !equals(wanted),
        "gt" => ordered(wanted) == Some(Ordering::Greater),
        "gte" => ordered(wanted).is_some_and(Ordering::is_ge),
        "lt" => ordered(wanted) == Some(Ordering::Less),
        "lte" => ordered(wanted).is_some_and(Ordering::is_le),
        "contains" | "not_contains" => {
            let (value, wanted) = texts();
            value.contains(&wanted) == (operator == "contains")
        }
        "starts_with" => {
            let (value, wanted) = texts();
            value.starts_with(&wanted)
        }
        "ends_with" => {
            let (value, wanted) = texts();
            value.ends_with(&wanted)
        }
        "in" => among(),
        "not_in" => !among(),
        "between" => bound(0).is_some_and(Ordering::is_ge) && bound(1).is_some_and(Ordering::is_le),
        // A field of a file is empty where a value is null.
        "is_empty" | "is_null" => value.is_null(),
        "is_not_empty" | "is_not_null" => !value.is_null(),
        _ => false,
    }
}

fn search(table: &Table, query: &Value, rows: &mut Vec<Row<'_>>) -> Result<(), Response> {
    let search = &query["search"];
    if search.is_null() {
        return Ok(());
    }
    let case = Case::of(query);
    let wanted = case.text(&search["query"]);
    let names = search["columns"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let places = names.map(|name| column(table, name, &["body", "search", "columns"]));
    let places: Vec<usize> = places.collect::<Result<_, _>>()?;
    rows.retain(|(_, row)| {
        let mut fields = row.iter().enumerate();
        fields.any(|(at, field)| {
            (places.is_empty() || places.contains(&at)) && case.text(field).contains(&wanted)
        })
    });
    Ok(())
}

fn sort(table: &Table, query: &Value, rows: &mut [Row<'_>]) -> Result<(), Response> {
    let single = json!({"column": query["sort_column"], "direction": query["sort_direction"]});
    let rules = query["sort"].as_array().into_iter().flatten().rev();
    // The rule that counts most is applied last.
    for rule in std::iter::once(&single).chain(rules) {
        let Some(name) = rule["column"].as_str() else {
            continue;
        };
        let at = column(table, name, &["body", "sort"])?;
        let is_descending = rule["direction"] == "desc";
        rows.sort_by(|(_, one), (_, other)| {
            let order = compare(&one[at], &other[at]);
            if is_descending {
                order.reverse()
            } else {
                order
            }
        });
    }
    Ok(())
}

fn distinct(table: &Table, query: &Value, rows: &mut Vec<Row<'_>>) -> Result<(), Response> {
    let Some(name) = query["distinct"]["column"].as_str() else {
        return Ok(());
    };
    let at = column(table, name, &["body", "distinct", "column"])?;
    let mut seen = std::collections::HashSet::new();
    rows.retain(|(_, row)| seen.insert(text(&row[at])));
    Ok(())
}

fn column(table: &Table, name: &str, place: &[&str]) -> Result<usize, Response> {
    table.column(name).ok_or_else(|| no_column(place, name))
}
