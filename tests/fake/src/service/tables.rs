//! Tables, which are made of CSV files.

mod csv;
mod query;
mod table;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::call::Call;
use super::violation::Violations;
use super::workflows::nothing;
use crate::response::Response;
use table::Table;

/// How many tables there may be; beyond it the oldest goes.
const MOST_TABLES: usize = 200;

/// The tables of the fake, by the number in their id.
#[derive(Default)]
pub(crate) struct Tables {
    by_number: BTreeMap<usize, Table>,
    count: usize,
}

impl Tables {
    pub(crate) fn answer(&mut self, call: &Call<'_>) -> Option<Response> {
        let answer = match call.operation {
            "list_tables" => Ok(self.list(call)),
            "create_table" => self.create(call),
            "get_table" => self
                .table(call)
                .map(|table| Response::json(200, &json!({"table": table.document()}))),
            "replace_table" => self.replace(call),
            "update_table" => self.update(call),
            "delete_table" => self.delete(call),
            "download_table_csv" => self
                .table(call)
                .map(|table| Response::new(200, "text/csv", table.csv.clone())),
            "get_table_schema" => self
                .table(call)
                .map(|table| Response::json(200, &table.schema())),
            "profile_table" => self.table(call).and_then(|table| table.profile(call)),
            "query_table" => self
                .table(call)
                .and_then(|table| query::answer(table, call.body())),
            "validate_table" => self
                .table(call)
                .map(|table| Response::json(200, &table.validate(call.body()))),
            _ => return None,
        };
        Some(answer.unwrap_or_else(|refusal| refusal))
    }

    fn list(&self, call: &Call<'_>) -> Response {
        let project = call.query("project_id");
        let mut tables: Vec<Value> = self.by_number.values().map(Table::document).collect();
        tables.retain(|table| project.is_none_or(|project| table["project_id"] == *project));
        Response::json(200, &json!({ "tables": tables }))
    }

    fn create(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let mut table = Table::read(call)?;
        self.count += 1;
        table.id = id(self.count);
        let document = table.document();
        self.by_number.insert(self.count, table);
        if self.by_number.len() > MOST_TABLES {
            self.by_number.pop_first();
        }
        Ok(one_of_list(201, document))
    }

    fn replace(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let mut read = Table::read(call)?;
        let table = self.table(call)?;
        read.take_over(table);
        *table = read;
        Ok(one_of_list(200, table.document()))
    }

    fn update(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let table = self.table(call)?;
        table.update(call);
        Ok(one_of_list(200, table.document()))
    }

    fn delete(&mut self, call: &Call<'_>) -> Result<Response, Response> {
        let deleted =
            number(call.path("table_id")).and_then(|number| self.by_number.remove(&number));
        deleted.ok_or_else(|| nothing("table"))?;
        Ok(Response::empty(204))
    }

    fn table(&mut self, call: &Call<'_>) -> Result<&mut Table, Response> {
        let number = number(call.path("table_id"));
        let table = number.and_then(|number| self.by_number.get_mut(&number));
        table.ok_or_else(|| nothing("table"))
    }
}

/// Changes are answered by a list of what was changed.
fn one_of_list(status: u16, table: Value) -> Response {
    Response::json(status, &json!({"tables": [table]}))
}

fn id(number: usize) -> String {
    format!("tbl_{number:06}")
}

fn number(text: &str) -> Option<usize> {
    let number = text.strip_prefix("tbl_")?.parse().ok()?;
    (id(number) == text).then_some(number)
}

/// The refusal of a column that a table does not have.
fn no_column(place: &[&str], name: &str) -> Response {
    let mut violations = Violations::default();
    violations.add(
        place,
        &format!("There is no column {name:?}"),
        "value_error",
    );
    violations.into_answer()
}
