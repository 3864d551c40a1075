//! The export of what one block has given in many runs, as a table.

use std::fmt;

use retab_api::types::builder::WorkflowExportPayloadRequest as Body;
use retab_api::types::{
    WorkflowExportPayloadRequest, WorkflowExportPayloadRequestExportSource as Source,
    WorkflowExportPayloadResponse,
};

use crate::client::Client;
use crate::error::Error;
use crate::id::{BlockId, RunId, WorkflowId};

/// The export of a block's values in the completed runs of a workflow: from [`Runs::export`](crate::Runs::export).
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
#[derive(Clone)]
#[must_use = "nothing is exported until `send`"]
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
/// `Debug` shows its size, and nothing of its content.
#[derive(Clone)]
pub struct ExportedTable {
    table: WorkflowExportPayloadResponse,
}

impl Export {
    pub(super) fn new(client: Client, workflow: WorkflowId, block: BlockId) -> Self {
        let body = WorkflowExportPayloadRequest::builder()
            .workflow_id(workflow.as_str())
            .block_id(block.as_str());
        Self {
            client,
            workflow,
            block,
            body,
        }
    }

    /// Exports what the block took, in place of what it gave.
    pub fn inputs(self) -> Self {
        self.edit(|body| body.export_source(Source::Inputs))
    }

    /// Only these runs.
    pub fn runs(self, ids: impl IntoIterator<Item = impl Into<RunId>>) -> Self {
        let ids = ids.into_iter().map(|id| String::from(id.into()));
        self.edit(|body| body.selected_run_ids(ids))
    }

    /// Only documents of these types.
    pub fn document_types(self, types: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.edit(|body| body.selected_doc_types(types))
    }

    /// Only runs that were created on this day or later: `YYYY-MM-DD`.
    pub fn from_date(self, day: impl Into<String>) -> Self {
        self.edit(|body| body.from_date(day))
    }

    /// Only runs that were created on this day or earlier: `YYYY-MM-DD`.
    pub fn to_date(self, day: impl Into<String>) -> Self {
        self.edit(|body| body.to_date(day))
    }

    /// Sets the columns that come first, in this order.
    pub fn first_columns(self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.edit(|body| body.preferred_columns(names))
    }

    /// Sets what separates two fields; `;` by default.
    pub fn delimiter(self, delimiter: impl Into<String>) -> Self {
        self.edit(|body| body.delimiter(delimiter))
    }

    /// Sets what ends a line; a line feed by default.
    pub fn line_end(self, line_end: impl Into<String>) -> Self {
        self.edit(|body| body.line_delimiter(line_end))
    }

    /// Sets what encloses a field that needs it; a double quote by default.
    pub fn quote(self, quote: impl Into<String>) -> Self {
        self.edit(|body| body.quote(quote))
    }

    /// Exports.
    ///
    /// # Errors
    /// Those of a call. It changes nothing, so it is sent again as a read is.
    pub async fn send(self) -> Result<ExportedTable, Error> {
        let call = self.client.api().get_workflow_export_payload();
        let table = call.body(self.body).send().await?.into_inner();
        Ok(ExportedTable { table })
    }

    fn edit(self, edit: impl FnOnce(Body) -> Body) -> Self {
        Self {
            body: edit(self.body),
            ..self
        }
    }
}

impl ExportedTable {
    /// The table as CSV, with a header.
    #[must_use]
    pub fn csv(&self) -> &str {
        &self.table.csv_data
    }

    /// The table as CSV, with a header, without a copy of it.
    #[must_use]
    pub fn into_csv(self) -> String {
        self.table.csv_data
    }

    /// How many rows it has beside its header, as the service counts them.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.table.rows
    }

    /// How many columns it has, as the service counts them.
    #[must_use]
    pub fn columns(&self) -> i64 {
        self.table.columns
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

impl fmt::Debug for ExportedTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExportedTable")
            .field("rows", &self.rows())
            .field("columns", &self.columns())
            .finish_non_exhaustive()
    }
}
