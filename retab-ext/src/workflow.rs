//! A workflow that is known by its id: its versions, and new runs of it.

use std::fmt;

use retab_api::builder::ListWorkflowVersions;
use retab_api::types::{Workflow, WorkflowGraphVersion, WorkflowGraphVersionDiff};

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::id::WorkflowId;
use crate::version::{Version, VersionId};

/// A workflow that is known by its id, from [`Client::workflow`]; to have it costs no call.
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// let invoices = client.workflow("wf_abc123xyz");
/// let pinned = invoices.pin().await?;
/// let run = invoices.run().version(pinned).send().await?;
/// println!("{} runs version {}", run.id(), run.version_id());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct WorkflowHandle {
    pub(crate) client: Client,
    pub(crate) id: WorkflowId,
}

impl Client {
    /// The workflow of this id: its versions, and new runs of it.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let pinned = client.workflow("wf_abc123xyz").pin().await?;
    /// println!("in production now: {pinned}");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn workflow(&self, id: impl Into<WorkflowId>) -> WorkflowHandle {
        WorkflowHandle::new(self.clone(), id.into())
    }
}

impl WorkflowHandle {
    pub(crate) fn new(client: Client, id: WorkflowId) -> Self {
        Self { client, id }
    }

    /// The workflow's id.
    #[must_use]
    pub fn id(&self) -> &WorkflowId {
        &self.id
    }

    /// The versions of the workflow: a [`List`](crate::List).
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    /// use retab_ext::List as _;
    ///
    /// let mut versions = client.workflow("wf_abc123xyz").versions().items();
    /// while let Some(version) = versions.try_next().await? {
    ///     println!("{} of {}", version.id, version.created_at);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn versions(&self) -> ListWorkflowVersions {
        let list = self.client.api().list_workflow_versions();
        list.workflow_id(self.id.as_str())
    }

    /// One version of the workflow, with its blocks and edges.
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) where the workflow has no such version.
    pub async fn version(&self, version: &VersionId) -> Result<WorkflowGraphVersion, Error> {
        let call = self.client.api().get_workflow_version();
        let call = call.workflow_id(self.id.as_str());
        let response = call.workflow_version_id(version.as_str()).send().await?;
        Ok(response.into_inner())
    }

    /// The id of the version that is in production now; `None` where none is.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// match client.workflow("wf_abc123xyz").production_version().await? {
    ///     Some(version) => println!("in production: {version}"),
    ///     None => println!("not published"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of a call.
    pub async fn production_version(&self) -> Result<Option<VersionId>, Error> {
        let call = self.client.api().get_workflow();
        let response = call.workflow_id(self.id.as_str()).send().await?;
        let published = response.into_inner().published;
        let Some(id) = published.and_then(|published| published.version_id) else {
            return Ok(None);
        };
        let id: VersionId = id.parse().map_err(|refused: Error| {
            let message = format!("the workflow {}, in production: {refused}", self.id);
            Error::new(ErrorKind::UnexpectedResponse, message).caused_by(refused)
        })?;
        Ok(Some(id))
    }

    /// The version that is in production now, by its id: what is published later does not change it.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let pinned = client.workflow("wf_abc123xyz").pin().await?;
    /// for _ in 0..3 {
    ///     client.run("wf_abc123xyz").version(pinned.clone()).send().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Of the kind [`InvalidRequest`](ErrorKind::InvalidRequest) where none is in production, and those of a call.
    pub async fn pin(&self) -> Result<Version, Error> {
        self.in_production().await.map(Version::Pinned)
    }

    /// What changes from one version to another: the blocks and edges that are added, removed and changed.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let (from, to) = ("ver_abc123".parse()?, "ver_def456".parse()?);
    /// let diff = client.workflow("wf_abc123xyz").diff(&from, &to).await?;
    /// println!("changed: {:?}", diff.changed_block_ids.unwrap_or_default());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) where the workflow lacks one of the versions.
    pub async fn diff(
        &self,
        from: &VersionId,
        to: &VersionId,
    ) -> Result<WorkflowGraphVersionDiff, Error> {
        let call = self.client.api().diff_workflow_versions();
        let call = call
            .workflow_id(self.id.as_str())
            .from_workflow_version_id(from.as_str())
            .to_workflow_version_id(to.as_str());
        Ok(call.send().await?.into_inner())
    }

    /// Makes the draft what a version is; what is in production stays.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let version = "ver_abc123def456".parse()?;
    /// client.workflow("wf_abc123xyz").restore(&version).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) where the workflow has no such version.
    pub async fn restore(&self, version: &VersionId) -> Result<Workflow, Error> {
        let call = self.client.api().restore_workflow_version();
        let call = call.workflow_id(self.id.as_str());
        let response = call.workflow_version_id(version.as_str()).send().await?;
        Ok(response.into_inner())
    }

    /// The version that is in production, which there has to be.
    pub(crate) async fn in_production(&self) -> Result<VersionId, Error> {
        self.production_version().await?.ok_or_else(|| {
            Error::invalid_request(format!(
                "the workflow {} has no version in production: publish one, or run the draft",
                self.id
            ))
        })
    }
}

impl fmt::Debug for WorkflowHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WorkflowHandle")
            .field(&self.id.as_str())
            .finish()
    }
}
