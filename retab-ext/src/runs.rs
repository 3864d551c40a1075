//! The runs of all workflows.

use std::fmt;

use crate::client::Client;
use crate::id::RunId;
use crate::run::RunHandle;

/// The runs of all workflows, from [`Client::runs`].
#[derive(Clone)]
pub struct Runs {
    client: Client,
}

impl Runs {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The run of this id, such as one that was stored; it is not read.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let run = client.runs().handle("run_abc123xyz");
    /// println!("{}", run.wait().await?.run().status());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn handle(&self, id: impl Into<RunId>) -> RunHandle {
        RunHandle::new(self.client.clone(), id.into())
    }
}

impl fmt::Debug for Runs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runs").finish_non_exhaustive()
    }
}
