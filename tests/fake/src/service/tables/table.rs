//! A table with its columns, rows and statistics.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::csv;
use crate::response::Response;
use crate::service::request::Request;
use crate::service::timestamp;
use crate::service::violation::Violations;

/// The number of sample rows and sample values.
const MAX_SAMPLES: usize = 3;

/// A table.
pub(super) struct Table {
    pub(super) id: String,
    name: String,
    filename: String,
    project: Value,
    metadata: Value,
    /// The uploaded file, unchanged.
    pub(super) csv: String,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Value>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// A column.
pub(super) struct Column {
    pub(super) name: String,
    kind: &'static str,
}

impl Table {
    /// Parses the multipart form of a create or replace request.
    pub(super) fn from_request(request: &Request) -> Result<Self, Response> {
        let invalid = |message: &str| {
            let mut violations = Violations::default();
            violations.add(&["body", "file"], message, "value_error");
            violations.into_response()
        };
        let file = request.part("file").cloned().unwrap_or_default();
        let csv = file["content"].as_str().unwrap_or_default().to_owned();
        let mut records = csv::parse(&csv).map_err(invalid)?.into_iter();
        let header = records
            .next()
            .ok_or_else(|| invalid("The file has no header"))?;
        let records: Vec<_> = records.collect();
        if let Some(index) = records
            .iter()
            .position(|record| record.len() != header.len())
        {
            let message = format!(
                "Row {} does not have the same number of fields as the header",
                index + 1
            );
            return Err(invalid(&message));
        }
        let column = |(index, name): (usize, String)| Column {
            kind: kind(records.iter().filter_map(|record| record.get(index))),
            name,
        };
        let columns: Vec<Column> = header.into_iter().enumerate().map(column).collect();
        let row = |record: Vec<String>| {
            let fields = record.into_iter().zip(&columns);
            fields
                .map(|(field, column)| value(field, column.kind))
                .collect()
        };
        let text = |name: &str| request.part(name).cloned().unwrap_or(Value::Null);
        Ok(Self {
            id: String::new(),
            name: text("name").as_str().unwrap_or_default().to_owned(),
            filename: file["file_name"].as_str().unwrap_or_default().to_owned(),
            project: text("project_id"),
            metadata: json!({}),
            rows: records.into_iter().map(row).collect(),
            columns,
            csv,
            created_at: request.now,
            updated_at: request.now,
        })
    }

    /// Copies the properties that a table keeps when its file is replaced.
    pub(super) fn inherit(&mut self, replaced: &Self) {
        self.id.clone_from(&replaced.id);
        self.name.clone_from(&replaced.name);
        self.project = replaced.project.clone();
        self.metadata = replaced.metadata.clone();
        self.created_at = replaced.created_at;
    }

    /// Updates name and metadata. A null name is ignored.
    pub(super) fn update(&mut self, request: &Request) {
        if let Some(name) = request.body()["name"].as_str() {
            name.clone_into(&mut self.name);
        }
        match request.body().get("metadata") {
            Some(metadata @ Value::Object(_)) => self.metadata = metadata.clone(),
            // Null clears the metadata.
            Some(Value::Null) => self.metadata = json!({}),
            _ => {}
        }
        self.updated_at = request.now;
    }

    /// Returns the JSON representation.
    pub(super) fn to_json(&self) -> Value {
        let samples = self.rows.iter().take(MAX_SAMPLES).map(|row| self.data(row));
        json!({
            "id": self.id,
            "name": self.name,
            "filename": self.filename,
            "project_id": self.project,
            "source_file_id": format!("file_of_{}", self.id),
            "snapshot_file_id": format!("file_of_{}", self.id),
            "row_count": self.rows.len(),
            "columns": self.columns(),
            "sample_rows": samples.collect::<Vec<_>>(),
            "metadata": self.metadata,
            "uploaded_by_user_id": null,
            "created_at": timestamp::format(self.created_at),
            "updated_at": timestamp::format(self.updated_at),
        })
    }

    pub(super) fn schema(&self) -> Value {
        json!({"table_id": self.id, "columns": self.columns()})
    }

    /// Returns the JSON representation of the columns.
    pub(super) fn columns(&self) -> Vec<Value> {
        let columns = self.columns.iter().enumerate();
        let columns = columns.map(|(index, column)| {
            let statistics =
                Statistics::from_values(self.rows.iter().filter_map(|row| row.get(index)));
            json!({
                "name": column.name,
                "json_schema": {"type": column.kind},
                "sample_values": statistics.samples,
                "required": statistics.nulls == 0,
                "unique": statistics.distinct == self.rows.len(),
            })
        });
        columns.collect()
    }

    /// Handles `GET /v1/tables/{table_id}/profile`.
    pub(super) fn profile(&self, request: &Request) -> Result<Response, Response> {
        let selected = request.query("select").and_then(Value::as_array);
        let selected: Vec<&str> = selected
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut columns = Vec::new();
        for name in &selected {
            self.column(name)
                .ok_or_else(|| unknown_column(&["query", "select"], name))?;
        }
        for (index, column) in self.columns.iter().enumerate() {
            if !selected.is_empty() && !selected.contains(&column.name.as_str()) {
                continue;
            }
            let statistics =
                Statistics::from_values(self.rows.iter().filter_map(|row| row.get(index)));
            columns.push(json!({
                "name": column.name,
                "json_schema": {"type": column.kind},
                "row_count": self.rows.len(),
                "null_count": statistics.nulls,
                "empty_count": statistics.nulls,
                "distinct_count": statistics.distinct,
                "min": statistics.min,
                "max": statistics.max,
                "sample_values": statistics.samples,
                "is_estimated": false,
            }));
        }
        let response =
            json!({"table_id": self.id, "row_count": self.rows.len(), "columns": columns});
        Ok(Response::json(200, &response))
    }

    /// Handles `POST /v1/tables/{table_id}/validate`.
    pub(super) fn validate(&self, rules: &Value) -> Value {
        let mut diagnostics = Vec::new();
        let mut report = |column: Value, rule: &str, message: String| {
            let severity = "error";
            diagnostics.push(
                json!({"severity": severity, "column": column, "rule": rule, "message": message}),
            );
        };
        for name in rules["required_columns"].as_array().into_iter().flatten() {
            if name.as_str().is_none_or(|name| self.column(name).is_none()) {
                report(
                    name.clone(),
                    "required_columns",
                    format!("There is no column {name}"),
                );
            }
        }
        for (name, rule) in rules["columns"].as_object().into_iter().flatten() {
            let Some(index) = self.column(name) else {
                report(
                    json!(name),
                    "columns",
                    format!("There is no column {name:?}"),
                );
                continue;
            };
            let kind = self.columns[index].kind;
            let has_expected_type = match rule["type"].as_str() {
                None => true,
                Some("number") => matches!(kind, "number" | "integer"),
                Some(expected) => expected == kind,
            };
            if !has_expected_type {
                report(
                    json!(name),
                    "type",
                    format!("Column {name:?} contains values of type {kind}"),
                );
            }
            if rule["is_not_empty"] == true && self.rows.iter().any(|row| row[index].is_null()) {
                report(
                    json!(name),
                    "is_not_empty",
                    format!("Column {name:?} contains empty values"),
                );
            }
        }
        for names in rules["unique"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
        {
            let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
            let columns: Option<Vec<usize>> = names.iter().map(|name| self.column(name)).collect();
            let values = |row: &Vec<Value>| {
                let columns = columns.iter().flatten();
                columns
                    .map(|index| row[*index].to_string())
                    .collect::<Vec<_>>()
            };
            let distinct: BTreeSet<_> = self.rows.iter().map(values).collect();
            if columns.is_none() || distinct.len() < self.rows.len() {
                let message = format!("Values of {} are not unique", names.join(", "));
                report(Value::Null, "unique", message);
            }
        }
        json!({"table_id": self.id, "has_errors": !diagnostics.is_empty(), "diagnostics": diagnostics})
    }

    /// Returns a row as an object keyed by column name.
    pub(super) fn data(&self, row: &[Value]) -> Map<String, Value> {
        let names = self.columns.iter().map(|column| column.name.clone());
        names.zip(row.iter().cloned()).collect()
    }

    /// Returns the index of a column.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// Statistics of the values of a column.
struct Statistics {
    nulls: usize,
    distinct: usize,
    min: Value,
    max: Value,
    samples: Vec<String>,
}

impl Statistics {
    fn from_values<'v>(values: impl Iterator<Item = &'v Value>) -> Self {
        let (nulls, values): (Vec<&Value>, Vec<&Value>) = values.partition(|value| value.is_null());
        let texts: BTreeSet<String> = values.iter().map(|value| text(value)).collect();
        let min = values.iter().min_by(|left, right| compare(left, right));
        let max = values.iter().max_by(|left, right| compare(left, right));
        Self {
            nulls: nulls.len(),
            distinct: texts.len() + usize::from(!nulls.is_empty()),
            min: min.map_or(Value::Null, |value| (*value).clone()),
            max: max.map_or(Value::Null, |value| (*value).clone()),
            samples: texts.into_iter().take(MAX_SAMPLES).collect(),
        }
    }
}

/// Compares numbers by value and everything else as text. Empty values come first.
pub(super) fn compare(left: &Value, right: &Value) -> std::cmp::Ordering {
    match (left.as_f64(), right.as_f64()) {
        (Some(left), Some(right)) => left.total_cmp(&right),
        _ => text(left).cmp(&text(right)),
    }
}

/// Returns the text of a value in a CSV field.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Returns the most specific type that all non-empty fields of a column share.
fn kind<'f>(fields: impl Iterator<Item = &'f String>) -> &'static str {
    let mut kind = "integer";
    let mut has_value = false;
    for field in fields.filter(|field| !field.is_empty()) {
        has_value = true;
        kind = match serde_json::from_str::<Value>(field) {
            Ok(Value::Number(number)) if number.is_f64() && kind != "string" => "number",
            Ok(Value::Number(_)) => kind,
            _ => "string",
        };
    }
    if has_value { kind } else { "string" }
}

fn value(field: String, kind: &str) -> Value {
    match kind {
        _ if field.is_empty() => Value::Null,
        "string" => Value::String(field),
        _ => serde_json::from_str(&field).unwrap_or(Value::String(field)),
    }
}

/// Returns a 422 response for a column that does not exist.
pub(super) fn unknown_column(location: &[&str], name: &str) -> Response {
    let mut violations = Violations::default();
    violations.add(
        location,
        &format!("There is no column {name:?}"),
        "value_error",
    );
    violations.into_response()
}
