//! Handles to workflows.

use retab_api::builder::ListWorkflowVersions;
use retab_api::types::{Workflow, WorkflowGraphVersion, WorkflowGraphVersionDiff};

use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::handle::handle;
use crate::id::{VersionId, WorkflowId};
use crate::version::Version;

handle! {
    /// A handle to a workflow, its versions and its runs. Creating one sends no request.
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
    ///
    /// Create a handle with [`Client::workflow`].
    ///
    /// It serializes to its id, like a [`RunHandle`](crate::RunHandle).
    WorkflowHandle, WorkflowId
}

impl Client {
    /// Returns a handle to a workflow. Sends no request.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let pinned = client.workflow("wf_abc123xyz").pin().await?;
    /// println!("production version: {pinned}");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn workflow(&self, id: impl Into<WorkflowId>) -> WorkflowHandle {
        WorkflowHandle::new(self.clone(), id.into())
    }
}

impl WorkflowHandle {
    /// Reads the workflow.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let workflow = client.workflow("wf_abc123xyz").get().await?;
    /// println!("{} is {:?}", workflow.id, workflow.name);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the request fails. [`Error::is_not_found`] is true if the workflow does not exist.
    ///
    /// # Cancel safety
    /// This method is cancel safe. Dropping the future aborts the request.
    pub async fn get(&self) -> Result<Workflow, Error> {
        let request = self.client.api().get_workflow().workflow_id(&self.id);
        Ok(request.send().await?.into_inner())
    }

    /// Returns a [`List`](crate::List) of the workflow's versions.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use futures_util::TryStreamExt as _;
    /// use retab_ext::List as _;
    ///
    /// let mut versions = client.workflow("wf_abc123xyz").versions().items();
    /// while let Some(version) = versions.try_next().await? {
    ///     println!("{}, created at {}", version.id, version.created_at);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn versions(&self) -> ListWorkflowVersions {
        let list = self.client.api().list_workflow_versions();
        list.workflow_id(&self.id)
    }

    /// Returns a version of the workflow with its blocks and edges.
    ///
    /// # Errors
    /// Returns an error if the request fails. [`Error::is_not_found`] is true if the version does not exist.
    ///
    /// # Cancel safety
    /// This method is cancel safe. Dropping the future aborts the request.
    pub async fn version(
        &self,
        version: impl Into<VersionId>,
    ) -> Result<WorkflowGraphVersion, Error> {
        let request = self.client.api().get_workflow_version();
        let request = request.workflow_id(&self.id);
        let request = request.workflow_version_id(version.into());
        Ok(request.send().await?.into_inner())
    }

    /// Returns the id of the current production version, or `None` if the workflow is not published.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// match client.workflow("wf_abc123xyz").production_version().await? {
    ///     Some(version) => println!("production version: {version}"),
    ///     None => println!("not published"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the request fails.
    ///
    /// # Cancel safety
    /// This method is cancel safe. Dropping the future aborts the request.
    pub async fn production_version(&self) -> Result<Option<VersionId>, Error> {
        let published = self.get().await?.published;
        let Some(id) = published.and_then(|published| published.version_id) else {
            return Ok(None);
        };
        let id = VersionId::from(id);
        id.check().map_err(|error| {
            let message = format!(
                "cannot read the production version of workflow {}: {error}",
                self.id
            );
            Error::new(ErrorKind::UnexpectedResponse, message).caused_by(error)
        })?;
        Ok(Some(id))
    }

    /// Returns the current production version, pinned by its id.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let workflow = client.workflow("wf_abc123xyz");
    /// let pinned = workflow.pin().await?;
    /// for _ in 0..3 {
    ///     workflow.run().version(pinned.clone()).send().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Later publications do not affect the returned version.
    ///
    /// # Errors
    /// Returns an error of kind [`InvalidRequest`](ErrorKind::InvalidRequest) if the workflow is not published, or another
    /// error if the request fails.
    ///
    /// # Cancel safety
    /// This method is cancel safe. Dropping the future aborts the request.
    pub async fn pin(&self) -> Result<Version, Error> {
        self.require_production_version().await.map(Version::Pinned)
    }

    /// Returns the blocks and edges that differ between two versions.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let workflow = client.workflow("wf_abc123xyz");
    /// let diff = workflow.diff("ver_abc123", "ver_def456").await?;
    /// println!("changed: {:?}", diff.changed_block_ids.unwrap_or_default());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Returns an error if the request fails. [`Error::is_not_found`] is true if one of the versions does not exist.
    ///
    /// # Cancel safety
    /// This method is cancel safe. Dropping the future aborts the request.
    pub async fn diff(
        &self,
        from: impl Into<VersionId>,
        to: impl Into<VersionId>,
    ) -> Result<WorkflowGraphVersionDiff, Error> {
        let request = self.client.api().diff_workflow_versions();
        let request = request
            .workflow_id(&self.id)
            .from_workflow_version_id(from.into())
            .to_workflow_version_id(to.into());
        Ok(request.send().await?.into_inner())
    }

    /// Replaces the draft with a version.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// client.workflow("wf_abc123xyz").restore("ver_abc123def456").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The production version does not change.
    ///
    /// # Errors
    /// Returns an error if the request fails. [`Error::is_not_found`] is true if the version does not exist.
    ///
    /// # Cancel safety
    /// This method is not cancel safe. The service may restore the version even if the future is dropped.
    pub async fn restore(&self, version: impl Into<VersionId>) -> Result<Workflow, Error> {
        let request = self.client.api().restore_workflow_version();
        let request = request.workflow_id(&self.id);
        let request = request.workflow_version_id(version.into());
        Ok(request.send().await?.into_inner())
    }

    /// Returns the production version, or an error if the workflow is not published.
    pub(crate) async fn require_production_version(&self) -> Result<VersionId, Error> {
        self.production_version().await?.ok_or_else(|| {
            Error::invalid_request(format!(
                "cannot resolve the production version of workflow {}: the workflow is not published; publish it or use the draft",
                self.id
            ))
        })
    }
}
