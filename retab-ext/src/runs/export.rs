//! CSV exports of a block's values across runs.

use std::fmt;

use retab_api::runtime::Redacted;
use retab_api::types::builder::WorkflowExportPayloadRequest as Body;
use retab_api::types::{
    WorkflowExportPayloadRequest, WorkflowExportPayloadRequestExportSource as Source,
};

use crate::client::Client;
use crate::error::Error;
use crate::id::{BlockId, RunId, WorkflowId};

/// A builder for a CSV export of a block's values, from [`Runs::export`](crate::Runs::export).
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let table = client
///     .runs()
///     .export("wf_abc123xyz", "extract-block-1")
///     .from_date("2026-03-01")
///     .delimiter(",")
///     .send()
///     .await?;
/// println!("{} rows of {} columns", table.rows(), table.columns());
/// std::fs::write("march.csv", table.csv())?;
/// # Ok(())
/// # }
/// ```
///
/// Only completed runs are exported.
#[derive(Clone)]
#[must_use = "an export does not start until `send`"]
pub struct Export {
    client: Client,
    workflow: WorkflowId,
    block: BlockId,
    body: Body,
}

/// An exported table.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// let table = client
///     .runs()
///     .export("wf_abc123xyz", "extract-block-1")
///     .inputs()
///     .document_types(["pdf"])
///     .to_date("2026-03-31")
///     .first_columns(["number", "total"])
///     .line_end("\r\n")
///     .quote("'")
///     .send()
///     .await?;
/// let csv: String = table.into_csv();
/// println!("{} bytes", csv.len());
/// # Ok(())
/// # }
/// ```
///
/// `Debug` shows the size of the table, but not its content.
#[derive(Clone, Debug)]
pub struct ExportedTable {
    csv: Redacted<String>,
    rows: i64,
    columns: i64,
}

impl Export {
    pub(super) fn new(client: Client, workflow: WorkflowId, block: BlockId) -> Self {
        let body = WorkflowExportPayloadRequest::builder()
            .workflow_id(&workflow)
            .block_id(block.as_str());
        Self {
            client,
            workflow,
            block,
            body,
        }
    }

    /// Exports the inputs of the block instead of its outputs.
    pub fn inputs(self) -> Self {
        self.edit(|body| body.export_source(Source::Inputs))
    }

    /// Exports only the given runs.
    pub fn runs(self, ids: impl IntoIterator<Item = impl Into<RunId>>) -> Self {
        let ids = ids.into_iter().map(Into::into);
        self.edit(|body| body.selected_run_ids(ids))
    }

    /// Exports only documents of the given types.
    pub fn document_types(self, types: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.edit(|body| body.selected_doc_types(types))
    }

    /// Exports only runs created on or after this day, as `YYYY-MM-DD`.
    pub fn from_date(self, day: impl Into<String>) -> Self {
        self.edit(|body| body.from_date(day))
    }

    /// Exports only runs created on or before this day, as `YYYY-MM-DD`.
    pub fn to_date(self, day: impl Into<String>) -> Self {
        self.edit(|body| body.to_date(day))
    }

    /// Moves the given columns to the front, in this order.
    pub fn first_columns(self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.edit(|body| body.preferred_columns(names))
    }

    /// Sets the field delimiter. Defaults to `;`.
    pub fn delimiter(self, delimiter: impl Into<String>) -> Self {
        self.edit(|body| body.delimiter(delimiter))
    }

    /// Sets the line terminator. Defaults to a line feed.
    pub fn line_end(self, line_end: impl Into<String>) -> Self {
        self.edit(|body| body.line_delimiter(line_end))
    }

    /// Sets the quote character. Defaults to `"`.
    pub fn quote(self, quote: impl Into<String>) -> Self {
        self.edit(|body| body.quote(quote))
    }

    /// Requests the export.
    ///
    /// The client retries the request like a read, because it has no side effects.
    ///
    /// # Errors
    /// Returns an error if the request fails.
    ///
    /// # Cancel safety
    /// Dropping the future cancels the request.
    pub async fn send(self) -> Result<ExportedTable, Error> {
        let request = self.client.api().get_workflow_export_payload();
        let table = request.body(self.body).send().await?.into_inner();
        Ok(ExportedTable {
            csv: Redacted(table.csv_data),
            rows: table.rows,
            columns: table.columns,
        })
    }

    fn edit(self, edit: impl FnOnce(Body) -> Body) -> Self {
        Self {
            body: edit(self.body),
            ..self
        }
    }
}

impl ExportedTable {
    /// Returns the table as CSV with a header.
    #[must_use]
    pub fn csv(&self) -> &str {
        &self.csv
    }

    /// Converts the table into CSV with a header, without a copy.
    #[must_use]
    pub fn into_csv(self) -> String {
        self.csv.0
    }

    /// Returns the number of rows without the header, as reported by the service.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.rows
    }

    /// Returns the number of columns, as reported by the service.
    #[must_use]
    pub fn columns(&self) -> i64 {
        self.columns
    }
}

impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Export")
            .field("workflow_id", &self.workflow.as_str())
            .field("block_id", &self.block.as_str())
            .finish_non_exhaustive()
    }
}
