//! The table store and the table operations.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::query;
use super::table::Table;
use crate::response::Response;
use crate::service::not_found::not_found;
use crate::service::request::Request;

/// The maximum number of tables. The oldest table is dropped first.
const MAX_TABLES: usize = 200;

/// The tables of the fake, by the number in their ID.
#[derive(Default)]
pub(crate) struct Tables {
    by_number: BTreeMap<usize, Table>,
    /// The number of tables created so far, from which IDs are derived.
    count: usize,
}

impl Tables {
    pub(crate) fn handle(&mut self, request: &Request) -> Option<Response> {
        let response = match request.operation {
            "list_tables" => Ok(self.list(request)),
            "create_table" => self.create(request),
            "get_table" => self
                .table(request)
                .map(|table| Response::json(200, &json!({"table": table.to_json()}))),
            "replace_table" => self.replace(request),
            "update_table" => self.update(request),
            "delete_table" => self.delete(request),
            "download_table_csv" => self
                .table(request)
                .map(|table| Response::new(200, "text/csv", table.csv.clone())),
            "get_table_schema" => self
                .table(request)
                .map(|table| Response::json(200, &table.schema())),
            "profile_table" => self.table(request).and_then(|table| table.profile(request)),
            "query_table" => self
                .table(request)
                .and_then(|table| query::run(table, request.body())),
            "validate_table" => self
                .table(request)
                .map(|table| Response::json(200, &table.validate(request.body()))),
            _ => return None,
        };
        Some(response.unwrap_or_else(|error| error))
    }

    fn list(&self, request: &Request) -> Response {
        let project = request.query("project_id");
        let mut tables: Vec<Value> = self.by_number.values().map(Table::to_json).collect();
        tables.retain(|table| project.is_none_or(|project| table["project_id"] == *project));
        Response::json(200, &json!({ "tables": tables }))
    }

    fn create(&mut self, request: &Request) -> Result<Response, Response> {
        let mut table = Table::from_request(request)?;
        self.count += 1;
        table.id = format_id(self.count);
        let json = table.to_json();
        self.by_number.insert(self.count, table);
        if self.by_number.len() > MAX_TABLES {
            self.by_number.pop_first();
        }
        Ok(table_list(201, json))
    }

    fn replace(&mut self, request: &Request) -> Result<Response, Response> {
        let mut replacement = Table::from_request(request)?;
        let table = self.table(request)?;
        replacement.inherit(table);
        *table = replacement;
        Ok(table_list(200, table.to_json()))
    }

    fn update(&mut self, request: &Request) -> Result<Response, Response> {
        let table = self.table(request)?;
        table.update(request);
        Ok(table_list(200, table.to_json()))
    }

    fn delete(&mut self, request: &Request) -> Result<Response, Response> {
        let deleted =
            parse_id(request.path("table_id")).and_then(|number| self.by_number.remove(&number));
        deleted.ok_or_else(|| not_found("table"))?;
        Ok(Response::empty(204))
    }

    fn table(&mut self, request: &Request) -> Result<&mut Table, Response> {
        let number = parse_id(request.path("table_id"));
        let table = number.and_then(|number| self.by_number.get_mut(&number));
        table.ok_or_else(|| not_found("table"))
    }
}

/// Returns a list with one table, the response of operations that change a table.
fn table_list(status: u16, table: Value) -> Response {
    Response::json(status, &json!({"tables": [table]}))
}

fn format_id(number: usize) -> String {
    format!("tbl_{number:06}")
}

fn parse_id(id: &str) -> Option<usize> {
    let number = id.strip_prefix("tbl_")?.parse().ok()?;
    (format_id(number) == id).then_some(number)
}
