//! Filtered lists of runs.

use std::fmt;

use futures_core::Stream;
use futures_util::TryStreamExt as _;
use retab_api::builder::ListWorkflowRuns;
use retab_api::runtime::{Input, ListOperation, RequestBuilder};
use retab_api::types::{SortOrder, WorkflowRun, WorkflowRunStatus, WorkflowRunTriggerType};
use serde_json::{Map, Value};

use crate::client::Client;
use crate::error::Error;
use crate::id::{RunId, WorkflowId};
use crate::pagination::List as _;
use crate::run::Run;

/// A builder for a filtered list of runs, from [`Runs::list`](crate::Runs::list).
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use futures_util::TryStreamExt as _;
///
/// let list = client.runs().list().workflow("wf_abc123xyz").metadata("tenant", "acme");
/// let mut runs = list.status("awaiting_review").runs();
/// while let Some(run) = runs.try_next().await? {
///     println!("{} since {:?}", run.id(), run.snapshot().timing.created_at);
/// }
/// # Ok(())
/// # }
/// ```
///
/// Runs of March, oldest first, starting after a known run:
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use futures_util::TryStreamExt as _;
///
/// let list = client.runs().list().trigger("api").exclude_status("completed");
/// let list = list.from_date("2026-03-01").to_date("2026-03-31").oldest_first();
/// let mut runs = list.after("run_abc123xyz").runs();
/// while let Some(run) = runs.try_next().await? {
///     println!("{} is {}", run.id(), run.status());
/// }
/// # Ok(())
/// # }
/// ```
///
/// `RunList` also implements [`List`](crate::List), which streams the raw runs of the service and supports pages,
/// reverse order and invalid items.
#[derive(Clone)]
#[must_use = "a list does nothing until its `runs`, `items` or `pages` are polled"]
pub struct RunList {
    client: Client,
    list: ListWorkflowRuns,
    metadata: Map<String, Value>,
}

impl RunList {
    pub(super) fn new(client: Client) -> Self {
        Self {
            list: client.api().list_workflow_runs(),
            client,
            metadata: Map::new(),
        }
    }

    /// Returns a stream of runs, newest first by default.
    ///
    /// Each [`Run`] can be waited for, cancelled and so on. The stream yields the errors of [`List`](crate::List).
    pub fn runs(self) -> impl Stream<Item = Result<Run, Error>> + Send + Unpin + use<> {
        let client = self.client.clone();
        self.items()
            .map_ok(move |snapshot| Run::fetched(client.clone(), snapshot))
    }

    /// Lists only runs of this workflow.
    pub fn workflow(self, id: impl Into<WorkflowId>) -> Self {
        self.edit(|list| list.workflow_id(id.into()))
    }

    /// Lists only runs with this status, such as `completed`.
    pub fn status(self, status: impl Input<WorkflowRunStatus>) -> Self {
        self.edit(|list| list.status(status))
    }

    /// Excludes runs with this status.
    pub fn exclude_status(self, status: impl Input<WorkflowRunStatus>) -> Self {
        self.edit(|list| list.exclude_status(status))
    }

    /// Lists only runs with this trigger, such as `api`.
    pub fn trigger(self, trigger: impl Input<WorkflowRunTriggerType>) -> Self {
        self.edit(|list| list.trigger_type(trigger))
    }

    /// Lists only runs with this metadata entry. Several entries must all match.
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.insert(name.into(), value.into().into());
        self
    }

    /// Lists only runs created on or after this day, as `YYYY-MM-DD`.
    pub fn from_date(self, day: impl Into<String>) -> Self {
        self.edit(|list| list.from_date(day))
    }

    /// Lists only runs created on or before this day, as `YYYY-MM-DD`.
    pub fn to_date(self, day: impl Into<String>) -> Self {
        self.edit(|list| list.to_date(day))
    }

    /// Sorts the runs from oldest to newest.
    pub fn oldest_first(self) -> Self {
        self.edit(|list| list.order(SortOrder::Asc))
    }

    /// Sets the maximum number of runs per page, from 1 to 100. Defaults to 20.
    pub fn limit(self, runs: u8) -> Self {
        self.edit(|list| list.limit(runs))
    }

    /// Starts after this run.
    pub fn after(self, run: impl Into<RunId>) -> Self {
        self.edit(|list| list.after(run.into()))
    }

    /// Ends before this run.
    pub fn before(self, run: impl Into<RunId>) -> Self {
        self.edit(|list| list.before(run.into()))
    }

    fn edit(self, edit: impl FnOnce(ListWorkflowRuns) -> ListWorkflowRuns) -> Self {
        Self {
            list: edit(self.list),
            ..self
        }
    }
}

impl ListOperation for RunList {
    type Item = WorkflowRun;

    fn into_builder(self) -> RequestBuilder {
        let has_metadata = !self.metadata.is_empty();
        let metadata = has_metadata.then(|| Value::Object(self.metadata).to_string());
        self.list
            .when_some(metadata, ListWorkflowRuns::metadata)
            .into_builder()
    }
}

impl fmt::Debug for RunList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunList")
            .field("list", &self.list)
            .field("metadata", &self.metadata.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
