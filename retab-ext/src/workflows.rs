//! The collection of workflows.

use retab_api::builder::ListWorkflows;

use crate::client::Client;
use crate::id::WorkflowId;
use crate::workflow::WorkflowHandle;

/// The workflows, from [`Client::workflows`].
///
/// ```
/// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
/// use futures_util::TryStreamExt as _;
/// use retab_ext::List as _;
///
/// let mut workflows = client.workflows().list().items();
/// while let Some(workflow) = workflows.try_next().await? {
///     println!("{} is {:?}", workflow.id, workflow.name);
/// }
/// # Ok(())
/// # }
/// ```
///
/// To create a workflow, use `client.api().create_workflow()`.
#[derive(Clone, Debug)]
pub struct Workflows {
    client: Client,
}

impl Client {
    /// Returns the collection of workflows, for handles and lists.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let first = client.workflows().list().limit(1).send().await?;
    /// println!("{:?}", first.data.first().map(|workflow| &workflow.id));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn workflows(&self) -> Workflows {
        Workflows {
            client: self.clone(),
        }
    }
}

impl Workflows {
    /// Returns a handle to a workflow, like [`Client::workflow`]. Sends no request.
    #[must_use]
    pub fn handle(&self, id: impl Into<WorkflowId>) -> WorkflowHandle {
        self.client.workflow(id)
    }

    /// Returns a [`List`](crate::List) of the workflows, with optional filters.
    pub fn list(&self) -> ListWorkflows {
        self.client.api().list_workflows()
    }
}
