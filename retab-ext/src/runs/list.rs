//! The list of runs, and what it is filtered by.

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

/// The runs of all workflows, filtered: from [`Runs::list`](crate::Runs::list).
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
/// From the oldest of March on, behind one that was seen before:
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
/// It is a [`List`](crate::List) as well, of the runs as the service describes them: by page, backwards, and with a choice
/// for what cannot be read.
#[derive(Clone)]
#[must_use = "a list is not asked for until its runs, items or pages are"]
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

    /// The runs, one by one; the newest first where nothing else is set.
    ///
    /// Each can be waited for, cancelled and so on. Errors are those of [`List`](crate::List).
    pub fn runs(self) -> impl Stream<Item = Result<Run, Error>> + Send + Unpin + use<> {
        let client = self.client.clone();
        self.items()
            .map_ok(move |document| Run::found(client.clone(), document))
    }

    /// Only runs of this workflow.
    pub fn workflow(self, id: impl Into<WorkflowId>) -> Self {
        self.edit(|list| list.workflow_id(id.into()))
    }

    /// Only runs in this state, such as `completed`.
    pub fn status(self, status: impl Input<WorkflowRunStatus>) -> Self {
        self.edit(|list| list.status(status))
    }

    /// Leaves out runs in this state.
    pub fn exclude_status(self, status: impl Input<WorkflowRunStatus>) -> Self {
        self.edit(|list| list.exclude_status(status))
    }

    /// Only runs that were started this way, such as `api`.
    pub fn trigger(self, trigger: impl Input<WorkflowRunTriggerType>) -> Self {
        self.edit(|list| list.trigger_type(trigger))
    }

    /// Only runs with this entry in their metadata; several have to be there all.
    pub fn metadata(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.insert(name.into(), value.into().into());
        self
    }

    /// Only runs that were created on this day or later: `YYYY-MM-DD`.
    pub fn from_date(self, day: impl Into<String>) -> Self {
        self.edit(|list| list.from_date(day))
    }

    /// Only runs that were created on this day or earlier: `YYYY-MM-DD`.
    pub fn to_date(self, day: impl Into<String>) -> Self {
        self.edit(|list| list.to_date(day))
    }

    /// Orders the runs from the oldest to the newest.
    pub fn oldest_first(self) -> Self {
        self.edit(|list| list.order(SortOrder::Asc))
    }

    /// Sets how many runs a page has at most, from 1 to 100; 20 by default.
    pub fn limit(self, runs: u8) -> Self {
        self.edit(|list| list.limit(runs))
    }

    /// Starts behind this run.
    pub fn after(self, run: impl Into<RunId>) -> Self {
        self.edit(|list| list.after(run.into()))
    }

    /// Ends in front of this run.
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
