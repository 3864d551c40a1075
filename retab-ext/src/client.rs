//! The client.

mod builder;
mod http;

use std::fmt;

pub use builder::ClientBuilder;

use crate::clock::Clock;
use crate::error::Error;
use crate::files::Files;
use crate::id::{RunId, WorkflowId};
use crate::options::CallOptions;
use crate::run::{Run, RunRequest};
use crate::runs::Runs;
use crate::transport::StorageTransport;
use crate::workflow::WorkflowHandle;

/// The client of the service.
///
/// ```no_run
/// use retab_ext::Client;
///
/// let client = Client::from_env()?;
/// # let _ = client;
/// # Ok::<(), retab_ext::Error>(())
/// ```
///
/// A clone is cheap, and shares the connections and the budget of retries. A call is given up when no byte has moved for
/// 300 s; as a whole it has no time limit unless one is set, so that a long upload is not cut off. No redirect is
/// followed, so that the key stays with the service.
#[derive(Clone)]
pub struct Client {
    api: retab_api::Client,
    storage: StorageTransport,
}

impl Client {
    /// A client with the key in `RETAB_API_KEY` and, where `RETAB_API_BASE_URL` is set, with that base URL.
    ///
    /// # Errors
    /// Of the kind [`Configuration`](crate::ErrorKind::Configuration) where the key is missing or either is malformed.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }

    /// A client from settings in code.
    ///
    /// ```
    /// use retab_ext::Client;
    ///
    /// let client = Client::builder()
    ///     .api_key("rt_test_example")
    ///     .base_url("http://127.0.0.1:8080")
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), retab_ext::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// The same client with other options for its calls: what `options` leaves unset stays as it is.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use std::time::Duration;
    /// use retab_ext::CallOptions;
    ///
    /// let quick = client.with(CallOptions::new().timeout(Duration::from_secs(5)));
    /// println!("{}", quick.get_run("run_abc123xyz").await?.status());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with(&self, options: CallOptions) -> Self {
        Self {
            api: self.api.with(options.into_api()),
            ..self.clone()
        }
    }

    /// Starts to describe a new run of a workflow.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Document;
    ///
    /// let run = client
    ///     .run("wf_abc123xyz")
    ///     .document("start_document-block-1", Document::path("invoice.pdf"))
    ///     .send()
    ///     .await?;
    /// println!("{} is {}", run.id(), run.status());
    /// # Ok(())
    /// # }
    /// ```
    pub fn run(&self, workflow_id: impl Into<WorkflowId>) -> RunRequest {
        RunRequest::new(self.clone(), workflow_id.into())
    }

    /// The run of this id, as it stands now.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let run = client.get_run("run_abc123xyz").await?;
    /// println!("{} is {}", run.id(), run.status());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) where there is no such run.
    pub async fn get_run(&self, id: impl Into<RunId>) -> Result<Run, Error> {
        self.runs().handle(id).get().await
    }

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

    /// The runs of all workflows: by their id, in a list, as a table.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// let outcome = client.runs().handle("run_abc123xyz").wait().await?;
    /// println!("{}", outcome.run().status());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn runs(&self) -> Runs {
        Runs::new(self.clone())
    }

    /// The files that are stored with the service: to upload and to download.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_ext::Error> {
    /// use retab_ext::Document;
    ///
    /// let stored = client.files().upload(Document::path("catalogue.pdf")).send().await?;
    /// println!("{} is {}", stored.name(), stored.id());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn files(&self) -> Files {
        Files::new(self.clone())
    }

    /// The generated client, which has every operation of the service, over the same transport.
    ///
    /// ```
    /// # async fn demo(client: retab_ext::Client) -> Result<(), retab_api::Error> {
    /// let runs = client.api().list_workflow_runs().limit(10).send().await?;
    /// println!("{} runs", runs.data.len());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn api(&self) -> &retab_api::Client {
        &self.api
    }

    /// The way to upload and download URLs: with the connection settings, retries and timeouts of this client, and none of
    /// its headers.
    pub(crate) fn storage(&self) -> &StorageTransport {
        &self.storage
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.storage.carrier.clock
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("api", &self.api)
            .finish_non_exhaustive()
    }
}
