//! One table: its columns and rows, and what can be said of them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::{csv, no_column};
use crate::response::Response;
use crate::service::call::Call;
use crate::service::time;
use crate::service::violation::Violations;

/// How many rows and values are shown as samples.
const SAMPLES: usize = 3;

/// One table.
pub(super) struct Table {
    pub(super) id: String,
    name: String,
    filename: String,
    project: Value,
    metadata: Value,
    /// As it was sent.
    pub(super) csv: String,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Value>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// One column.
pub(super) struct Column {
    pub(super) name: String,
    kind: &'static str,
}

impl Table {
    /// Reads the form of a request that makes a table.
    pub(super) fn read(call: &Call<'_>) -> Result<Self, Response> {
        let refused = |message: &str| {
            let mut violations = Violations::default();
            violations.add(&["body", "file"], message, "value_error");
            violations.into_answer()
        };
        let file = call.part("file").cloned().unwrap_or_default();
        let csv = file["content"].as_str().unwrap_or_default().to_owned();
        let mut records = csv::read(&csv).map_err(refused)?.into_iter();
        let header = records
            .next()
            .ok_or_else(|| refused("The file has no header"))?;
        let records: Vec<_> = records.collect();
        if let Some(at) = records
            .iter()
            .position(|record| record.len() != header.len())
        {
            let message = format!("The row {} has not as many fields as the header", at + 1);
            return Err(refused(&message));
        }
        let column = |(at, name): (usize, String)| Column {
            kind: kind(records.iter().filter_map(|record| record.get(at))),
            name,
        };
        let columns: Vec<Column> = header.into_iter().enumerate().map(column).collect();
        let row = |record: Vec<String>| {
            let fields = record.into_iter().zip(&columns);
            fields
                .map(|(field, column)| value(field, column.kind))
                .collect()
        };
        let text = |name: &str| call.part(name).cloned().unwrap_or(Value::Null);
        Ok(Self {
            id: String::new(),
            name: text("name").as_str().unwrap_or_default().to_owned(),
            filename: file["file_name"].as_str().unwrap_or_default().to_owned(),
            project: text("project_id"),
            metadata: json!({}),
            rows: records.into_iter().map(row).collect(),
            columns,
            csv,
            created_at: call.now,
            updated_at: call.now,
        })
    }

    /// Takes over what a table keeps when its rows are replaced.
    pub(super) fn take_over(&mut self, replaced: &Self) {
        self.id.clone_from(&replaced.id);
        self.name.clone_from(&replaced.name);
        self.project = replaced.project.clone();
        self.metadata = replaced.metadata.clone();
        self.created_at = replaced.created_at;
    }

    /// Changes name and metadata, those of them that are neither left out nor null.
    pub(super) fn update(&mut self, call: &Call<'_>) {
        if let Some(name) = call.body()["name"].as_str() {
            name.clone_into(&mut self.name);
        }
        match call.body().get("metadata") {
            Some(metadata @ Value::Object(_)) => self.metadata = metadata.clone(),
            // Null takes all of it away.
            Some(Value::Null) => self.metadata = json!({}),
            _ => {}
        }
        self.updated_at = call.now;
    }

    /// The table as the service shows it.
    pub(super) fn document(&self) -> Value {
        let samples = self.rows.iter().take(SAMPLES).map(|row| self.data(row));
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
            "created_at": time::text(self.created_at),
            "updated_at": time::text(self.updated_at),
        })
    }

    pub(super) fn schema(&self) -> Value {
        json!({"table_id": self.id, "columns": self.columns()})
    }

    /// The columns as the service shows them.
    pub(super) fn columns(&self) -> Vec<Value> {
        let columns = self.columns.iter().enumerate();
        let shown = columns.map(|(at, column)| {
            let facts = Facts::of(self.rows.iter().filter_map(|row| row.get(at)));
            json!({
                "name": column.name,
                "json_schema": {"type": column.kind},
                "sample_values": facts.samples,
                "required": facts.nulls == 0,
                "unique": facts.distinct == self.rows.len(),
            })
        });
        shown.collect()
    }

    /// `GET /v1/tables/{table_id}/profile`, of the columns that are selected.
    pub(super) fn profile(&self, call: &Call<'_>) -> Result<Response, Response> {
        let selected = call.query("select").and_then(Value::as_array);
        let selected: Vec<&str> = selected
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut columns = Vec::new();
        for name in &selected {
            self.column(name)
                .ok_or_else(|| no_column(&["query", "select"], name))?;
        }
        for (at, column) in self.columns.iter().enumerate() {
            if !selected.is_empty() && !selected.contains(&column.name.as_str()) {
                continue;
            }
            let facts = Facts::of(self.rows.iter().filter_map(|row| row.get(at)));
            columns.push(json!({
                "name": column.name,
                "json_schema": {"type": column.kind},
                "row_count": self.rows.len(),
                "null_count": facts.nulls,
                "empty_count": facts.nulls,
                "distinct_count": facts.distinct,
                "min": facts.least,
                "max": facts.most,
                "sample_values": facts.samples,
                "is_estimated": false,
            }));
        }
        let answer = json!({"table_id": self.id, "row_count": self.rows.len(), "columns": columns});
        Ok(Response::json(200, &answer))
    }

    /// `POST /v1/tables/{table_id}/validate`
    pub(super) fn validate(&self, rules: &Value) -> Value {
        let mut found = Vec::new();
        let mut find = |column: Value, rule: &str, message: String| {
            let severity = "error";
            found.push(
                json!({"severity": severity, "column": column, "rule": rule, "message": message}),
            );
        };
        for name in rules["required_columns"].as_array().into_iter().flatten() {
            if name.as_str().is_none_or(|name| self.column(name).is_none()) {
                find(
                    name.clone(),
                    "required_columns",
                    format!("There is no column {name}"),
                );
            }
        }
        for (name, rule) in rules["columns"].as_object().into_iter().flatten() {
            let Some(at) = self.column(name) else {
                find(
                    json!(name),
                    "columns",
                    format!("There is no column {name:?}"),
                );
                continue;
            };
            let kind = self.columns[at].kind;
            let fits = match rule["type"].as_str() {
                None => true,
                Some("number") => matches!(kind, "number" | "integer"),
                Some(wanted) => wanted == kind,
            };
            if !fits {
                find(
                    json!(name),
                    "type",
                    format!("The column {name:?} has values of the type {kind}"),
                );
            }
            if rule["is_not_empty"] == true && self.rows.iter().any(|row| row[at].is_null()) {
                find(
                    json!(name),
                    "is_not_empty",
                    format!("The column {name:?} has empty values"),
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
                columns.map(|at| row[*at].to_string()).collect::<Vec<_>>()
            };
            let distinct: BTreeSet<_> = self.rows.iter().map(values).collect();
            if columns.is_none() || distinct.len() < self.rows.len() {
                let message = format!("The values of {} are not unique", names.join(", "));
                find(Value::Null, "unique", message);
            }
        }
        json!({"table_id": self.id, "has_errors": !found.is_empty(), "diagnostics": found})
    }

    /// A row by the names of the columns.
    pub(super) fn data(&self, row: &[Value]) -> Map<String, Value> {
        let names = self.columns.iter().map(|column| column.name.clone());
        names.zip(row.iter().cloned()).collect()
    }

    /// The place of the column of this name.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// What can be said of the values of a column.
struct Facts {
    nulls: usize,
    distinct: usize,
    least: Value,
    most: Value,
    samples: Vec<String>,
}

impl Facts {
    fn of<'v>(values: impl Iterator<Item = &'v Value>) -> Self {
        let (nulls, values): (Vec<&Value>, Vec<&Value>) = values.partition(|value| value.is_null());
        let texts: BTreeSet<String> = values.iter().map(|value| text(value)).collect();
        let least = values.iter().min_by(|one, other| compare(one, other));
        let most = values.iter().max_by(|one, other| compare(one, other));
        Self {
            nulls: nulls.len(),
            distinct: texts.len() + usize::from(!nulls.is_empty()),
            least: least.map_or(Value::Null, |value| (*value).clone()),
            most: most.map_or(Value::Null, |value| (*value).clone()),
            samples: texts.into_iter().take(SAMPLES).collect(),
        }
    }
}

/// Numbers by their value, everything else by its text; what is empty comes first.
pub(super) fn compare(one: &Value, other: &Value) -> std::cmp::Ordering {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one.total_cmp(&other),
        _ => text(one).cmp(&text(other)),
    }
}

/// A value as a field has it.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The type that all fields of a column can have.
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
