//! `POST /v1/tables/{table_id}/query`: filters, order, columns and pages.
//!
//! Grouping and aggregation are rejected because the spec does not define their results.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::table::{Table, compare, text, unknown_column};
use crate::response::Response;
use crate::service::violation::Violations;

/// A row and its index in the table.
type Row<'t> = (usize, &'t Vec<Value>);

/// Runs a query. A null query selects all rows.
pub(super) fn run(table: &Table, query: &Value) -> Result<Response, Response> {
    for name in ["group_by", "aggregations"] {
        if query[name]
            .as_array()
            .is_some_and(|items| !items.is_empty())
        {
            let mut violations = Violations::default();
            let message = "The fake server does not support grouping and aggregation";
            violations.add(&["body", name], message, "not_supported");
            return Err(violations.into_response());
        }
    }
    let mut rows: Vec<Row<'_>> = table.rows.iter().enumerate().collect();
    filter(table, query, &mut rows)?;
    search(table, query, &mut rows)?;
    sort(table, query, &mut rows)?;
    distinct(table, query, &mut rows)?;
    let size = |name: &str| {
        query[name]["size"]
            .as_u64()
            .and_then(|size| usize::try_from(size).ok())
    };
    if let Some(size) = size("tail") {
        rows.drain(..rows.len().saturating_sub(size));
    }
    // The first rows are a deterministic sample.
    rows.truncate(size("sample").unwrap_or(usize::MAX));

    let number = |name: &str| {
        query[name]
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
    };
    let offset = number("offset").unwrap_or(0);
    let count = rows.len();
    let limit = number("limit").unwrap_or(usize::MAX);
    let rows = rows.into_iter().skip(offset).take(limit);
    let page: Vec<Value> = if query["count_only"] == true {
        Vec::new()
    } else {
        let selected = selected(table, query)?;
        rows.map(|row| row_to_json(table, row, &selected)).collect()
    };
    let has_more = offset.saturating_add(page.len()) < count && query["count_only"] != true;
    Ok(Response::json(
        200,
        &json!({
            "table_id": table.id,
            "columns": table.columns(),
            "rows": page,
            "row_count": table.rows.len(),
            "filtered_row_count": count,
            "offset": offset,
            "limit": query["limit"],
            "has_more": has_more,
            "next_cursor": null,
            "previous_cursor": null,
            "explain": null,
        }),
    ))
}

fn row_to_json(table: &Table, (index, row): Row<'_>, selected: &[&str]) -> Value {
    let data = table.data(row);
    let data: Map<String, Value> = if selected.is_empty() {
        data
    } else {
        let value = |name: &&str| ((*name).to_owned(), data[*name].clone());
        selected.iter().map(value).collect()
    };
    json!({"id": format!("row_{index:06}"), "data": data, "position": index})
}

fn selected<'q>(table: &Table, query: &'q Value) -> Result<Vec<&'q str>, Response> {
    let names = query["select"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let check = |name: &'q str| column(table, name, &["body", "select"]).map(|_| name);
    names.map(check).collect()
}

fn filter(table: &Table, query: &Value, rows: &mut Vec<Row<'_>>) -> Result<(), Response> {
    for rule in query["filters"].as_array().into_iter().flatten() {
        let name = rule["column"].as_str().unwrap_or_default();
        let index = column(table, name, &["body", "filters"])?;
        let operator = rule["operator"].as_str().unwrap_or_default();
        let case = Case::from_query(query);
        rows.retain(|(_, row)| matches(&row[index], operator, &rule["value"], case));
    }
    Ok(())
}

/// The case sensitivity of a query.
#[derive(Clone, Copy)]
enum Case {
    Sensitive,
    Insensitive,
}

impl Case {
    fn from_query(query: &Value) -> Self {
        if query["case_sensitive"] == true {
            Self::Sensitive
        } else {
            Self::Insensitive
        }
    }

    fn text(self, value: &Value) -> String {
        match self {
            Self::Sensitive => text(value),
            Self::Insensitive => text(value).to_lowercase(),
        }
    }
}

fn matches(value: &Value, operator: &str, expected: &Value, case: Case) -> bool {
    let texts = || (case.text(value), case.text(expected));
    let equals = |expected: &Value| case.text(value) == case.text(expected);
    let contained = || {
        expected
            .as_array()
            .is_some_and(|expected| expected.iter().any(equals))
    };
    let ordered = |expected: &Value| (!value.is_null()).then(|| compare(value, expected));
    let bound = |index: usize| expected.get(index).and_then(ordered);
    match operator {
        "eq" => equals(expected),
        "ne" => !equals(expected),
        "gt" => ordered(expected) == Some(Ordering::Greater),
        "gte" => ordered(expected).is_some_and(Ordering::is_ge),
        "lt" => ordered(expected) == Some(Ordering::Less),
        "lte" => ordered(expected).is_some_and(Ordering::is_le),
        "contains" | "not_contains" => {
            let (value, expected) = texts();
            value.contains(&expected) == (operator == "contains")
        }
        "starts_with" => {
            let (value, expected) = texts();
            value.starts_with(&expected)
        }
        "ends_with" => {
            let (value, expected) = texts();
            value.ends_with(&expected)
        }
        "in" => contained(),
        "not_in" => !contained(),
        "between" => bound(0).is_some_and(Ordering::is_ge) && bound(1).is_some_and(Ordering::is_le),
        // Empty CSV fields are null.
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
    let case = Case::from_query(query);
    let expected = case.text(&search["query"]);
    let names = search["columns"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let indices = names.map(|name| column(table, name, &["body", "search", "columns"]));
    let indices: Vec<usize> = indices.collect::<Result<_, _>>()?;
    rows.retain(|(_, row)| {
        let mut fields = row.iter().enumerate();
        fields.any(|(index, field)| {
            (indices.is_empty() || indices.contains(&index)) && case.text(field).contains(&expected)
        })
    });
    Ok(())
}

fn sort(table: &Table, query: &Value, rows: &mut [Row<'_>]) -> Result<(), Response> {
    let single = json!({"column": query["sort_column"], "direction": query["sort_direction"]});
    let rules = query["sort"].as_array().into_iter().flatten().rev();
    // Sorting is stable, so the most significant rule is applied last.
    for rule in std::iter::once(&single).chain(rules) {
        let Some(name) = rule["column"].as_str() else {
            continue;
        };
        let index = column(table, name, &["body", "sort"])?;
        let is_descending = rule["direction"] == "desc";
        rows.sort_by(|(_, left), (_, right)| {
            let order = compare(&left[index], &right[index]);
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
    let index = column(table, name, &["body", "distinct", "column"])?;
    let mut seen = std::collections::HashSet::new();
    rows.retain(|(_, row)| seen.insert(text(&row[index])));
    Ok(())
}

fn column(table: &Table, name: &str, location: &[&str]) -> Result<usize, Response> {
    table
        .column(name)
        .ok_or_else(|| unknown_column(location, name))
}
